"""All open offers and requests of a shard, each with the list of its best partners kept exactly."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Protocol

import numpy as np

from matchmaking.engine.kernels.choice import CHOICE
from matchmaking.engine.markets.columnar import ColumnarKeeper
from matchmaking.engine.markets.lists import Lists
from matchmaking.engine.markets.table import Columns, Table
from matchmaking.engine.ruleset import Ruleset
from matchmaking.engine.values import DemandColumns, Ints, SupplyColumns, Terrain


@dataclass(frozen=True, eq=False, kw_only=True)
class Settled:
    """Who stands in a market and has another list than when it was last settled, by id."""

    supplies: Ints
    demands: Ints


class Keeper(Protocol):
    """Keeps the lists of two tables; row numbers are theirs."""

    def settle(self, terrain: Terrain, ruleset: Ruleset, *, is_anew: bool) -> tuple[Ints, Ints]:
        """Bring lists up to date; return the rows of either side whose list is another now."""
        ...

    def lists_of_supplies(self, rows: Ints) -> Lists:
        """The lists of the given rows."""
        ...

    def lists_of_demands(self, rows: Ints) -> Lists:
        """The lists of the given rows."""
        ...

    def requests_for(self, supply: SupplyColumns) -> Lists:
        """The best requests of offers that do not stand here."""
        ...

    @property
    def memory_bytes(self) -> int:
        """Size of the arrays."""
        ...


class Market:
    """Offers and requests that come, change and go, and the `top_k` best partners of each.

    After `settle` the lists are what `ranking` gives over all rows: highest score, then lowest id,
    nobody below the minimum score or gain. Until then they are those of the last `settle`.
    """

    def __init__(
        self, terrain: Terrain, ruleset: Ruleset, *, is_compiled: bool | None = None
    ) -> None:
        """Open without offers and requests.

        Args:
            terrain: The ground.
            ruleset: The rules.
            is_compiled: Whether the compiled kernel keeps the lists; None: where it can.
        """
        self.terrain, self.ruleset = terrain, ruleset
        self._supplies = Table(
            SupplyColumns.from_records([]), key="offer_id", ranges=("category_order", None)
        )
        self._demands = Table(
            DemandColumns.from_records([]), key="request_id", ranges=("category_lo", "category_hi")
        )
        self._keeper = _keeper(self._supplies, self._demands, is_compiled=is_compiled)
        self._is_anew = True

    @property
    def supply_count(self) -> int:
        """Number of offers."""
        return len(self._supplies)

    @property
    def demand_count(self) -> int:
        """Number of requests."""
        return len(self._demands)

    @property
    def memory_bytes(self) -> int:
        """Size of all arrays."""
        tables = self._supplies.memory_bytes + self._demands.memory_bytes
        return tables + self._keeper.memory_bytes

    def put_supplies(self, columns: SupplyColumns) -> None:
        """Add offers or replace those of the same id, unless a newer version is held.

        Raises:
            IndexError: A node or a province lies outside the land.
        """
        _check_places(self.terrain, nodes=columns.origin_node, provinces=columns.province)
        self._supplies.put(columns)

    def put_demands(self, columns: DemandColumns) -> None:
        """Add requests or replace those of the same id, unless a newer version is held.

        Raises:
            IndexError: A node or a province lies outside the land.
        """
        _check_places(self.terrain, nodes=columns.destination_nodes, provinces=columns.province)
        self._demands.put(columns)

    def drop_supplies(self, ids: Iterable[int]) -> None:
        """Take offers away; ids that are not held are no mistake."""
        self._supplies.drop(ids)

    def drop_demands(self, ids: Iterable[int]) -> None:
        """Take requests away; ids that are not held are no mistake."""
        self._demands.drop(ids)

    def stand_on(
        self,
        terrain: Terrain,
        *,
        supplies: Iterable[int] | None = None,
        demands: Iterable[int] | None = None,
    ) -> None:
        """Judge by other ground.

        Args:
            terrain: The ground.
            supplies: Offers that alone, with the requests named, have other ways than before.
            demands: Such requests; where neither is given, everybody has.

        Raises:
            IndexError: A node or a province lies outside the land.
        """
        offers = self._supplies.columns.take(self._supplies.standing())
        requests = self._demands.columns.take(self._demands.standing())
        _check_places(terrain, nodes=offers.origin_node, provinces=offers.province)
        _check_places(terrain, nodes=requests.destination_nodes, provinces=requests.province)
        self.terrain = terrain
        self._is_anew |= supplies is None and demands is None
        self._supplies.touch(() if supplies is None else supplies)
        self._demands.touch(() if demands is None else demands)

    def go_by(self, ruleset: Ruleset) -> None:
        """Judge by other rules."""
        self._is_anew |= ruleset != self.ruleset
        self.ruleset = ruleset

    def settle(self) -> Settled:
        """Bring all lists up to date after any number of changes."""
        changed = self._keeper.settle(self.terrain, self.ruleset, is_anew=self._is_anew)
        self._is_anew = False
        self._supplies.settled()
        self._demands.settled()
        return Settled(
            supplies=np.sort(self._supplies.ids[changed[0]]),
            demands=np.sort(self._demands.ids[changed[1]]),
        )

    def supply_ids(self) -> Ints:
        """Ids of all offers, in order."""
        return self._supplies.ids[self._supplies.standing()]

    def demand_ids(self) -> Ints:
        """Ids of all requests, in order."""
        return self._demands.ids[self._demands.standing()]

    def supply_columns(self, ids: Iterable[int]) -> SupplyColumns:
        """The given offers.

        Raises:
            KeyError: One is not held.
        """
        return self._supplies.copied(_known(self._supplies, ids))

    def demand_columns(self, ids: Iterable[int]) -> DemandColumns:
        """The given requests.

        Raises:
            KeyError: One is not held.
        """
        return self._demands.copied(_known(self._demands, ids))

    def lists_of_supplies(self, ids: Iterable[int]) -> Lists:
        """The best requests of each of the given offers; none of one that is not held."""
        return self._lists(self._supplies.find(ids), self._keeper.lists_of_supplies)

    def lists_of_demands(self, ids: Iterable[int]) -> Lists:
        """The best offers of each of the given requests; none of one that is not held."""
        return self._lists(self._demands.find(ids), self._keeper.lists_of_demands)

    def requests_for(self, columns: SupplyColumns) -> Lists:
        """The best of the settled requests for offers that are not put, and change no list.

        Raises:
            IndexError: A node or a province lies outside the land.
        """
        _check_places(self.terrain, nodes=columns.origin_node, provinces=columns.province)
        return self._keeper.requests_for(columns)

    def _lists(self, rows: Ints, lists_of: Callable[[Ints], Lists]) -> Lists:
        lists, is_held = Lists.empty(len(rows), room=self.ruleset.top_k), rows >= 0
        lists.put(np.flatnonzero(is_held), lists_of(rows[is_held]))
        return lists


def warm_up() -> None:
    """Compile what keeps lists, or load what was compiled, where it will be used."""
    compiled = _compiled() if CHOICE.use != "never" else None
    if compiled is not None:
        compiled.warm_up()


def _compiled() -> ModuleType | None:
    try:
        return importlib.import_module("matchmaking.engine.markets.compiled")
    except (ImportError, OSError):  # no numba, or none that runs here
        return None


def _keeper(
    supplies: Table[SupplyColumns], demands: Table[DemandColumns], *, is_compiled: bool | None
) -> Keeper:
    if is_compiled is None:
        is_compiled = CHOICE.use != "never"
    compiled = _compiled() if is_compiled else None
    if compiled is None:
        return ColumnarKeeper(supplies, demands)
    keeper: Keeper = compiled.CompiledKeeper(supplies, demands)
    return keeper


def _known(table: Table[Columns], ids: Iterable[int]) -> Ints:
    rows = table.find(ids)
    if (rows < 0).any():
        raise KeyError(f"{(rows < 0).sum()} ids are not held.")
    return rows


def _check_places(terrain: Terrain, *, nodes: Ints, provinces: Ints) -> None:
    for places, table, name in (
        (nodes, terrain.travel_hours, "nodes"), (provinces, terrain.pacts, "provinces"),
    ):  # fmt: skip
        if places.max(initial=-1) >= len(table):
            raise IndexError(f"The land has {len(table)} {name}.")
