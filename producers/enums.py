"""Closed lists of the producers app."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.catalogue.enums import Market, PaperKind

__all__ = [
    "EvidenceGrade",
    "Market",
    "OfferStatus",
    "PaperKind",
    "PaperStatus",
    "Platform",
    "ProposalState",
    "ProposalStep",
    "Purpose",
    "RegistryOutlook",
    "RegistrySource",
    "RegistrySubject",
    "RegistryTake",
    "RegistryVerdict",
    "StorefrontStage",
]


class OfferStatus(TextChoices):
    """draft → published ⇄ (revised) → withdrawn | expired; withdrawn → published again."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class PaperStatus(TextChoices):
    """submitted → verified | returned; verified → suspended | expired; either → revoked.

    A suspended one may be verified again. A verified paper counts from its first to its last
    day in Việt Nam, whatever is stored; the daily job writes "expired" on the day after.
    """

    SUBMITTED = "submitted", _("Waiting for verification")
    RETURNED = "returned", _("Returned for changes")
    VERIFIED = "verified", _("Verified")
    SUSPENDED = "suspended", _("Suspended")
    REVOKED = "revoked", _("Revoked")
    EXPIRED = "expired", _("Expired")


class ProposalStep(TextChoices):
    """What one officer proposes and a second one of the same province confirms."""

    VERIFY = "verify", _("Verify")
    REVOKE = "revoke", _("Revoke")


class ProposalState(TextChoices):
    """waiting → confirmed | refused by the second officer | undone by the first | lapsed."""

    WAITING = "waiting", _("Waiting for a second officer")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")
    UNDONE = "undone", _("Taken back")
    LAPSED = "lapsed", _("Overtaken by another step")


class EvidenceGrade(TextChoices):
    """How far a paper may be trusted."""

    DOCUMENT = "A", _("Document checked")
    REGISTER = "B", _("Found in the register")
    BOTH = "C", _("Confirmed by both parties")
    CLAIM = "D", _("Claimed by the holder")


class Purpose(TextChoices):
    """What a growing-area or packing code is for; its market says which."""

    DOMESTIC = "domestic", _("For the domestic market")
    EXPORT = "export", _("For export")


class Platform(TextChoices):
    """Where a producer keeps a shop."""

    POSTMART = "postmart", _("Postmart (Sàn OCOP)")
    SHOPEE = "shopee", "Shopee"
    LAZADA = "lazada", "Lazada"
    TIKI = "tiki", "Tiki"
    FADO = "fado", "Fado"
    AMAZON = "amazon", "Amazon"
    OTHER = "other", _("Another platform")


class StorefrontStage(TextChoices):
    """How far a shop has come: account → activated → operating."""

    ACCOUNT = "account", _("Account opened")
    ACTIVATED = "activated", _("Activated")
    OPERATING = "operating", _("Operating")


class RegistrySource(TextChoices):
    """Who keeps a register that officers compare with the portal."""

    POSTMART = "postmart", _("Postmart (Sàn OCOP)")
    OCOP_REGISTER = "ocop", _("OCOP decisions of the province")
    OCOPVIETNAM = "ocopvn", _("ocopvietnam.gov.vn")
    QN_CHECK = "qncheck", _("qn.check.net.vn")
    OTHER = "other", _("Another register")


class RegistrySubject(TextChoices):
    """What one row of a register stands for; products and shops are never added up."""

    PRODUCTS = "products", _("Products")
    SHOPS = "shops", _("Shops or accounts")


class RegistryOutlook(TextChoices):
    """What comparing an entry with the portal came to; a person decides."""

    PENDING = "pending", _("Being compared")
    CERTAIN = "certain", _("Certain")
    UNCERTAIN = "uncertain", _("Uncertain")
    CONFLICT = "conflict", _("Contradiction")
    NONE = "none", _("Not found")


class RegistryVerdict(TextChoices):
    """What a person said of an entry."""

    SAME = "same", _("The same")
    APART = "apart", _("Not on the portal")
    CONFLICT = "conflict", _("To be cleared up")


class RegistryTake(TextChoices):
    """What of a linked entry may become a claim of the producer, one by one."""

    AWARD = "award", _("OCOP award")
    STOREFRONT = "storefront", _("Shop on a platform")
    TRACE_LINK = "trace_link", _("Traceability link")
