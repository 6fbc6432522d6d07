"""The compiled ranking: lays columns out, shares the walks among threads, joins the lists."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import numpy as np

from matchmaking.engine.kernels import layout, walks
from matchmaking.engine.kernels.bounds import lay_requests
from matchmaking.engine.kernels.heap import Lists, best_of
from matchmaking.engine.kernels.kept import BLOCK, BUCKETS
from matchmaking.engine.kernels.numbering import distinct, links_by_run
from matchmaking.engine.kernels.pairs import PARTS
from matchmaking.engine.kernels.vector import LANES
from matchmaking.engine.ruleset import DEFAULT_RULESET, Ruleset
from matchmaking.engine.values import DemandColumns, Ints, SupplyColumns, Terrain

_ONE_THREAD_PAIRS: Final = 1_000_000
"""Below it, threads cost more than they bring."""
_CHUNKS_PER_THREAD: Final = 8


class _Links(NamedTuple):
    """What ways begin and end at: the origin of each offer, the door of each request."""

    origin: layout.Int32s
    door: layout.Int32s
    doors: Ints
    """A request behind each door."""


def best_per_demand(
    supply: SupplyColumns,
    demand: DemandColumns,
    terrain: Terrain,
    ruleset: Ruleset,
    *,
    threads: int,
) -> layout.Found | None:
    """The best offers of each request; None where amounts or days are beyond the kernel's range."""
    links, world = _world(supply, demand, terrain, ruleset)
    if not layout.in_range(world):
        return None
    walk = _walk_of_requests(world, supply, demand, links)
    order = np.lexsort((links.door, demand.category_hi, demand.category_lo))
    lists = _lists(walk, ids=supply.offer_id, top_k=ruleset.top_k)
    owners, rows, points = _walked(world, walk, lists, order=order, threads=threads)
    return layout.Found(supply=rows, demand=owners, points=points)


def best_per_supply(
    supply: SupplyColumns,
    demand: DemandColumns,
    terrain: Terrain,
    ruleset: Ruleset,
    *,
    threads: int,
) -> layout.Found | None:
    """The best requests of each offer; None where amounts or days are beyond the kernel's range."""
    links, world = _world(supply, demand, terrain, ruleset)
    if not layout.in_range(world):
        return None
    walk = _walk_of_offers(world, supply, demand, links)
    order = np.lexsort((links.origin, supply.category_order))
    lists = _lists(walk, ids=demand.request_id, top_k=ruleset.top_k)
    owners, rows, points = _walked(world, walk, lists, order=order, threads=threads)
    return layout.Found(supply=owners, demand=rows, points=points)


def warm_up() -> None:
    """Compile everything, or load what was compiled, by ranking nothing."""
    sides = SupplyColumns.from_records([]), DemandColumns.from_records([])
    nowhere = Terrain(
        travel_hours=np.zeros((1, 1)), travel_km=np.zeros((1, 1)), pacts=np.zeros((1, 1), bool)
    )
    for rank in (best_per_demand, best_per_supply):
        rank(*sides, nowhere, DEFAULT_RULESET, threads=1)


def _world(
    supply: SupplyColumns, demand: DemandColumns, terrain: Terrain, ruleset: Ruleset
) -> tuple[_Links, layout.World]:
    """The numbers of what ways begin and end at, and everything a judgement reads."""
    origin, firsts = _numbered(layout.origin_keys(supply))
    door, doors = _numbered(layout.doors_of(demand))
    origins = layout.origins_of(supply, rows=firsts)
    world = layout.world_of(supply, demand, terrain, ruleset, origins=origins)
    return _Links(origin, door, doors), world


def _walk_of_requests(
    world: layout.World, supply: SupplyColumns, demand: DemandColumns, links: _Links
) -> walks.Walk:
    """Requests walk over the offers of the categories they ask for."""
    by_category = np.argsort(supply.category_order, kind="stable").astype(np.int32)
    ordered, origin = supply.category_order[by_category], links.origin[by_category]
    runs = np.append(np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1)), len(ordered))
    hot = layout.hot_of(world.offers[by_category], world.rules, origin=origin)
    slices = _slices(hot, by_category, runs, links=len(world.origins))
    first, end = (np.searchsorted(ordered, one) for one in (demand.category_lo, demand.category_hi))
    end = np.where(demand.quantity_base > 0, end, first)
    bounds = np.stack([first, end, *(np.searchsorted(runs, one) for one in (first, end))])
    return walks.Walk(
        is_offering=False, slices=slices, bounds=bounds, link=links.door, doors=links.doors, own=hot
    )


def _walk_of_offers(
    world: layout.World, supply: SupplyColumns, demand: DemandColumns, links: _Links
) -> walks.Walk:
    """Offers walk over the requests for their category, each repeated where it asks for many."""
    orders, category = np.unique(supply.category_order, return_inverse=True)
    first, end = (np.searchsorted(orders, one) for one in (demand.category_lo, demand.category_hi))
    spans = np.where(demand.quantity_base > 0, np.maximum(end - first, 0), 0)
    asked = np.repeat(first - (np.cumsum(spans) - spans), spans) + np.arange(spans.sum())
    rows = np.repeat(np.arange(len(demand), dtype=np.int32), spans)
    rows = rows[np.argsort(asked, kind="stable")]
    runs = np.append(0, np.cumsum(np.bincount(asked, minlength=len(orders))))
    hot = layout.Hot(np.empty((4, len(rows)), np.int32), np.empty((11, len(rows)), np.float32))
    lay_requests(world, rows, links.door, hot)
    slices = _slices(hot, rows, runs, links=len(links.doors))
    bounds = np.stack([runs[category], runs[category + 1], category, category + 1])
    own = layout.hot_of(world.offers, world.rules, origin=links.origin)
    return walks.Walk(
        is_offering=True,
        slices=slices,
        bounds=bounds,
        link=links.origin,
        doors=links.doors,
        own=own,
    )


def _slices(hot: layout.Hot, rows: layout.Int32s, runs: Ints, *, links: int) -> walks.Slices:
    """Slices of the given rows, given where each category starts and the end of the last."""
    link = hot.whole[layout.LINK]
    starts, run_links = np.empty(len(runs), dtype=np.int64), np.empty_like(link)
    links_by_run(link, runs, np.full(links, -1), run_links, starts)
    return walks.Slices(hot, rows, starts, run_links)


def _numbered(keys: Ints) -> tuple[layout.Int32s, Ints]:
    """Number of each distinct row of keys, and the row in which each number appears first."""
    numbers, firsts = np.empty(len(keys), dtype=np.int32), np.empty(len(keys), dtype=np.int64)
    slots = np.full(1 << (2 * len(keys) + 1).bit_length(), -1, dtype=np.int32)
    return numbers, firsts[: distinct(keys, slots, numbers, firsts)]


def _lists(walk: walks.Walk, *, ids: Ints, top_k: int) -> Lists:
    """Empty lists for the owners of a walk; those they walk over have the ids."""
    room = np.minimum(_counts(walk), top_k)
    starts = np.append(0, np.cumsum(room))
    by_tie = np.argsort(ids, kind="stable")[::-1]
    ties = np.empty(len(ids), dtype=np.int64)
    ties[by_tie] = np.arange(len(ids))
    return Lists(
        starts=starts,
        counts=np.zeros(len(room), dtype=np.int64),
        rows=np.empty(starts[-1], dtype=np.int32),
        parts=np.empty((starts[-1], PARTS), dtype=np.int32),
        ties=ties,
        by_tie=by_tie.astype(np.int32),
        room=int(room.max(initial=1)),
    )


def _counts(walk: walks.Walk) -> Ints:
    """Candidates of each owner."""
    return np.maximum(walk.bounds[1] - walk.bounds[0], 0)


def _walked(
    world: layout.World, walk: walks.Walk, lists: Lists, *, order: Ints, threads: int
) -> tuple[Ints, Ints, layout.Int32s]:
    """Owners, partners and points of all lists after the walks of all owners, in an order."""
    counts, links = _counts(walk), len(walk.doors) if walk.is_offering else len(world.origins)
    longest = int(counts.max(initial=0))

    def walk_for(rows: Ints) -> None:
        walks.walk_for(world, walk, lists, rows, _scratch(links, longest, lists.room))

    _share(walk_for, counts, order=order, threads=threads)
    return _joined(lists)


def _scratch(links: int, longest: int, room: int) -> walks.Scratch:
    return walks.Scratch(
        ways=np.empty((links, 3)),
        table=np.empty((3, links), dtype=np.float32),
        seen=np.full(links, -1, dtype=np.int32),
        block=np.empty((4, BLOCK), dtype=np.float32),
        kept=np.empty((2, longest + LANES), dtype=np.int64),
        counts=np.empty(BUCKETS, dtype=np.int64),
        best=best_of(room),
    )


def _share(walk: Callable[[Ints], None], counts: Ints, *, order: Ints, threads: int) -> None:
    """Walk for every owner, in runs of about as many pairs each.

    Args:
        walk: Lists the partners of the given owners.
        counts: Candidates of each owner.
        order: All owners, those of one category together: they read the same rows.
        threads: How many walk at once.
    """
    total = int(counts.sum())
    if threads <= 1 or total < _ONE_THREAD_PAIRS:
        walk(order)
        return
    run = np.cumsum(counts[order]) * threads * _CHUNKS_PER_THREAD // (total + 1)
    chunks = np.split(order, np.flatnonzero(np.diff(run)) + 1)
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(walk, chunk) for chunk in chunks]:
            done.result()


def _joined(lists: Lists) -> tuple[Ints, Ints, layout.Int32s]:
    counts = lists.counts
    owners = np.repeat(np.arange(len(counts)), counts)
    shift = lists.starts[:-1] - (np.cumsum(counts) - counts)
    place = np.arange(len(owners)) + np.repeat(shift, counts)
    return owners, lists.rows[place].astype(np.int64), lists.parts[place]
