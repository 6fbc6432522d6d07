"""From driving hours to hours from door to door: breaks, nights, ferries, loading, gates."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

_DAYS_LOOKED_AHEAD: Final = 370
_HOUR: Final = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverRest:
    """How long one driver may drive.

    Source:
        Luật 36/2024/QH15 Điều 64: at most 4 hours in a row, 10 hours a day. Length of the break
        and of the night: docs/decisions/0007-criteria-and-weights.md, estimates.
    """

    stretch_hours: float = 4.0
    pause_hours: float = 0.25
    day_hours: float = 10.0
    night_hours: float = 8.0


class Leg(NamedTuple):
    """One part of a way: driven, or waited for and crossed by ferry."""

    hours: float
    is_ferry: bool = False


class GateDay(NamedTuple):
    """When a gate lets goods pass on one day; both None: round the clock."""

    is_open: bool
    opens_at: dt.time | None = None
    closes_at: dt.time | None = None


class TripPart(NamedTuple):
    """Hours of one kind: driving, ferry, breaks, nights, loading or gate."""

    kind: str
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TripPlan:
    """Hours from door to door with what they are made of.

    `arrives_at` is known when the departure was. A gate that stays shut as far as is known gives
    infinite hours.
    """

    hours: float
    parts: tuple[TripPart, ...]
    arrives_at: dt.datetime | None = None

    def hours_of(self, kind: str) -> float:
        """Return the hours of one kind, 0 when it does not occur."""
        return sum(part.hours for part in self.parts if part.kind == kind)


Opening = Callable[[dt.date], GateDay]


def plan_trip(
    legs: Sequence[Leg],
    *,
    loading_hours: float,
    rest: DriverRest | None = None,
    departs_at: dt.datetime | None = None,
    gate: Opening | None = None,
) -> TripPlan:
    """Return the hours a trip takes with everything that is not driving.

    A driver's breaks and nights follow from the hours driven, not from those on a ferry. Loading
    and unloading lie at the ends; a gate's wait lies before unloading.

    Args:
        legs: The way, in order.
        loading_hours: Loading and unloading together.
        rest: Limits of one driver; the law's by default.
        departs_at: When loading begins, aware; only needed with a gate.
        gate: Tells how a gate at the end of the way opens on a day, in `departs_at`'s zone.
    """
    limits = rest or DriverRest()
    driving = sum(leg.hours for leg in legs if not leg.is_ferry)
    parts = [
        TripPart("driving", driving),
        TripPart("ferry", sum(leg.hours for leg in legs if leg.is_ferry)),
        TripPart("breaks", _times(driving, limits.stretch_hours) * limits.pause_hours),
        TripPart("nights", _times(driving, limits.day_hours) * limits.night_hours),
        TripPart("loading", loading_hours),
    ]
    if departs_at is not None and gate is not None:
        reaches_at = departs_at + _HOUR * (sum(part.hours for part in parts) - loading_hours / 2)
        parts.append(TripPart("gate", _wait_hours(reaches_at, gate)))
    hours = sum(part.hours for part in parts)
    knows_arrival = departs_at is not None and math.isfinite(hours)
    return TripPlan(
        hours=hours,
        parts=tuple(part for part in parts if part.hours),
        arrives_at=departs_at + _HOUR * hours if departs_at and knows_arrival else None,
    )


def _times(driving: float, limit: float) -> int:
    """Return how often the driver must stop: the last stretch ends at the door."""
    return max(math.ceil(driving / limit) - 1, 0)


def _wait_hours(reaches_at: dt.datetime, gate: Opening) -> float:
    for opens, closes in _openings(reaches_at, gate):
        if closes > reaches_at:
            return max((opens - reaches_at) / _HOUR, 0.0)
    return math.inf


def _openings(since: dt.datetime, gate: Opening) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Yield beginning and end of each opening, in order; a gate closes at its hour, sharp."""
    for ahead in range(_DAYS_LOOKED_AHEAD):
        day = since.date() + dt.timedelta(days=ahead)
        state = gate(day)
        if state.is_open:
            yield (
                dt.datetime.combine(day, state.opens_at or dt.time.min, since.tzinfo),
                dt.datetime.combine(day, state.closes_at, since.tzinfo)
                if state.closes_at
                else dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, since.tzinfo),
            )
