"""Ways by lorry: how places reach the road network, and how long trips take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, Max, Q, QuerySet, Sum

from core.kernel import clock
from core.places.distance import (
    Leg,
    Link,
    TravelMatrix,
    TripPlan,
    access_leg,
    plan_trip,
    stretches_for,
)
from core.places.distance import travel_matrix as solve
from core.places.enums import AdminLevel, LinkStatus, NodeKind, VehicleKind
from core.places.models import AdminUnit, RoadLink, RoadNode
from core.places.selectors.gates import opening_of
from core.places.selectors.units import units_on
from core.places.selectors.vehicles import vehicle

K = TypeVar("K")
V = TypeVar("V")
# Days with different sets of open links are few: today, and delivery days ahead; four vehicles.
_KEPT = 16
_LINK_COLUMNS = (
    "start_id", "end_id", "km", "truck_hours", "road_class", "waiting_hours", "max_gross_t",
)  # fmt: skip
_network: dict[tuple[object, ...], TravelMatrix] = {}
_access: dict[tuple[object, ...], dict[int, Access]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How goods of a place reach the road network: the nearest node of its province.

    An island is reached at its ferry landing. `extra_hours` is the part of `access_hours` spent
    on a small ferry that has no landing of its own in the network.
    """

    node_id: int
    access_hours: float
    access_km: float
    extra_hours: float = 0.0
    is_by_ferry: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """Hours and kilometres on the way, without loading and rest; nobody drives on a ferry."""

    hours: float
    km: float
    ferry_hours: float = 0.0

    @property
    def legs(self) -> tuple[Leg, ...]:
        """The way as a trip plan wants it."""
        return Leg(self.hours - self.ferry_hours), Leg(self.ferry_hours, is_ferry=True)


def open_links(day: dt.date) -> QuerySet[RoadLink]:
    """Return the links lorries may use on a day; a planned link never counts."""
    return RoadLink.objects.filter(_usable_on(day))


def _usable_on(day: dt.date) -> Q:
    return Q(status=LinkStatus.OPEN) & (Q(opens_on=None) | Q(opens_on__lte=day))


def links_in_use(day: dt.date) -> list[Link]:
    """Return the links of a day as the matrix is computed from them."""
    return as_links(open_links(day))


def as_links(links: QuerySet[RoadLink]) -> list[Link]:
    """Return links as the matrix is computed from them, in the order of their ids."""
    rows = links.order_by("pk").values_list(*_LINK_COLUMNS)
    return [
        Link(start, end, float(km), float(hours), road_class, float(waiting), _float(limit))
        for start, end, km, hours, road_class, waiting, limit in rows
    ]


def _float(value: object) -> float | None:
    return None if value is None else float(str(value))


def node_ids() -> list[int]:
    """Return the ids of all nodes in the order of every matrix."""
    return list(RoadNode.objects.order_by("pk").values_list("pk", flat=True))


def node_named(code: str) -> RoadNode | None:
    """Return the node of a code, in whatever case it is typed."""
    return RoadNode.objects.filter(code=code.upper()).first()


def travel_matrix(
    on: dt.date | None = None, *, by: VehicleKind = VehicleKind.TRUCK
) -> TravelMatrix:
    """Return fastest ways of a vehicle between all nodes on a day, kept until the network changes.

    Args:
        on: The day whose open links count; today by default.
        by: The vehicle.
    """
    return network_on(on or clock.today(), by=by)[0]


def network_on(
    day: dt.date, *, by: VehicleKind = VehicleKind.TRUCK
) -> tuple[TravelMatrix, tuple[object, ...]]:
    """Return the matrix of a day, and a name of its network that changes when the network does."""
    version = network_version(day)
    key = (*version, by)
    if key not in _network:
        _keep(_network, key, matrix_of(links_in_use(day), nodes=node_ids(), by=by))
    return _network[key], version


def matrix_of(
    links: list[Link], *, nodes: list[int], by: VehicleKind = VehicleKind.TRUCK
) -> TravelMatrix:
    """Return fastest ways of a vehicle over any network, for instance one as it was or might be."""
    return solve(nodes, stretches=stretches_for(vehicle(by), links=links))


def network_version(day: dt.date) -> tuple[object, ...]:
    """Name the network of a day; another name whenever a link or node changed.

    Every change raises a link's version, so their sum tells changes apart in whatever order
    they commit; sets of usable links grow with the day, so a count will do for that.
    """
    links = RoadLink.objects.aggregate(
        n=Count("pk"),
        newest=Max("pk"),
        versions=Sum("version"),
        changed=Max("updated_at"),
        usable=Count("pk", filter=_usable_on(day)),
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


def access_at(node_id: int) -> Access:
    """Return the access of goods that stand at a node already."""
    return Access(node_id=node_id, access_hours=0.0, access_km=0.0)


def access_version() -> tuple[object, ...]:
    """Name the ways into the network of today; another name whenever a unit or node changed."""
    units = units_on(clock.today()).aggregate(n=Count("pk"), changed=Max("updated_at"))
    return (*units.values(), *_nodes_version())


def access_table() -> Mapping[int, Access]:
    """Return the access of every province and commune of today, kept until one changes."""
    version = access_version()
    if version not in _access:
        _keep(_access, version, _accesses(clock.today()))
    return _access[version]


def _accesses(day: dt.date) -> dict[int, Access]:
    nodes: dict[int, list[RoadNode]] = {}
    landings: dict[str, RoadNode] = {}
    for node in RoadNode.objects.exclude(kind=NodeKind.AIRPORT).order_by("pk"):
        landings |= dict.fromkeys(node.serves, node)
        if node.kind != NodeKind.LANDING:
            nodes.setdefault(node.province_id, []).append(node)
    units = units_on(day).only(
        "code", "level", "parent_id", "lat", "lon", "extra_access_hours", "access_note"
    )
    found = {}
    for unit in units:
        landing = landings.get(unit.code) if unit.level == AdminLevel.COMMUNE else None
        ends = [landing] if landing else nodes.get(unit.parent_id or unit.pk, [])
        if ends:
            found[unit.pk] = _access_from(unit, ends, is_island=landing is not None)
    return found


def _access_from(unit: AdminUnit, nodes: list[RoadNode], *, is_island: bool) -> Access:
    if unit.level == AdminLevel.PROVINCE or unit.lat is None or unit.lon is None:
        seat = next((node for node in nodes if node.kind == NodeKind.SEAT), nodes[0])
        return Access(node_id=seat.pk, access_hours=0.0, access_km=0.0, is_by_ferry=is_island)
    place = (unit.lat, unit.lon)
    legs = [(*access_leg(place, (node.lat, node.lon)), node.pk) for node in nodes]
    hours, km, node_id = min(legs)
    extra = float(unit.extra_access_hours)
    return Access(
        node_id=node_id,
        access_hours=hours + extra,
        access_km=km,
        extra_hours=extra,
        is_by_ferry=is_island or extra > 0,
        note=unit.access_note,
    )


def trip_between(
    start_id: int,
    *,
    end_id: int,
    on: dt.date | None = None,
    by: VehicleKind = VehicleKind.TRUCK,
) -> Trip | None:
    """Return the way by lorry between two units, or None where no way is open.

    Within one node's reach the straight small road counts where it is shorter.
    """
    start, end = access_of(start_id), access_of(end_id)
    way = trip_over(start, end=end, on=on, by=by)
    return _shorter(way, _direct(start_id, end_id, start, end)) if way else None


def trip_over(
    start: Access, *, end: Access, on: dt.date | None = None, by: VehicleKind = VehicleKind.TRUCK
) -> Trip | None:
    """Return the way over the network between two places on it, or None where none is open."""
    matrix = travel_matrix(on, by=by)
    row, column = matrix.index_of(start.node_id), matrix.index_of(end.node_id)
    hours = float(matrix.hours[row, column])
    if hours == float("inf"):
        return None
    return Trip(
        hours=hours + start.access_hours + end.access_hours,
        km=float(matrix.km[row, column]) + start.access_km + end.access_km,
        ferry_hours=float(matrix.ferry_hours[row, column]) + start.extra_hours + end.extra_hours,
    )


def plan_of(
    trip: Trip,
    *,
    by: VehicleKind = VehicleKind.TRUCK,
    departs_at: dt.datetime | None = None,
    gate_id: int | None = None,
) -> TripPlan:
    """Return a trip's hours from door to door, with breaks, nights, loading and a gate's wait.

    Args:
        trip: The way.
        by: The vehicle that takes it.
        departs_at: When loading begins; only then can a gate's wait be told.
        gate_id: The border gate at the end of the way, if there is one.
    """
    local = departs_at.astimezone(clock.VIETNAM) if departs_at else None
    return plan_trip(
        trip.legs,
        loading_hours=vehicle(by).loading_hours,
        departs_at=local,
        gate=opening_of(gate_id) if gate_id else None,
    )


def _direct(start_id: int, end_id: int, start: Access, end: Access) -> Trip | None:
    if start.node_id != end.node_id:
        return None
    places = AdminUnit.objects.filter(pk__in=[start_id, end_id])
    points = [(lat, lon) for lat, lon in places.values_list("lat", "lon") if lat and lon]
    if not points:
        return None
    hours, km = access_leg(points[0], points[-1])
    extra = start.extra_hours + end.extra_hours
    return Trip(hours=hours + extra, km=km, ferry_hours=extra)


def _shorter(via_network: Trip, direct: Trip | None) -> Trip:
    if direct is not None and direct.hours < via_network.hours:
        return direct
    return via_network
