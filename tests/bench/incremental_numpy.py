"""One new offer against all open requests by NumPy, with the slice of each leaf prepared."""

from __future__ import annotations

import numpy as np
from matching_world import World

from matchmaking.engine.criteria import fits
from matchmaking.engine.eligibility import screen, screened
from matchmaking.engine.facts import Pairing
from matchmaking.engine.ruleset import Ruleset
from matchmaking.engine.scoring import is_worth_it, points_of
from matchmaking.engine.values import DemandColumns, Pairs


class Numpy:
    """The requests of each leaf as columns of their own, with the ways to them."""

    def __init__(self, world: World, rules: Ruleset) -> None:
        """Prepare nothing yet: leaves are prepared when they are first met."""
        self.world, self.rules = world, rules
        self.slices: dict[int, tuple[DemandColumns, tuple[np.ndarray, ...]]] = {}

    def best(self, row: int) -> list[tuple[int, int]]:
        """The best requests of the offer in a row of the world, best first."""
        demand, reach = self._slice(int(self.world.supply.category_order[row]))
        offer = self.world.supply.take(np.array([row]))
        every = Pairs(supply=np.zeros(len(demand), dtype=np.int64), demand=np.arange(len(demand)))
        kept = screen(offer.take(every.supply), demand)
        routes = self.world.terrain.routes_by(
            reach, supply=offer, demand=demand, pairs=every.take(kept)
        )
        supply = offer.take(np.zeros(len(kept), dtype=np.int64))
        pairing = Pairing(supply, demand.take(kept), routes, self.rules)
        passed = screened(pairing)
        points = points_of(fits(pairing.take(passed)), ruleset=self.rules)
        worth = np.flatnonzero(is_worth_it(points, ruleset=self.rules))
        ids = demand.request_id[kept[passed[worth]]]
        score = points[worth].sum(axis=1, dtype=np.int64)
        order = np.lexsort((ids, -score))[: self.rules.top_k]
        return list(zip(ids[order].tolist(), score[order].tolist(), strict=True))

    def _slice(self, leaf: int) -> tuple[DemandColumns, tuple[np.ndarray, ...]]:
        if leaf not in self.slices:
            demand = self.world.demand
            rows = np.flatnonzero((demand.category_lo <= leaf) & (leaf < demand.category_hi))
            columns = {name: getattr(demand, name)[rows] for name in demand.__dataclass_fields__}
            asked = DemandColumns(**columns)
            self.slices[leaf] = asked, self.world.terrain.reach(asked)
        return self.slices[leaf]
