"""Closed lists of the fairs app."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FairKind(TextChoices):
    """What sort of trade-promotion happening it is."""

    OCOP_FAIR = "ocop_fair", _("OCOP fair")
    SUPPLY_DEMAND_CONFERENCE = "supply_demand_conference", _("Supply–demand conference")
    PRODUCT_WEEK = "product_week", _("Product week")
    CUSTOMS_DIALOGUE = "customs_dialogue", _("Customs dialogue")
    HARVEST_FESTIVAL = "harvest_festival", _("Harvest festival")
    ONLINE = "online", _("Online fair")


class FairPhase(TextChoices):
    """planned → registered → calling ⇄ reviewing → running → closed → reported; or cancelled.

    A phase names the gate that is open. `cancelled` is possible before running.
    """

    PLANNED = "planned", _("Planned")
    REGISTERED = "registered", _("Registered")
    CALLING = "calling", _("Open for applications")
    REVIEWING = "reviewing", _("Choosing exhibitors")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed")
    REPORTED = "reported", _("Reported")
    CANCELLED = "cancelled", _("Cancelled")


# Which known status a phase looks like (core.web.tones).
PHASE_LOOKS: Final = {
    FairPhase.REGISTERED.value: "planned",
    FairPhase.CALLING.value: "open",
    FairPhase.REVIEWING.value: "reviewed",
    FairPhase.REPORTED.value: "done",
}
BEFORE_RUNNING: Final = (
    FairPhase.PLANNED,
    FairPhase.REGISTERED,
    FairPhase.CALLING,
    FairPhase.REVIEWING,
)
# Kinds where people come to talk, not to show goods.
WITHOUT_PRODUCTS: Final = frozenset({FairKind.CUSTOMS_DIALOGUE.value})


class ParticipationStatus(TextChoices):
    """submitted → approved | returned | declined; returned → submitted; any → withdrawn."""

    SUBMITTED = "submitted", _("Waiting for the organiser")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned for changes")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


STILL_CONCERNED: Final = (
    ParticipationStatus.SUBMITTED,
    ParticipationStatus.APPROVED,
    ParticipationStatus.RETURNED,
)


class DeadlineCode(TextChoices):
    """What the law or good practice asks of an organiser by a day."""

    REGISTER = "register", _("Register the fair with the Department of Industry and Trade")
    CHANGE = "change", _("Last day to announce changes to the department")
    LINE_UP = "line_up", _("Decide on all applications")
    REPORT = "report", _("Report the results to the department")


class DeadlineAnchor(TextChoices):
    """From which day of the fair a deadline is counted."""

    OPENS = "opens", _("opening")
    CLOSES = "closes", _("closing")


class KeptBy(TextChoices):
    """Who says that a deadline was kept."""

    HAND = "hand", _("The organiser records it")
    SERVICE = "service", _("Seen from the applications")
    NOBODY = "nobody", _("For your information")


class Confidence(TextChoices):
    """How sure a rule is."""

    CONFIRMED = "confirmed", _("Confirmed by a public source")
    UNVERIFIED = "unverified", _("General knowledge, please check")
    JUDGEMENT = "judgement", _("Good practice, not a law")


class DeadlineState(TextChoices):
    """How a deadline stands today."""

    EARLY = "early", _("Not yet")
    OPEN = "open", _("To do")
    LATE = "late", _("Late")
    DONE = "done", _("Done")
    INFO = "info", _("For your information")
    PAST = "past", _("Passed")
