"""Ways by lorry: how places reach the road network, and how long trips take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, Max, Q, QuerySet

from core.kernel import clock
from core.places.distance import Stretch, TravelMatrix, access_leg
from core.places.distance import travel_matrix as solve
from core.places.enums import AdminLevel, LinkStatus, NodeKind
from core.places.models import AdminUnit, RoadLink, RoadNode
from core.places.selectors.units import units_on

K = TypeVar("K")
V = TypeVar("V")
# Days with different sets of open links are few: today, and delivery days ahead.
_KEPT = 8
_network: dict[tuple[object, ...], TravelMatrix] = {}
_access: dict[tuple[object, ...], dict[int, Access]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How goods of a place reach the road network: the nearest node of its province.

    `extra_hours` is the part of `access_hours` spent on a ferry or waiting for one.
    """

    node_id: int
    access_hours: float
    access_km: float
    extra_hours: float = 0.0
    note: str = ""

    @property
    def is_by_ferry(self) -> bool:
        """Whether lorries cannot drive there all the way."""
        return self.extra_hours > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """Lorry hours and kilometres from door to door, without loading and rest."""

    hours: float
    km: float


def open_links(day: dt.date) -> QuerySet[RoadLink]:
    """Return the links lorries may use on a day; a planned link never counts."""
    return RoadLink.objects.filter(_usable_on(day))


def _usable_on(day: dt.date) -> Q:
    return Q(status=LinkStatus.OPEN) & (Q(opens_on=None) | Q(opens_on__lte=day))


def travel_matrix(on: dt.date | None = None) -> TravelMatrix:
    """Return fastest lorry ways between all nodes on a day, kept until the network changes."""
    day = on or clock.today()
    version = _network_version(day)
    if version not in _network:
        stretches = [
            Stretch(start, end, float(km), float(hours))
            for start, end, km, hours in open_links(day).values_list(
                "start_id", "end_id", "km", "truck_hours"
            )
        ]
        node_ids = list(RoadNode.objects.order_by("pk").values_list("pk", flat=True))
        _keep(_network, version, solve(node_ids, stretches=stretches))
    return _network[version]


def _network_version(day: dt.date) -> tuple[object, ...]:
    """Name the network of a day: sets of usable links grow with the day, so a count will do."""
    links = RoadLink.objects.aggregate(
        n=Count("pk"), changed=Max("updated_at"), usable=Count("pk", filter=_usable_on(day))
    )
    return (*links.values(), *_nodes_version())


def _nodes_version() -> tuple[object, ...]:
    return tuple(RoadNode.objects.aggregate(n=Count("pk"), changed=Max("updated_at")).values())


def _keep(cache: dict[K, V], key: K, value: V) -> None:
    if len(cache) >= _KEPT:
        cache.clear()
    cache[key] = value


def access_of(unit_id: int) -> Access:
    """Return how a province (from its seat) or commune reaches the road network.

    Raises:
        KeyError: No such unit today, or its province has no node.
    """
    return access_table()[unit_id]


def access_table() -> Mapping[int, Access]:
    """Return the access of every province and commune of today, kept until one changes."""
    day = clock.today()
    units = units_on(day).aggregate(n=Count("pk"), changed=Max("updated_at"))
    version = (*units.values(), *_nodes_version())
    if version not in _access:
        _keep(_access, version, _accesses(day))
    return _access[version]


def _accesses(day: dt.date) -> dict[int, Access]:
    nodes: dict[int, list[RoadNode]] = {}
    for node in RoadNode.objects.exclude(kind=NodeKind.AIRPORT).order_by("pk"):
        nodes.setdefault(node.province_id, []).append(node)
    units = units_on(day).only(
        "level", "parent_id", "lat", "lon", "extra_access_hours", "access_note"
    )
    near = ((unit, nodes.get(unit.parent_id or unit.pk, [])) for unit in units)
    return {unit.pk: _access_from(unit, ends) for unit, ends in near if ends}


def _access_from(unit: AdminUnit, nodes: list[RoadNode]) -> Access:
    if unit.level == AdminLevel.PROVINCE or unit.lat is None or unit.lon is None:
        seat = next((node for node in nodes if node.kind == NodeKind.SEAT), nodes[0])
        return Access(node_id=seat.pk, access_hours=0.0, access_km=0.0)
    place = (unit.lat, unit.lon)
    legs = [(*access_leg(place, (node.lat, node.lon)), node.pk) for node in nodes]
    hours, km, node_id = min(legs)
    extra = float(unit.extra_access_hours)
    return Access(
        node_id=node_id,
        access_hours=hours + extra,
        access_km=km,
        extra_hours=extra,
        note=unit.access_note,
    )


def trip_between(start_id: int, *, end_id: int, on: dt.date | None = None) -> Trip | None:
    """Return the way by lorry between two units, or None where no way is open.

    Within one node's reach the straight small road counts where it is shorter.
    """
    start, end = access_of(start_id), access_of(end_id)
    matrix = travel_matrix(on)
    row, column = matrix.index_of(start.node_id), matrix.index_of(end.node_id)
    hours = float(matrix.hours[row, column]) + start.access_hours + end.access_hours
    if hours == float("inf"):
        return None
    km = float(matrix.km[row, column]) + start.access_km + end.access_km
    return _shorter(Trip(hours=hours, km=km), _direct(start_id, end_id, start, end))


def _direct(start_id: int, end_id: int, start: Access, end: Access) -> Trip | None:
    if start.node_id != end.node_id:
        return None
    places = AdminUnit.objects.filter(pk__in=[start_id, end_id])
    points = [(lat, lon) for lat, lon in places.values_list("lat", "lon") if lat and lon]
    if not points:
        return None
    hours, km = access_leg(points[0], points[-1])
    return Trip(hours=hours + start.extra_hours + end.extra_hours, km=km)


def _shorter(via_network: Trip, direct: Trip | None) -> Trip:
    if direct is not None and direct.hours < via_network.hours:
        return direct
    return via_network
