"""Closed lists of the notifications app."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AccountKind(StrEnum):
    """Kinds of messages about organisations and their members."""

    MEMBER_INVITED = "member_invited"
    ORGANISATION_SUBMITTED = "organisation_submitted"
    ORGANISATION_APPROVED = "organisation_approved"
    ORGANISATION_RETURNED = "organisation_returned"


class Topic(TextChoices):
    """What a message is about; people choose per topic how to hear of it."""

    SECURITY = "security", _("Sign-in and security")
    ACCOUNT = "account", _("Your organisation and its members")
    MATCH = "match", _("Matches")
    PAPER = "paper", _("Papers and certificates")
    FAIR = "fair", _("Fairs and meetings")


class Choice(TextChoices):
    """How a person wants to hear of a topic by e-mail."""

    NOW = "now", _("At once")
    DAILY = "daily", _("Once a day, at 7 in the morning")
    OFF = "off", _("Not by e-mail")


class Via(TextChoices):
    """Through which door a preference was set."""

    PORTAL = "portal", _("Portal")
    ONE_CLICK = "one_click", _("Unsubscribe link")


class MailState(TextChoices):
    """States of one mail on its way; the transitions are in docs/decisions/0009-mail-ledger.md."""

    QUEUED = "queued", _("Queued")  # → claimed
    CLAIMED = "claimed", _("Being prepared")  # → handing, queued, expired, suppressed, dead
    HANDING = "handing", _("Being handed over")  # → sent, queued, dead, uncertain
    UNCERTAIN = "uncertain", _("Unclear whether it was accepted")  # → sent, queued, held, dead
    HELD = "held", _("Held for a person")  # → queued, sent
    SENT = "sent", _("Sent")
    SUPPRESSED = "suppressed", _("Not wanted by the recipient")
    EXPIRED = "expired", _("No longer relevant")
    DEAD = "dead", _("Given up")


OPEN_STATES = (
    MailState.QUEUED,
    MailState.CLAIMED,
    MailState.HANDING,
    MailState.UNCERTAIN,
    MailState.HELD,
)


class SuppressionReason(TextChoices):
    """Why an address gets no mail at all."""

    BOUNCE = "bounce", _("Mail came back")
    COMPLAINT = "complaint", _("Reported as spam")
    ADMIN = "admin", _("Stopped by an administrator")
