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
]


class OfferStatus(TextChoices):
    """draft → published ⇄ (revised) → withdrawn | expired; withdrawn → published again."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


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
