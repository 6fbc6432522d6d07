"""Shortest paths of lorries over a road network, and the small roads that lead to it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

EARTH_RADIUS_KM: Final = 6371.0
# From a commune to the network: how much longer the road is than the straight line, and its speed.
DETOUR: Final = 1.4
ACCESS_SPEED_KM_PER_HOUR: Final = 30.0
FERRY: Final = "fer"
_STARTS_AT_ONCE: Final = 32

Point = tuple[float, float]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Link(NamedTuple):
    """A link as the reference data tell it; on a ferry nobody drives, so all of it is rest.

    `hours` are those of the vehicle that links are measured with.
    """

    start: int
    end: int
    km: float
    hours: float
    road_class: str = "nat"
    waiting_hours: float = 0.0
    max_gross_t: float | None = None


class Stretch(NamedTuple):
    """A link between two node ids as one vehicle takes it, the same both ways.

    `ferry_hours` is the part of `hours` in which nobody drives.
    """

    start: int
    end: int
    km: float
    hours: float
    ferry_hours: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """What a vehicle may use and how fast it is there.

    `speed_factors` holds by road class its speed over that of the vehicle links are measured
    with; a class that is missing is closed to it.
    """

    code: str
    payload_t: float
    gross_t: float
    loading_hours: float
    speed_factors: Mapping[str, float]

    def may_use(self, link: Link) -> bool:
        """Whether the vehicle is let on the link, and light enough for it."""
        allowed = link.road_class == FERRY or link.road_class in self.speed_factors
        return allowed and (link.max_gross_t is None or self.gross_t <= link.max_gross_t)


@dataclass(frozen=True, slots=True)
class TravelMatrix:
    """Fastest lorry hours, and the kilometres of those ways, between all nodes.

    `hours[i][j]` belongs to `node_ids[i]` and `node_ids[j]`; infinite where no way is open.
    `ferry_hours` is the part of them in which nobody drives. Loading and rest come on top:
    see `trips.plan_trip`.
    """

    node_ids: tuple[int, ...]
    hours: Floats
    km: Floats
    ferry_hours: Floats

    def index_of(self, node_id: int) -> int:
        """Return the row of a node.

        Raises:
            ValueError: The node is not in the matrix.
        """
        return self.node_ids.index(node_id)


def great_circle_km(a: Point, b: Point) -> float:
    """Return the distance of two points given as (latitude, longitude) in degrees."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    h = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(h))


def access_leg(a: Point, b: Point) -> tuple[float, float]:
    """Return (hours, km) by small roads between a place and the network's node."""
    km = great_circle_km(a, b) * DETOUR
    return km / ACCESS_SPEED_KM_PER_HOUR, km


def stretches_for(vehicle: Vehicle, *, links: Iterable[Link]) -> Iterator[Stretch]:
    """Yield the links a vehicle may use, with its own hours."""
    for link in links:
        if not vehicle.may_use(link):
            continue
        if link.road_class == FERRY:
            hours = link.hours + link.waiting_hours
            yield Stretch(link.start, link.end, link.km, hours, hours)
        else:
            driving = link.hours / vehicle.speed_factors[link.road_class]
            yield Stretch(
                link.start, link.end, link.km, driving + link.waiting_hours, link.waiting_hours
            )


def travel_matrix(node_ids: Sequence[int], *, stretches: Iterable[Stretch]) -> TravelMatrix:
    """Return fastest ways between all nodes.

    Args:
        node_ids: All nodes, in the order of the matrix.
        stretches: Links lorries may use; of parallel ones the faster counts.
    """
    row_of = {node_id: row for row, node_id in enumerate(node_ids)}
    fastest: dict[tuple[int, int], Stretch] = {}
    for stretch in stretches:
        start, end = row_of[stretch.start], row_of[stretch.end]
        pair = (start, end) if start < end else (end, start)
        if pair not in fastest or stretch.hours < fastest[pair].hours:
            fastest[pair] = stretch
    return _solve(tuple(node_ids), fastest)


def _solve(node_ids: tuple[int, ...], fastest: dict[tuple[int, int], Stretch]) -> TravelMatrix:
    size = len(node_ids)
    ends = np.array(list(fastest), dtype=np.int64).reshape(-1, 2).T
    table = np.array([one[2:] for one in fastest.values()], dtype=np.float64).reshape(-1, 3)
    graph = csr_array((table[:, 1], (ends[0], ends[1])), shape=(size, size))
    hours, before = dijkstra(graph, directed=False, return_predecessors=True)
    amounts = [table[:, 0], table[:, 2]]
    km, ferry_hours = _sums_along(before, ends=ends, amounts=amounts, reached=np.isfinite(hours))
    return TravelMatrix(node_ids, hours, km, ferry_hours)


def _sums_along(
    before: NDArray[np.int32], *, ends: Ints, amounts: Sequence[Floats], reached: NDArray[np.bool_]
) -> list[Floats]:
    """Return the sum of each amount, one for each stretch between `ends`, on every fastest way.

    Each node knows the node before it. Adding up what lies before, then jumping to the node
    before that, doubles the stretch that is summed; a few starts at a time stay in the cache.
    """
    size = len(before)
    sums = [np.zeros((size, size)) for _ in amounts]
    asked = [at for at, amount in enumerate(amounts) if amount.any()]
    for at in asked:
        of_stretch = np.zeros((size, size))
        of_stretch[ends[0], ends[1]] = of_stretch[ends[1], ends[0]] = amounts[at]
        for first in range(0, size, _STARTS_AT_ONCE):
            rows = slice(first, first + _STARTS_AT_ONCE)
            sums[at][rows] = _summed(before[rows], of_stretch)
    return [np.where(reached, one, np.inf) for one in sums]


def _summed(before: NDArray[np.int32], of_stretch: Floats) -> Floats:
    starts, size = before.shape
    every = np.arange(size)
    last = np.where(before >= 0, before, every)
    total = of_stretch[last, every].ravel()
    jump = (last + np.arange(starts)[:, None] * size).ravel()
    while True:
        total += total[jump]
        further = jump[jump]
        if np.array_equal(further, jump):
            return total.reshape(starts, size)
        jump = further
