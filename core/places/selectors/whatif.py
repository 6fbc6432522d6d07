"""What a change of a link would do to the ways, before anybody makes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from core.kernel import clock
from core.places.distance import Link, TravelMatrix
from core.places.enums import LinkStatus, NodeKind
from core.places.models import RoadLink, RoadNode
from core.places.selectors.ways import as_links, matrix_of, node_ids, open_links

_SAME_HOURS = 1e-6
_SHOWN = 5
_LOST_HOURS = 1e9  # a way lost or won weighs more than any longer one; short ones first


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChange:
    """The links in use on the day a change counts from, without and with it."""

    day: dt.date
    before: list[Link]
    after: list[Link]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayChange:
    """A way between two places as it is and as it would be, in tenths; None: no way."""

    start: str
    end: str
    before_hours: float | None
    after_hours: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WayChanges:
    """How many ways a change touches, and those between towns that it touches most."""

    count: int
    of: int
    most: tuple[WayChange, ...]


def change_of(link: RoadLink, *, status: LinkStatus, opens_on: dt.date | None) -> LinkChange:
    """Return what would be in use, on the day from which it would be another thing."""
    day = max(clock.today(), *(one for one in (opens_on, link.opens_on) if one), clock.today())
    before = open_links(day)
    is_used = status == LinkStatus.OPEN and (opens_on is None or opens_on <= day)
    others = as_links(before.exclude(pk=link.pk))
    own = as_links(RoadLink.objects.filter(pk=link.pk)) if is_used else []
    return LinkChange(day=day, before=as_links(before), after=[*others, *own])


def ways_changed(change: LinkChange) -> WayChanges:
    """Return which fastest ways would become others."""
    nodes = node_ids()
    before = matrix_of(change.before, nodes=nodes)
    after = matrix_of(change.after, nodes=nodes)
    differs = np.triu(~np.isclose(before.hours, after.hours, rtol=0.0, atol=_SAME_HOURS))
    return WayChanges(
        count=int(differs.sum()),
        of=len(nodes) * (len(nodes) - 1) // 2,
        most=tuple(_most(before, after, differs)),
    )


def _most(
    before: TravelMatrix,
    after: TravelMatrix,
    differs: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
) -> list[WayChange]:
    towns = RoadNode.objects.exclude(kind=NodeKind.AIRPORT)
    names = dict(towns.values_list("pk", "name"))
    pairs = [
        (row, column)
        for row, column in np.argwhere(differs).tolist()
        if before.node_ids[row] in names and before.node_ids[column] in names
    ]
    pairs.sort(key=lambda pair: (-_gap(before, after, *pair), pair))
    return [
        WayChange(
            start=names[before.node_ids[row]],
            end=names[before.node_ids[column]],
            before_hours=_finite(before.hours[row, column]),
            after_hours=_finite(after.hours[row, column]),
        )
        for row, column in pairs[:_SHOWN]
    ]


def _gap(before: TravelMatrix, after: TravelMatrix, row: int, column: int) -> float:
    old, new = float(before.hours[row, column]), float(after.hours[row, column])
    gap = abs(new - old)
    return gap if np.isfinite(gap) else _LOST_HOURS - min(old, new)


def _finite(hours: float) -> float | None:
    return round(float(hours), 1) if np.isfinite(hours) else None
