"""Closed lists of the buyers app."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OutletKind(TextChoices):
    """Where goods are sold or received."""

    STORE = "store", _("Store")
    DISTRIBUTION_CENTRE = "distribution_centre", _("Distribution centre")
    PLATFORM = "platform", _("Fresh-produce platform")
    KITCHEN = "kitchen", _("Kitchen or canteen")
    WAREHOUSE = "warehouse", _("Warehouse")


class RequestStatus(TextChoices):
    """draft → published ⇄ (revised) → closed | expired; closed → published again."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed")
    EXPIRED = "expired", _("Expired")


class QuantityPeriod(TextChoices):
    """Over which time the requested quantity is meant."""

    TOTAL = "total", _("in total")
    WEEK = "week", _("each week")
    MONTH = "month", _("each month")


class RepeatAfter(TextChoices):
    """How far the window of a repeated request moves on."""

    OWN_LENGTH = "length", _("right after this window")
    WEEK = "week", _("one week later")
    MONTH = "month", _("one month later")


class ProfileStatus(TextChoices):
    """draft → published → superseded; a published version never changes."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Replaced")


class SalesChannel(TextChoices):
    """The way into a chain; each may ask for something else."""

    STORE = "store", _("Single store")
    REGIONAL = "regional", _("Stores of a region")
    VIA_VENDOR = "via_vendor", _("Through a vendor of the chain")
    NATIONAL = "national", _("The whole network")
    EXPORT = "export", _("Export")


class Confidence(TextChoices):
    """How sure we are of a figure or a requirement."""

    CONFIRMED = "confirmed", _("Confirmed")
    SECONDARY = "secondary", _("From reports")
    UNVERIFIED = "unverified", _("Not verified")
