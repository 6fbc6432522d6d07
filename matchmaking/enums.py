"""Closed lists of the matchmaking app."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MatchStatus(TextChoices):
    """proposed → agreed (both accepted) | declined (either) | suspended ⇄ proposed | ended.

    A suspended match was eligible once and is not now (a paper revoked, a price changed); it
    comes back as it stood when the reason clears. An ended one lost its offer or request.
    """

    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Both accepted")
    DECLINED = "declined", _("Declined")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")


class Side(TextChoices):
    """Which side of a match somebody speaks for."""

    PRODUCER = "producer", _("Producer")
    BUYER = "buyer", _("Buyer")


class Verdict(TextChoices):
    """What one side said; pending until it speaks."""

    PENDING = "pending", _("Not answered yet")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class DeclineReason(TextChoices):
    """Why a side declined; counted, so that support can follow."""

    PRICE = "price", _("The price does not fit")
    QUANTITY = "quantity", _("The quantity does not fit")
    TIME = "time", _("The time does not fit")
    QUALITY = "quality", _("Quality or specification")
    PAPERS = "papers", _("Papers are missing")
    DISTANCE = "distance", _("Too far or transport too dear")
    TERMS = "terms", _("Payment or delivery terms")
    KNOWN_PARTNER = "known_partner", _("We already work with somebody")
    OTHER = "other", _("Another reason")


class Channel(TextChoices):
    """How a decision reached us."""

    PORTAL = "portal", _("Portal")
    MAIL_LINK = "mail_link", _("Link in an e-mail")
    API = "api", _("API")


class ShownBy(TextChoices):
    """What showed a match to one side."""

    PORTAL = "portal", _("Portal")
    MAIL = "mail", _("E-mail")
    API = "api", _("API")
