"""When border gates let goods pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from django.db.models import Q, QuerySet

from core.places.distance import GateDay
from core.places.enums import GateStatus, NodeKind
from core.places.models import GateSchedule, RoadNode

GATE_KINDS: Final = (NodeKind.BORDER_GATE, NodeKind.BORDER_OPENING)


def gates() -> QuerySet[RoadNode]:
    """Return the border gates and openings, by name."""
    return RoadNode.objects.filter(kind__in=GATE_KINDS).order_by("name")


def schedules_on(day: dt.date) -> QuerySet[GateSchedule]:
    """Return the schedules in force on a day, at most one for each gate."""
    return GateSchedule.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def schedules_of(node_id: int) -> QuerySet[GateSchedule]:
    """Return a gate's schedules, the newest first."""
    return GateSchedule.objects.filter(node=node_id).order_by("-valid_from")


def opening_of(node_id: int) -> Callable[[dt.date], GateDay]:
    """Return a function that tells how a gate opens on a day.

    A gate without a schedule for the day counts as open: unknown is not closed.
    """
    rows = list(schedules_of(node_id))

    def on(day: dt.date) -> GateDay:
        for row in rows:
            if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to):
                return gate_day(row, day=day)
        return GateDay(is_open=True)

    return on


def gate_day(schedule: GateSchedule, *, day: dt.date) -> GateDay:
    """Return how a gate opens on a day of its schedule; no weekdays given means all."""
    works = not schedule.weekdays or day.isoweekday() in schedule.weekdays
    is_open = schedule.status == GateStatus.OPEN and works
    return GateDay(is_open, schedule.opens_at, schedule.closes_at)
