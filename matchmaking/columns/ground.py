"""The freight network and the pacts of one day, and what of them another day or change touches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.places import selectors as places
from core.places.distance import TravelMatrix
from core.places.selectors import Access
from matchmaking.engine.records import Place
from matchmaking.engine.values import Bools, Floats, Terrain

ProvincePair = tuple[int, int]
_CODES: Final = 100
_SAME_HOURS: Final = 1e-6
"""Sums of the same links in another order differ by less; no link is as short as that."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The freight network and the pacts in force on one day, and where each place stands on it.

    `name` is another one whenever network or pacts are.
    """

    terrain: Terrain
    row_of_node: dict[int, int]
    code_of_province: dict[int, int]
    pacts: tuple[ProvincePair, ...] = ()
    name: str = ""

    def place(self, access: Access | None) -> Place:
        """Return the engine's place for a way into the network; unknown where there is none."""
        if access is None:
            return Place()
        return Place(
            node=self.row_of_node[access.node_id],
            access_hours=round(access.access_hours, 3),
            access_km=round(access.access_km, 2),
        )


@dataclass(frozen=True, slots=True)
class Touched:
    """What differs between two grounds: pairs of nodes, pairs of provinces (both symmetric)."""

    ways: Bools
    """(nodes + 1, nodes + 1) by row of the later ground; the last row is the unknown node."""
    pacts: Bools

    @property
    def is_nothing(self) -> bool:
        """Whether no way and no pact differs."""
        return not (self.ways.any() or self.pacts.any())


def ground_on(day: dt.date) -> Ground:
    """Return the network of roads open on a day, with the pacts in force."""
    codes = {unit.pk: int(unit.code) for unit in places.provinces(on=day)}
    pacts = sorted(
        {
            (min(a, b), max(a, b))
            for pact in places.pacts_in_force(day)
            if (a := codes.get(pact.a_id)) is not None and (b := codes.get(pact.b_id)) is not None
        }
    )
    matrix, version = places.network_on(day)
    name = "|".join(map(str, (*version, pacts)))
    return ground_of(matrix, pacts=pacts, code_of_province=codes, name=name)


def ground_of(
    matrix: TravelMatrix,
    *,
    pacts: Iterable[ProvincePair],
    code_of_province: dict[int, int] | None = None,
    name: str = "",
) -> Ground:
    """Return the ground of any network, for instance one as it was or might be."""
    bound = np.zeros((_CODES, _CODES), dtype=np.bool_)
    held = tuple(pacts)
    for a, b in held:
        bound[a, b] = bound[b, a] = True
    return Ground(
        terrain=Terrain(
            travel_hours=matrix.hours,
            travel_km=matrix.km,
            pacts=bound,
            ferry_hours=np.where(np.isfinite(matrix.ferry_hours), matrix.ferry_hours, 0.0),
        ),
        row_of_node={node_id: row for row, node_id in enumerate(matrix.node_ids)},
        code_of_province=code_of_province or {},
        pacts=held,
        name=name,
    )


def touched(before: Ground, *, after: Ground) -> Touched:
    """Return the pairs of nodes and of provinces for which a score may differ.

    A node that was not there before differs from all others.
    """
    rows = np.array([before.row_of_node.get(node_id, -1) for node_id in after.row_of_node])
    ways = np.zeros((len(rows) + 1, len(rows) + 1), dtype=np.bool_)
    ways[:-1, :-1] = (rows < 0)[:, None] | (rows < 0)
    for old, new in _tables(before.terrain, after.terrain):
        if rows.size and old.size:
            ways[:-1, :-1] |= _differs(old[np.ix_(rows, rows)], new)
    return Touched(ways=ways, pacts=before.terrain.pacts != after.terrain.pacts)


def everything(ground: Ground) -> Touched:
    """Return all pairs, for when it is not known what was scored before."""
    size = len(ground.row_of_node) + 1
    return Touched(
        ways=np.ones((size, size), dtype=np.bool_),
        pacts=np.ones_like(ground.terrain.pacts),
    )


def _tables(before: Terrain, after: Terrain) -> Iterable[tuple[Floats, Floats]]:
    yield before.travel_hours, after.travel_hours
    yield before.travel_km, after.travel_km
    if before.ferry_hours is not None and after.ferry_hours is not None:
        yield before.ferry_hours, after.ferry_hours


def _differs(old: Floats, new: Floats) -> Bools:
    return ~np.isclose(old, new, rtol=0.0, atol=_SAME_HOURS, equal_nan=True)
