"""The best partners of each request and of each offer, in an order that never wavers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from matchmaking.engine.criteria import fits
from matchmaking.engine.eligibility import screen, screened
from matchmaking.engine.facts import Pairing
from matchmaking.engine.kernels.choice import CHOICE
from matchmaking.engine.kernels.layout import Found
from matchmaking.engine.ruleset import CRITERIA, Ruleset
from matchmaking.engine.scoring import Points, is_worth_it, points_of
from matchmaking.engine.values import DemandColumns, Ints, Pairs, SupplyColumns, Terrain

_BLOCK_PAIRS: Final = 131_072


@dataclass(frozen=True, eq=False, kw_only=True)
class Ranked:
    """Eligible pairs at or above the minimum score, best first within each request or offer."""

    supply: Ints
    demand: Ints
    points: Points
    score: Points

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.score)


def top_k_per_demand(
    supply: SupplyColumns, demand: DemandColumns, terrain: Terrain, ruleset: Ruleset
) -> Ranked:
    """The best `top_k` offers of each request: highest score, then lowest offer id.

    Source:
        docs/decisions/0033-compiled-kernel.md: by the compiled kernel or `columnar_per_demand`,
        whose results are the same.
    """
    kernel = CHOICE.kernel(pairs=len(supply) * len(demand))
    if kernel is not None:
        found = kernel.best_per_demand(supply, demand, terrain, ruleset, threads=CHOICE.threads)
        if found is not None:
            return _ranked(found)
    return columnar_per_demand(supply, demand, terrain, ruleset)


def top_k_per_supply(
    supply: SupplyColumns, demand: DemandColumns, terrain: Terrain, ruleset: Ruleset
) -> Ranked:
    """The best `top_k` requests of each offer: highest score, then lowest request id.

    Source:
        As `top_k_per_demand`.
    """
    kernel = CHOICE.kernel(pairs=len(supply) * len(demand))
    if kernel is not None:
        found = kernel.best_per_supply(supply, demand, terrain, ruleset, threads=CHOICE.threads)
        if found is not None:
            return _ranked(found)
    return columnar_per_supply(supply, demand, terrain, ruleset)


def columnar_per_demand(
    supply: SupplyColumns, demand: DemandColumns, terrain: Terrain, ruleset: Ruleset
) -> Ranked:
    """The same by NumPy alone: the rules as they are read, and what the kernel is held to."""
    by_category = np.argsort(supply.category_order, kind="stable")
    ordered = supply.category_order[by_category]
    starts = np.searchsorted(ordered, demand.category_lo)
    counts = np.searchsorted(ordered, demand.category_hi) - starts
    judge = _Judge(supply, demand, terrain, ruleset)
    found = []
    for rows in _blocks(counts):
        owner = np.repeat(rows, counts[rows])
        before = np.cumsum(counts[rows]) - counts[rows]
        place = np.arange(len(owner)) + np.repeat(starts[rows] - before, counts[rows])
        pairs = Pairs(supply=by_category[place], demand=owner)
        found.append(judge.best(pairs, owner=pairs.demand, ids=supply.offer_id[pairs.supply]))
    return _joined(found)


def columnar_per_supply(
    supply: SupplyColumns, demand: DemandColumns, terrain: Terrain, ruleset: Ruleset
) -> Ranked:
    """The same by NumPy alone."""
    judge = _Judge(supply, demand, terrain, ruleset)
    found = []
    for rows in _blocks(np.full(len(supply), len(demand))):
        order = supply.category_order[rows, None]
        holds = (demand.category_lo <= order) & (order < demand.category_hi)
        owner, wanted = np.nonzero(holds)
        pairs = Pairs(supply=rows[owner], demand=wanted)
        found.append(judge.best(pairs, owner=pairs.supply, ids=demand.request_id[wanted]))
    return _joined(found)


def _ranked(found: Found) -> Ranked:
    score = found.points.sum(axis=1, dtype=np.int32)
    return Ranked(supply=found.supply, demand=found.demand, points=found.points, score=score)


class _Judge:
    """Both sides of one ranking, with the ways to every request worked out once."""

    def __init__(
        self, supply: SupplyColumns, demand: DemandColumns, terrain: Terrain, ruleset: Ruleset
    ) -> None:
        self.supply, self.demand, self.ruleset = supply, demand, ruleset
        self.terrain, self.reach = terrain, terrain.reach(demand)

    def best(self, pairs: Pairs, *, owner: Ints, ids: Ints) -> Ranked:
        """The first `top_k` eligible pairs of each owner; the dear fits are made for few."""
        kept = self._eligible(pairs)
        points = points_of(fits(self._pairing(pairs.take(kept))), ruleset=self.ruleset)
        score = points.sum(axis=1, dtype=np.int32)
        order = np.lexsort((ids[kept], -score, owner[kept]))
        order = order[is_worth_it(points[order], ruleset=self.ruleset)]
        owners = owner[kept][order]
        place = np.arange(len(order)) - np.searchsorted(owners, owners)
        order = order[place < self.ruleset.top_k]
        rows = kept[order]
        return Ranked(
            supply=pairs.supply[rows],
            demand=pairs.demand[rows],
            points=points[order],
            score=score[order],
        )

    def _eligible(self, pairs: Pairs) -> Ints:
        rows = screen(self.supply.take(pairs.supply), self.demand.take(pairs.demand))
        return rows[screened(self._pairing(pairs.take(rows)))]

    def _pairing(self, pairs: Pairs) -> Pairing:
        routes = self.terrain.routes_by(
            self.reach, supply=self.supply, demand=self.demand, pairs=pairs
        )
        sides = self.supply.take(pairs.supply), self.demand.take(pairs.demand)
        return Pairing(*sides, routes, self.ruleset)


def _blocks(counts: Ints) -> list[Ints]:
    """Row numbers in runs of about `_BLOCK_PAIRS` pairs, each row in one run."""
    run = np.cumsum(counts) // _BLOCK_PAIRS
    return np.split(np.arange(len(counts)), np.flatnonzero(np.diff(run)) + 1)


def _joined(parts: list[Ranked]) -> Ranked:
    nothing = np.zeros(0, dtype=np.int64)
    points = [np.zeros((0, len(CRITERIA)), dtype=np.int32), *(one.points for one in parts)]
    return Ranked(
        supply=np.concatenate([nothing, *(one.supply for one in parts)]),
        demand=np.concatenate([nothing, *(one.demand for one in parts)]),
        points=np.concatenate(points),
        score=np.concatenate([nothing.astype(np.int32), *(one.score for one in parts)]),
    )
