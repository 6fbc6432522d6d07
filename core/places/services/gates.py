"""Setting when border gates let goods pass."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.kernel.errors import InvalidInputError
from core.outbox import outbox
from core.places.enums import Confidence, GateStatus
from core.places.events import GateStatusChanged
from core.places.models import GateSchedule, RoadNode
from core.places.selectors.gates import GATE_KINDS

ONE_DAY: Final = dt.timedelta(days=1)
_SAME: Final = ("status", "opens_at", "closes_at", "weekdays", "source", "confidence", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class GateHours:
    """How a gate opens from a day on, up to `valid_to` (None: until further notice)."""

    status: GateStatus
    valid_from: dt.date
    valid_to: dt.date | None = None
    opens_at: dt.time | None = None
    closes_at: dt.time | None = None
    weekdays: tuple[int, ...] = ()


@transaction.atomic
def set_gate_hours(*, gate_id: int, hours: GateHours, reason: str, source: str) -> GateSchedule:
    """Set how a gate opens in a span of days; what was said of other days stays.

    A span inside an older one divides it, so that after a day's early closing the old hours
    hold again.

    Args:
        gate_id: Road node of the gate.
        hours: The new hours.
        reason: Why, for whoever reads the history.
        source: Who says so: the gate's notice, a phone call.

    Raises:
        RoadNode.DoesNotExist: No such gate.
        InvalidInputError: Days or hours in the wrong order.

    Emits:
        GateStatusChanged, in the same transaction.
    """
    _check(hours)
    gate = RoadNode.objects.select_for_update(no_key=True).get(pk=gate_id, kind__in=GATE_KINDS)
    rows = list(gate.schedules.select_for_update(no_key=True))
    version = max((row.version for row in rows), default=0) + 1
    for row in rows:
        _make_room(row, hours, version=version)
    schedule = GateSchedule.objects.create(
        node=gate,
        status=hours.status,
        opens_at=hours.opens_at,
        closes_at=hours.closes_at,
        weekdays=sorted(hours.weekdays),
        valid_from=hours.valid_from,
        valid_to=hours.valid_to,
        reason=reason,
        source=source,
        confidence=Confidence.SECONDARY,
        version=version,
        by_hand=True,
    )
    outbox.append(
        GateStatusChanged(
            gate_id=gate.pk,
            version=version,
            status=GateStatus(hours.status).value,
            first_date=hours.valid_from,
            until_date=hours.valid_to,
        )
    )
    return schedule


def _check(hours: GateHours) -> None:
    errors: dict[str, list[str]] = {}
    if hours.valid_to and hours.valid_to < hours.valid_from:
        errors["valid_to"] = [_("The last day lies before the first one.")]
    if (hours.opens_at is None) != (hours.closes_at is None):
        errors["closes_at"] = [_("Give both hours, or none for a gate open round the clock.")]
    elif hours.opens_at and hours.closes_at and hours.opens_at >= hours.closes_at:
        errors["closes_at"] = [_("The gate must close after it opens.")]
    if not set(hours.weekdays) <= set(range(1, 8)):
        errors["weekdays"] = [_("Choose days of the week.")]
    if errors:
        raise InvalidInputError(_("Check the days and hours."), errors)


def _make_room(row: GateSchedule, hours: GateHours, *, version: int) -> None:
    """Take the days of `hours` out of an older schedule: shorten, divide or delete it."""
    last = hours.valid_to or dt.date.max
    row_last, resumes_to = row.valid_to or dt.date.max, row.valid_to
    if row_last < hours.valid_from or row.valid_from > last:
        return
    if row.valid_from < hours.valid_from:
        row.valid_to = hours.valid_from - ONE_DAY
        row.version, row.by_hand = version, True
        row.save(update_fields=["valid_to", "version", "by_hand", "updated_at"])
    else:
        row.delete()
    if row_last > last:
        GateSchedule.objects.create(
            node_id=row.node_id,
            valid_from=last + ONE_DAY,
            valid_to=resumes_to,
            version=version,
            by_hand=True,
            **{name: getattr(row, name) for name in _SAME},
        )
