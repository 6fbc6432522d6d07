"""The best partners of each request and of each offer, in an order that never wavers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matchmaking.engine.criteria import fits
from matchmaking.engine.eligibility import refusals
from matchmaking.engine.facts import Pairing
from matchmaking.engine.ruleset import CRITERIA, Ruleset
from matchmaking.engine.scoring import Points, points_of
from matchmaking.engine.values import DemandColumns, Ints, Pairs, SupplyColumns, Terrain


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
    """The best `top_k` offers of each request: highest score, then lowest offer id."""
    by_category = np.argsort(supply.category_order, kind="stable")
    offers, reach = supply.take(by_category), terrain.reach(demand)
    starts = np.searchsorted(offers.category_order, demand.category_lo)
    ends = np.searchsorted(offers.category_order, demand.category_hi)
    found = []
    for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
        pairs = Pairs(supply=np.arange(start, end), demand=np.full(end - start, row))
        routes = terrain.routes_by(reach, supply=offers, demand=demand, pairs=pairs)
        wanted = demand.take(slice(row, row + 1))
        block = Pairing(offers.take(slice(start, end)), wanted, routes, ruleset)
        found.append(_best(block, pairs=pairs, ids=offers.offer_id[start:end]))
    ranked = _joined(found)
    return replace(ranked, supply=by_category[ranked.supply])


def top_k_per_supply(
    supply: SupplyColumns, demand: DemandColumns, terrain: Terrain, ruleset: Ruleset
) -> Ranked:
    """The best `top_k` requests of each offer: highest score, then lowest request id."""
    reach, found = terrain.reach(demand), []
    for row, order in enumerate(supply.category_order):
        rows = np.flatnonzero((demand.category_lo <= order) & (order < demand.category_hi))
        pairs = Pairs(supply=np.full(len(rows), row), demand=rows)
        routes = terrain.routes_by(reach, supply=supply, demand=demand, pairs=pairs)
        offer = supply.take(slice(row, row + 1))
        block = Pairing(offer, demand.take(rows), routes, ruleset)
        found.append(_best(block, pairs=pairs, ids=demand.request_id[rows]))
    return _joined(found)


def _best(block: Pairing, *, pairs: Pairs, ids: Ints) -> Ranked:
    """The first `top_k` eligible pairs of a block; the dear fits are made for these alone."""
    rules = block.ruleset
    eligible = np.flatnonzero(refusals(block) == 0) if len(block) else np.arange(0)
    points = points_of(fits(block.take(eligible)), ruleset=rules)
    score = points.sum(axis=1, dtype=np.int32)
    order = np.lexsort((ids[eligible], -score))
    order = order[score[order] >= rules.minimum_score][: rules.top_k]
    rows = eligible[order]
    return Ranked(
        supply=pairs.supply[rows],
        demand=pairs.demand[rows],
        points=points[order],
        score=score[order],
    )


def _joined(parts: list[Ranked]) -> Ranked:
    nothing = np.zeros(0, dtype=np.int64)
    points = [np.zeros((0, len(CRITERIA)), dtype=np.int32), *(one.points for one in parts)]
    return Ranked(
        supply=np.concatenate([nothing, *(one.supply for one in parts)]),
        demand=np.concatenate([nothing, *(one.demand for one in parts)]),
        points=np.concatenate(points),
        score=np.concatenate([nothing.astype(np.int32), *(one.score for one in parts)]),
    )
