"""Reading fairs, their phases, deadlines and participations."""

from __future__ import annotations

from fairs.selectors.deadlines import Deadline, Rule, checklist, next_deadline, rule_of
from fairs.selectors.fairs import (
    announced_fairs,
    calendar_of,
    calls_for,
    fairs_of,
    fairs_of_provinces,
    own_fairs,
    visible_to,
    with_places,
)
from fairs.selectors.history import Entry, history_of
from fairs.selectors.packets import (
    application_handing,
    application_packet,
    application_place,
    application_subjects,
    shared_until,
)
from fairs.selectors.participations import (
    Places,
    applications_to_fair,
    counts_by_status,
    exhibitors_of,
    own_participations,
    participations_concerned,
    places_of,
    with_details,
)
from fairs.selectors.phases import MOVES, Step, next_steps, unmet

__all__ = [
    "MOVES",
    "Deadline",
    "Entry",
    "Places",
    "Rule",
    "Step",
    "announced_fairs",
    "application_handing",
    "application_packet",
    "application_place",
    "application_subjects",
    "applications_to_fair",
    "calendar_of",
    "calls_for",
    "checklist",
    "counts_by_status",
    "exhibitors_of",
    "fairs_of",
    "fairs_of_provinces",
    "history_of",
    "next_deadline",
    "next_steps",
    "own_fairs",
    "own_participations",
    "participations_concerned",
    "places_of",
    "rule_of",
    "shared_until",
    "unmet",
    "visible_to",
    "with_details",
    "with_places",
]
