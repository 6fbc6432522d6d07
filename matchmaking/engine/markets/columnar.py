"""Lists kept by ranking anew whomever a change may concern: by NumPy alone."""

from __future__ import annotations

from typing import Any, Generic

import numpy as np

from matchmaking.engine import ranking
from matchmaking.engine.markets.lists import Lists
from matchmaking.engine.markets.table import Columns, Table
from matchmaking.engine.ruleset import Ruleset
from matchmaking.engine.values import Bools, DemandColumns, Ints, SupplyColumns, Terrain


class ColumnarKeeper:
    """The lists of both sides, row for row as in their tables."""

    def __init__(self, supplies: Table[SupplyColumns], demands: Table[DemandColumns]) -> None:
        self._supplies, self._demands = _Side(supplies), _Side(demands)
        self._judged_by: tuple[Terrain, Ruleset]

    @property
    def memory_bytes(self) -> int:
        """Size of the arrays."""
        return self._supplies.lists.memory_bytes + self._demands.lists.memory_bytes

    def lists_of_supplies(self, rows: Ints) -> Lists:
        """The lists of the given rows."""
        return self._supplies.lists.take(rows)

    def lists_of_demands(self, rows: Ints) -> Lists:
        """The lists of the given rows."""
        return self._demands.lists.take(rows)

    def requests_for(self, supply: SupplyColumns) -> Lists:
        """The best requests of offers that do not stand here."""
        terrain, ruleset = self._judged_by
        return _of_supplies(supply, self._demands.standing(), terrain, ruleset)

    def settle(self, terrain: Terrain, ruleset: Ruleset, *, is_anew: bool) -> tuple[Ints, Ints]:
        """Bring lists up to date; return the rows of either side whose list is another now.

        Args:
            terrain: The ground.
            ruleset: The rules.
            is_anew: Whether every list has to be ranked.
        """
        supplies, demands = self._supplies, self._demands
        offers, requests = supplies.standing(), demands.standing()
        due = supplies.due(demands, is_anew=is_anew), demands.due(supplies, is_anew=is_anew)
        self._judged_by = terrain, ruleset
        some = supplies.table.columns.take(due[0])
        of_supplies = _of_supplies(some, requests, terrain, ruleset)
        wanted = demands.table.columns.take(due[1])
        found = ranking.columnar_per_demand(offers, wanted, terrain, ruleset)
        ids = offers.offer_id[found.supply]
        of_demands = _listed(found.demand, ids, found, count=len(due[1]), room=ruleset.top_k)
        return supplies.replace(due[0], of_supplies), demands.replace(due[1], of_demands)


class _Side(Generic[Columns]):
    """One side with its lists."""

    def __init__(self, table: Table[Columns]) -> None:
        self.table: Table[Columns] = table
        self.lists = Lists.empty(0, room=0)

    def standing(self) -> Columns:
        return self.table.columns.take(self.table.standing())

    def due(self, other: _Side[Any], *, is_anew: bool) -> Ints:
        """Rows that changed, and those in whose categories a row of the other side did."""
        rows, changes = self.table.standing(), other.table.changes()
        if is_anew:
            return rows
        ranges = np.concatenate([other.table.ranges(changes.rows), changes.left_ranges], axis=1)
        is_due = _meets(self.table.ranges(rows), np.unique(ranges, axis=1))
        return rows[is_due | np.isin(rows, self.table.changes().rows)]

    def replace(self, rows: Ints, listed: Lists) -> Ints:
        """Put the lists of rows in place of what they had; return those that differ."""
        before, after = self.lists, Lists.empty(self.table.capacity, room=listed.room)
        kept = np.setdiff1d(self.table.standing(), rows, assume_unique=True)
        after.put(kept, before.take(kept))
        after.put(rows, listed)
        self.lists = after
        held = Lists.empty(self.table.capacity, room=before.room)
        held.put(slice(len(before)), before)
        return rows[listed.differs(held.take(rows))]


def _meets(ranges: Ints, changed: Ints) -> Bools:
    """Whether each range of categories holds one of a changed row."""
    is_met = np.zeros(ranges.shape[1], dtype=np.bool_)
    for low, high in changed.T:
        is_met |= (ranges[0] < high) & (low < ranges[1])
    return is_met


def _of_supplies(
    supply: SupplyColumns, demand: DemandColumns, terrain: Terrain, ruleset: Ruleset
) -> Lists:
    found = ranking.columnar_per_supply(supply, demand, terrain, ruleset)
    ids = demand.request_id[found.demand]
    return _listed(found.supply, ids, found, count=len(supply), room=ruleset.top_k)


def _listed(owners: Ints, ids: Ints, found: ranking.Ranked, *, count: int, room: int) -> Lists:
    """Found pairs, best first within each owner, as lists."""
    lists = Lists.empty(count, room=room)
    place = np.arange(len(owners)) - np.searchsorted(owners, owners)
    lists.ids[owners, place], lists.scores[owners, place] = ids, found.score
    lists.counts[:] = np.bincount(owners, minlength=count)
    return lists
