"""Closed lists of the producers app."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OfferStatus(TextChoices):
    """draft → published ⇄ (revised) → withdrawn | expired; withdrawn → published again."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class PaperKind(TextChoices):
    """What a paper proves. The order is the order on pages; the engine's bits follow it."""

    OCOP_AWARD = "ocop_award", _("OCOP award")
    FOOD_SAFETY = "food_safety", _("Food-safety certificate")
    SELF_DECLARATION = "self_declaration", _("Product self-declaration")
    VIETGAP = "vietgap", _("VietGAP")
    GLOBALGAP = "globalgap", _("GlobalG.A.P.")
    ORGANIC = "organic", _("Organic")
    HACCP = "haccp", _("HACCP")
    ISO_22000 = "iso_22000", _("ISO 22000")
    HALAL = "halal", _("Halal")
    GROWING_AREA_CODE = "growing_area_code", _("Growing-area code")
    PACKING_FACILITY_CODE = "packing_facility_code", _("Packing-facility code")
    TRACE_LINK = "trace_link", _("Traceability link")
    CNNT = "cnnt", _("Typical rural industrial product")


class PaperStatus(TextChoices):
    """submitted → verified | returned; verified → suspended | revoked; suspended → verified.

    Expiry is not a state: a verified paper is valid from its first to its last day.
    """

    SUBMITTED = "submitted", _("Waiting for verification")
    RETURNED = "returned", _("Returned for changes")
    VERIFIED = "verified", _("Verified")
    SUSPENDED = "suspended", _("Suspended")
    REVOKED = "revoked", _("Revoked")


class EvidenceGrade(TextChoices):
    """How far a paper may be trusted."""

    DOCUMENT = "A", _("Document checked")
    REGISTER = "B", _("Found in the register")
    CLAIM = "D", _("Claimed by the holder")


class Market(TextChoices):
    """Where goods under a growing-area or packing code may go."""

    DOMESTIC = "VN", _("Việt Nam")
    CHINA = "CN", _("China")
    JAPAN = "JP", _("Japan")
    KOREA = "KR", _("Korea")
    EU = "EU", _("European Union")
    USA = "US", _("United States")
    AUSTRALIA = "AU", _("Australia and New Zealand")
