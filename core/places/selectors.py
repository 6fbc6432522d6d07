"""Reading the geography: units of a day, neighbours, pacts, ways by lorry."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, Max, Q, QuerySet

from core.kernel import clock
from core.kernel.text import clean, fold
from core.places.distance import (
    Stretch,
    TravelMatrix,
    access_leg,
)
from core.places.distance import travel_matrix as solve
from core.places.enums import AdminLevel, LinkStatus, NodeKind, UnitKind
from core.places.models import (
    AdminUnit,
    AdminUnitChange,
    AdminUnitLabel,
    ProvinceBorder,
    ProvincePact,
    RoadLink,
    RoadNode,
)

_PREFIXES = re.compile(
    r"^(?:(?P<tinh>tinh)|(?P<thanh_pho>thanh pho|tp)|(?P<phuong>phuong|p)|(?P<xa>xa|x)"
    r"|(?P<dac_khu>dac khu))\s+(?=\S)"
)
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


def units_on(day: dt.date) -> QuerySet[AdminUnit]:
    """Return the units that existed on a day."""
    return AdminUnit.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def provinces(on: dt.date | None = None) -> QuerySet[AdminUnit]:
    """Return the provinces of a day, today's by default, by name."""
    found = units_on(on or clock.today()).filter(level=AdminLevel.PROVINCE)
    return found.order_by("name_folded", "code")


def communes_of(province_id: int, *, on: dt.date | None = None) -> QuerySet[AdminUnit]:
    """Return a province's communes, wards and zones of a day, by name."""
    found = units_on(on or clock.today()).filter(level=AdminLevel.COMMUNE, parent=province_id)
    return found.order_by("name_folded", "code")


def unit_at(code: str, *, level: AdminLevel, day: dt.date) -> AdminUnit | None:
    """Return the unit that had a code on a day; a code means nothing without its day."""
    return units_on(day).filter(code=code, level=level).first()


def label_of(unit: AdminUnit, *, day: dt.date) -> str:
    """Return type and name as they stood on a day; today's where the day lies outside."""
    return str(_labels(day).filter(unit=unit).first() or unit)


def labels_on(day: dt.date, *, among: QuerySet[AdminUnit]) -> dict[int, dict[str, str]]:
    """Return `name` and `kind` of a day by the ids of the units given."""
    rows = _labels(day).filter(unit__in=among.order_by()).values_list("unit_id", "name", "kind")
    return {unit_id: {"name": name, "kind": kind} for unit_id, name, kind in rows}


def _labels(day: dt.date) -> QuerySet[AdminUnitLabel]:
    in_force = Q(valid_to=None) | Q(valid_to__gte=day)
    return AdminUnitLabel.objects.filter(in_force, valid_from__lte=day)


def successors_of(unit_id: int) -> list[AdminUnitChange]:
    """Return where a closed unit went, with the share where it is known."""
    changes = AdminUnitChange.objects.filter(old=unit_id).select_related("new")
    return list(changes.order_by("new__code"))


def members_of(group_code: str) -> QuerySet[AdminUnit]:
    """Return the provinces of a grouping, by name."""
    return AdminUnit.objects.filter(unit_groups__code=group_code).order_by("name_folded")


def neighbours(province_id: int) -> QuerySet[AdminUnit]:
    """Return the provinces that touch a province, by name."""
    pairs = ProvinceBorder.objects.filter(Q(a=province_id) | Q(b=province_id))
    ids = {pk for pair in pairs.values_list("a", "b") for pk in pair} - {province_id}
    return AdminUnit.objects.filter(pk__in=ids).order_by("name_folded")


def search_units(text: str, *, limit: int = 20, on: dt.date | None = None) -> list[AdminUnit]:
    """Find units by name, with or without type and accents.

    Hits with the very accents typed stand before folded ones, whole names before parts,
    provinces before communes.
    """
    folded = fold(text)
    prefix = _PREFIXES.match(folded)
    name = folded[prefix.end() :] if prefix else folded
    if not name:
        return []
    found = units_on(on or clock.today()).filter(name_folded__contains=name)
    if prefix and prefix.lastgroup:
        found = found.filter(kind=UnitKind(prefix.lastgroup))
    typed = clean(text).casefold()
    ranked = sorted(
        found.select_related("parent"),
        key=lambda unit: (
            unit.name.casefold() not in typed,
            unit.name_folded != name,
            not unit.name_folded.startswith(name),
            unit.level != AdminLevel.PROVINCE,
            unit.name_folded,
            unit.code,
        ),
    )
    return ranked[:limit]


def pacts_in_force(day: dt.date) -> QuerySet[ProvincePact]:
    """Return the pacts of a day; one whose date of signing is not known counts as signed."""
    return ProvincePact.objects.filter(
        Q(signed_on=None) | Q(signed_on__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
    )


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
