"""Closed lists of the vault."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ContentKind(TextChoices):
    """What a document is, as its holder says; dossiers look for it by this."""

    PAPER = "paper", _("Certificate or other paper")
    BUSINESS = "business", _("Business registration")
    FORM = "form", _("Filled-in form")
    PLAN = "plan", _("Business plan")
    ORGANISATION = "organisation", _("How the business is organised")
    STANDARD = "standard", _("Product standard")
    TEST_REPORT = "test_report", _("Test report")
    TRADEMARK = "trademark", _("Trademark")
    LABEL = "label", _("Label or packaging")
    ORIGIN = "origin", _("Origin of the raw material")
    ENVIRONMENT = "environment", _("Care for the environment")
    CONTROL = "control", _("Quality control plan")
    ACCOUNTS = "accounts", _("Accounts")
    MARKET = "market", _("Contracts and sales")
    STORY = "story", _("Product story")
    PHOTO = "photo", _("Photo")
    PRIZE = "prize", _("Prize or praise")
    OTHER = "other", _("Something else")


class PacketCode(TextChoices):
    """Which dossiers there are."""

    OCOP = "ocop", _("OCOP dossier")
    FAIR = "fair", _("Fair application")
    CHAIN = "chain", _("Dossier for a chain")
