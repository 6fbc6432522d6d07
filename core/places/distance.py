"""Kilometres and lorry hours, pure: great circles and shortest paths over a road network."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

EARTH_RADIUS_KM = 6371.0
# From a commune to the network: how much longer the road is than the straight line, and its speed.
DETOUR = 1.4
ACCESS_SPEED_KM_PER_HOUR = 30.0

Point = tuple[float, float]


class Stretch(NamedTuple):
    """A link between two node ids, the same both ways."""

    start: int
    end: int
    km: float
    hours: float


@dataclass(frozen=True, slots=True)
class TravelMatrix:
    """Fastest lorry hours, and the kilometres of those ways, between all nodes.

    `hours[i][j]` belongs to `node_ids[i]` and `node_ids[j]`; infinite where no way is open.
    Driving time only: loading, rest and ferries are added by whoever plans a trip.
    """

    node_ids: tuple[int, ...]
    hours: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    km: np.ndarray[tuple[int, int], np.dtype[np.float64]]

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


def travel_matrix(node_ids: Sequence[int], *, stretches: Iterable[Stretch]) -> TravelMatrix:
    """Return fastest ways between all nodes.

    Args:
        node_ids: All nodes, in the order of the matrix.
        stretches: Links lorries may use; of parallel ones the faster counts.
    """
    row_of = {node_id: row for row, node_id in enumerate(node_ids)}
    fastest: dict[tuple[int, int], Stretch] = {}
    for stretch in stretches:
        rows = sorted((row_of[stretch.start], row_of[stretch.end]))
        pair = (rows[0], rows[1])
        if pair not in fastest or stretch.hours < fastest[pair].hours:
            fastest[pair] = stretch
    return _solve(tuple(node_ids), fastest)


def _solve(node_ids: tuple[int, ...], fastest: dict[tuple[int, int], Stretch]) -> TravelMatrix:
    size = len(node_ids)
    rows = [a for a, _ in fastest]
    columns = [b for _, b in fastest]
    graph = csr_array(([s.hours for s in fastest.values()], (rows, columns)), shape=(size, size))
    hours, before = dijkstra(graph, directed=False, return_predecessors=True)
    km_of = {pair: stretch.km for pair, stretch in fastest.items()}
    return TravelMatrix(node_ids, hours, _km_along(before, hours, km_of))


def _km_along(
    before: np.ndarray[tuple[int, int], np.dtype[np.int32]],
    hours: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    km_of: dict[tuple[int, int], float],
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Sum kilometres along the fastest ways: nearer nodes first, each adds its last stretch."""
    km = np.full(hours.shape, np.inf)
    for start in range(len(hours)):
        km[start, start] = 0.0
        for end in np.argsort(hours[start], kind="stable"):
            last = int(before[start, end])
            if last >= 0:
                stretch = (min(last, int(end)), max(last, int(end)))
                km[start, end] = km[start, last] + km_of[stretch]
    return km
