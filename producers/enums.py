"""Closed lists of the producers app."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.catalogue.enums import Market, PaperKind

__all__ = [
    "DeskObstacle",
    "DeskOutcome",
    "DeskReason",
    "DeskStep",
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


class DeskStep(TextChoices):
    """What an officer does to one or many papers at once."""

    VERIFY = "verify", _("Verify")
    RETURN = "return", _("Return")
    SUSPEND = "suspend", _("Suspend")
    REVOKE = "revoke", _("Propose to revoke")


class DeskOutcome(TextChoices):
    """What became of one paper of a decision."""

    DONE = "done", _("Done")
    PROPOSED = "proposed", _("Proposed to a second officer")
    LEFT_OUT = "left_out", _("Left as it was")


class DeskObstacle(TextChoices):
    """Why a paper was left as it was."""

    CHANGED = "changed", _("It has changed since you saw it. Look at it again.")
    STATE = "state", _("Its status does not allow this step.")
    PROPOSAL = "proposal", _("It waits for a second officer already.")
    NO_FILE = "no_file", _("There is no file and no link to check. Open it by itself.")
    ODD = "odd", _("Something about it looks odd. Open it by itself.")
    NOT_YOURS = "not_yours", _("It is not yours to decide.")


class DeskReason(TextChoices):
    """Why a paper is returned, suspended or revoked; which step knows which stands beside it."""

    UNREADABLE = "unreadable", _("The scan cannot be read")
    INCOMPLETE = "incomplete", _("Pages, stamp or signature are missing")
    WRONG_FILE = "wrong_file", _("The file is a different paper")
    MISMATCH = "mismatch", _("What was typed differs from the file")
    OTHER_HOLDER = "other_holder", _("The paper was issued to somebody else")
    RUN_OUT = "run_out", _("The paper has run out")
    NOT_IN_REGISTER = "not_in_register", _("The issuer's register does not know it")
    UNDER_REVIEW = "under_review", _("The issuer is looking into it")
    INSPECTION = "inspection", _("An inspection found faults")
    WITHDRAWN = "withdrawn", _("The issuer has withdrawn it")
    FORGED = "forged", _("The paper is not genuine")
    CEASED = "ceased", _("The business or the area no longer meets the conditions")
    OTHER = "other", _("Another reason")
