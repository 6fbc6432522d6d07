"""Closed lists of the accounts app."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationKind(TextChoices):
    """Legal kind; it decides which tax code and papers to expect."""

    ENTERPRISE = "enterprise", _("Enterprise")
    COOPERATIVE = "cooperative", _("Cooperative")
    HOUSEHOLD = "household", _("Household business")
    CHAIN = "chain", _("Distribution chain")
    HOSPITALITY = "hospitality", _("Restaurant, hotel or caterer")
    TRADER = "trader", _("Trader or export hub")
    ORGANISER = "organiser", _("Fair organiser")


class OrganisationStatus(TextChoices):
    """draft → submitted → approved | returned; a returned one may be submitted again."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned for changes")


class Role(TextChoices):
    """What a member may do for the organisation."""

    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    VIEWER = "viewer", _("Viewer")


class Sector(TextChoices):
    """Which department an officer sits in."""

    TRADE = "trade", _("Industry and trade")
    AGRICULTURE = "agriculture", _("Agriculture and environment")


class ClaimStatus(TextChoices):
    """How a tax-code claim stands; many may claim a code, one holds it."""

    HELD = "held", _("Held")
    QUEUED = "queued", _("Waiting for the officer")
    REFUSED = "refused", _("Refused")
    RELEASED = "released", _("Released")


class ConsentPurpose(TextChoices):
    """What a person agreed to; each is asked for apart and never pre-ticked."""

    TERMS = "terms", _("Terms of use")
    PERSONAL_DATA = "personal_data", _("Processing of my personal data to run the service")
    CONTACT_SHARING = "contact_sharing", _("Showing my contact data once both sides accept a match")
    MATCH_MAIL = "match_mail", _("E-mail about new matches")


class ApiScope(TextChoices):
    """What an API key may do."""

    READ = "read", _("Read")
    WRITE = "write", _("Publish and change offers and requests")
    DECIDE = "decide", _("Accept or decline matches")
