"""Lists kept by the compiled kernel: who came or changed is judged, who left is taken off."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np

from matchmaking.engine.kernels import keeping, layout, noting, shelves
from matchmaking.engine.kernels.choice import CHOICE
from matchmaking.engine.markets.lists import Lists
from matchmaking.engine.markets.sides import Kind, Records, Side
from matchmaking.engine.markets.table import Changes, Table
from matchmaking.engine.markets.visitors import lists_of_visitors
from matchmaking.engine.ruleset import DEFAULT_RULESET, Ruleset
from matchmaking.engine.values import DemandColumns, Ints, SupplyColumns, Terrain

_ONE_THREAD_ROWS: Final = 2_000
"""Below it, threads cost more than they bring."""
_CHUNKS_PER_THREAD: Final = 8


def _offers(supply: SupplyColumns) -> Records:
    return (layout.offer_rows(supply),)


def _origins(supply: SupplyColumns) -> Records:
    return (layout.origins_of(supply, rows=np.arange(len(supply))),)


def _requests(demand: DemandColumns) -> Records:
    return layout.request_rows(demand), layout.outlet_rows(demand)


def _write_offers(supply: SupplyColumns, rows: Ints, records: Records) -> None:
    noting.note_offers(noting.offers_of(supply), rows, records[0], rows)


def _write_requests(demand: DemandColumns, rows: Ints, records: Records) -> None:
    for mine, found in zip(records, _requests(demand.take(rows)), strict=True):
        mine[rows] = found


SUPPLIES: Final = Kind(
    keys_of=layout.origin_keys,
    ends_of=_origins,
    records_of=_offers,
    write=_write_offers,
    places=shelves.OFFER_PLACES,
)
DEMANDS: Final = Kind(
    keys_of=layout.doors_of,
    ends_of=_requests,
    records_of=_requests,
    write=_write_requests,
    places=shelves.REQUEST_PLACES,
)


class CompiledKeeper:
    """The lists of both sides, row for row as in their tables."""

    def __init__(self, supplies: Table[SupplyColumns], demands: Table[DemandColumns]) -> None:
        self._supplies = Side(supplies, SUPPLIES)
        self._demands = Side(demands, DEMANDS)
        self._judged_by: tuple[Terrain, Ruleset] | None = None
        self._rules: layout.Rows
        self._ground: keeping.Ground
        self._scratch: dict[bool, keeping.Scratch] = {}
        self._visiting: keeping.Scratch | None = None

    @property
    def memory_bytes(self) -> int:
        """Size of the arrays."""
        return self._supplies.memory_bytes + self._demands.memory_bytes

    def lists_of_supplies(self, rows: Ints) -> Lists:
        """The lists of the given rows."""
        return self._supplies.lists.take(rows)

    def lists_of_demands(self, rows: Ints) -> Lists:
        """The lists of the given rows."""
        return self._demands.lists.take(rows)

    def settle(self, terrain: Terrain, ruleset: Ruleset, *, is_anew: bool) -> tuple[Ints, Ints]:
        """Bring lists up to date; return the rows of either side whose list is another now.

        Args:
            terrain: The ground.
            ruleset: The rules.
            is_anew: Whether every list has to be ranked.
        """
        supplies, demands = self._supplies, self._demands
        offers = supplies.take_in(partners=demands.table.ids, is_anew=is_anew)
        requests = demands.take_in(partners=supplies.table.ids, is_anew=is_anew)
        self._stand_on(terrain, ruleset)
        world = self._ground.world
        if len(offers.unwritten):
            shelves.shelve_offers(world, supplies.shelves, offers.unwritten)
        if len(requests.unwritten):
            shelves.shelve_requests(world, demands.shelves, requests.unwritten)
        if is_anew or offers.is_many or requests.is_many:
            self._rank(shown=ruleset.top_k)
        else:
            self._patch(offers.changes, requests.changes)
        return supplies.lists.changed(), demands.lists.changed()

    def requests_for(self, supply: SupplyColumns) -> Lists:
        """The best requests of offers that do not stand here."""
        demands = self._demands
        if self._visiting is None or not demands.fits(self._visiting):
            self._visiting = _scratch(demands)
        return lists_of_visitors(
            supply,
            demands.compiled,
            self._ground,
            ids=demands.table.ids,
            scratch=self._visiting,
        )

    def compile(self) -> None:
        """Compile whatever may be called, with nobody."""
        land = np.zeros((1, 1))
        nowhere = Terrain(travel_hours=land, travel_km=land, pacts=land.astype(np.bool_))
        self.settle(nowhere, DEFAULT_RULESET, is_anew=True)
        nobody, world = np.zeros(0, dtype=np.int64), self._ground.world
        supplies, demands = self._supplies, self._demands
        _write_offers(supplies.table.columns, nobody, supplies.records)
        shelves.shelve_offers(world, supplies.shelves, nobody)
        shelves.shelve_requests(world, demands.shelves, nobody)
        keeping.walk_for(self._walk_of(supplies, demands, _scratch(demands), enters=True), nobody)
        keeping.depart(supplies.compiled, nobody, np.zeros((2, 0), dtype=np.int64), 0)
        supplies.lists.compile()

    def _stand_on(self, terrain: Terrain, ruleset: Ruleset) -> None:
        """Put everything together that a judgement reads."""
        if self._judged_by != (terrain, ruleset):
            self._judged_by, self._scratch = (terrain, ruleset), {}
            self._rules = layout.rule_rows(ruleset)
        offers, requests = self._supplies.table.columns, self._demands.table.columns
        world = layout.World(
            offers=self._supplies.records[0],
            papers_from=offers.papers_from,
            papers_to=offers.papers_to,
            leaf=offers.leaf_signature,
            product=offers.product_signature,
            requests=self._demands.records[0],
            words=requests.words_signature,
            outlets=self._demands.records[1],
            origins=self._supplies.links.records[0],
            **layout.land_of(terrain),
            rules=self._rules,
        )
        doors, outlets = self._demands.links.records
        self._ground = keeping.Ground(
            world, world._replace(requests=doors, outlets=outlets), ruleset.top_k
        )

    def _patch(self, offers: Changes, requests: Changes) -> None:
        """Judge who came or changed, and rank whose list lost too many."""
        supplies, demands = self._supplies, self._demands
        supplies.lists.begin(offers.rows)
        demands.lists.begin(requests.rows)
        _depart(demands, offers)
        _depart(supplies, requests)
        self._walk(supplies, demands, offers.rows, enters=True)
        self._walk(demands, supplies, requests.rows, enters=True)
        for mine, theirs, left in (
            (supplies, demands, requests.left), (demands, supplies, offers.left),
        ):  # fmt: skip
            short = mine.lists.short() if len(left) else left
            mine.lists.begin(short)
            self._walk(mine, theirs, short, enters=False)

    def _rank(self, *, shown: int) -> None:
        """Rank everybody."""
        supplies, demands = self._supplies, self._demands
        for mine, theirs in ((supplies, demands), (demands, supplies)):
            mine.lists.start_anew(shown=shown)
            rows = mine.in_order()
            if len(rows) < _ONE_THREAD_ROWS or CHOICE.threads <= 1:
                self._walk(mine, theirs, rows, enters=False)
            else:
                self._share(mine, theirs, rows)

    def _share(self, mine: Side[Any], theirs: Side[Any], rows: Ints) -> None:
        def walk(chunk: Ints) -> None:
            keeping.walk_for(self._walk_of(mine, theirs, _scratch(theirs), enters=False), chunk)

        chunks = np.array_split(rows, CHOICE.threads * _CHUNKS_PER_THREAD)
        with ThreadPoolExecutor(CHOICE.threads) as pool:
            for done in [pool.submit(walk, chunk) for chunk in chunks]:
                done.result()

    def _walk(self, mine: Side[Any], theirs: Side[Any], rows: Ints, *, enters: bool) -> None:
        if not len(rows):
            return
        is_offering = mine is self._supplies
        scratch = self._scratch.get(is_offering)
        if scratch is None or not theirs.fits(scratch):
            scratch = self._scratch[is_offering] = _scratch(theirs)
        keeping.walk_for(self._walk_of(mine, theirs, scratch, enters=enters), rows)

    def _walk_of(
        self, mine: Side[Any], theirs: Side[Any], scratch: keeping.Scratch, *, enters: bool
    ) -> keeping.Walk:
        return keeping.Walk(
            ground=self._ground,
            mine=mine.compiled,
            theirs=theirs.compiled,
            is_offering=mine is self._supplies,
            enters=enters,
            scratch=scratch,
        )


def warm_up() -> None:
    """Compile everything, or load what was compiled, by keeping the lists of nobody."""
    supplies, demands = SupplyColumns.from_records([]), DemandColumns.from_records([])
    keeper = CompiledKeeper(
        Table(supplies, key="offer_id", ranges=("category_order", None)),
        Table(demands, key="request_id", ranges=("category_lo", "category_hi")),
    )
    keeper.compile()


def _depart(owners: Side[Any], changes: Changes) -> None:
    if len(changes.left):
        keeping.depart(owners.compiled, changes.left, changes.left_ranges, owners.lists.shown)


def _scratch(theirs: Side[Any]) -> keeping.Scratch:
    return keeping.scratch_for(links=theirs.links.capacity, longest=theirs.places)
