"""The compiled ranking: lays columns out, shares the walks among threads, joins the lists."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from matchmaking.engine.kernels import layout, mirrored, walks
from matchmaking.engine.kernels.heap import Lists, best_of
from matchmaking.engine.kernels.kept import BLOCK, BUCKETS
from matchmaking.engine.kernels.numbering import distinct, origins_by_run
from matchmaking.engine.kernels.pairs import PARTS
from matchmaking.engine.kernels.vector import LANES
from matchmaking.engine.ruleset import DEFAULT_RULESET, Ruleset
from matchmaking.engine.values import DemandColumns, Ints, SupplyColumns, Terrain

_ONE_THREAD_PAIRS: Final = 1_000_000
"""Below it, threads cost more than they bring."""
_CHUNKS_PER_THREAD: Final = 8


def best_per_demand(
    supply: SupplyColumns,
    demand: DemandColumns,
    terrain: Terrain,
    ruleset: Ruleset,
    *,
    threads: int,
) -> layout.Found | None:
    """The best offers of each request; None where amounts or days are beyond the kernel's range."""
    by_category = np.argsort(supply.category_order, kind="stable")
    if (by_category[1:] < by_category[:-1]).any():
        supply = supply.take(by_category)
    origin, world = _world(supply, demand, terrain, ruleset)
    if not layout.in_range(world):
        return None
    slices = _slices(world, supply, demand, origin=origin)
    counts = np.maximum(slices.bounds[1] - slices.bounds[0], 0)
    lists = _lists(counts, ids=supply.offer_id, top_k=ruleset.top_k)
    sizes = len(world.origins), int(counts.max(initial=0)), lists.room
    _share(
        lambda rows: walks.walk_requests(world, slices, lists, rows, _scratch(*sizes)),
        counts,
        order=np.lexsort((slices.door, demand.category_hi, demand.category_lo)),
        threads=threads,
    )
    owners, rows, points = _joined(lists)
    return layout.Found(supply=by_category[rows], demand=owners, points=points)


def best_per_supply(
    supply: SupplyColumns,
    demand: DemandColumns,
    terrain: Terrain,
    ruleset: Ruleset,
    *,
    threads: int,
) -> layout.Found | None:
    """The best requests of each offer; None where amounts or days are beyond the kernel's range."""
    origin, world = _world(supply, demand, terrain, ruleset)
    if not layout.in_range(world):
        return None
    listing = _listing(world, supply, demand, origin=origin)
    counts = listing.bounds[1] - listing.bounds[0]
    lists = _lists(counts, ids=demand.request_id, top_k=ruleset.top_k)
    sizes = len(listing.doors), lists.room
    _share(
        lambda rows: mirrored.walk_offers(world, listing, lists, rows, _trial(*sizes)),
        counts,
        order=np.argsort(supply.category_order, kind="stable"),
        threads=threads,
    )
    owners, rows, points = _joined(lists)
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
) -> tuple[layout.Int32s, layout.World]:
    """The number of each offer's origin, and everything a judgement reads."""
    origin, firsts = _numbered(layout.origin_keys(supply))
    origins = layout.origins_of(supply, rows=firsts)
    return origin, layout.world_of(supply, demand, terrain, ruleset, origins=origins)


def _slices(
    world: layout.World, supply: SupplyColumns, demand: DemandColumns, *, origin: layout.Int32s
) -> walks.Slices:
    """Where each request's candidates lie, and the origins among them."""
    ordered = supply.category_order
    spans = [np.searchsorted(ordered, one) for one in (demand.category_lo, demand.category_hi)]
    runs = np.append(np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1)), len(ordered))
    slices = walks.Slices(
        hot=layout.hot_of(world.offers, world.rules, origin=origin),
        bounds=np.stack([*spans, *(np.searchsorted(runs, one) for one in spans)]),
        run_starts=np.empty(len(runs), dtype=np.int64),
        run_origins=np.empty_like(origin),
        door=_numbered(layout.doors_of(demand))[0],
    )
    unseen = np.full(len(world.origins), -1)
    origins_by_run(origin, runs, unseen, slices.run_origins, slices.run_starts)
    return slices


def _listing(
    world: layout.World, supply: SupplyColumns, demand: DemandColumns, *, origin: layout.Int32s
) -> mirrored.Listing:
    """Which requests ask for each offer's category."""
    orders, category = np.unique(supply.category_order, return_inverse=True)
    first = np.searchsorted(orders, demand.category_lo)
    spans = np.maximum(np.searchsorted(orders, demand.category_hi) - first, 0)
    asked = np.repeat(first - (np.cumsum(spans) - spans), spans) + np.arange(spans.sum())
    rows = np.repeat(np.arange(len(demand)), spans)[np.argsort(asked, kind="stable")]
    ends = np.cumsum(np.bincount(asked, minlength=len(orders)))
    door, doors = _numbered(layout.doors_of(demand))
    mask = world.requests["mask"].astype(np.uint32).view(np.int32)
    whole = np.empty((5, len(rows)), dtype=np.int32)
    whole[0], whole[1], whole[4] = rows, mask[rows], door[rows]
    whole[2], whole[3] = demand.first_day[rows], demand.last_day[rows]
    bounds = np.stack([np.append(0, ends[:-1])[category], ends[category]])
    return mirrored.Listing(whole, bounds, origin, doors)


def _numbered(keys: Ints) -> tuple[layout.Int32s, Ints]:
    """Number of each distinct row of keys, and the row in which each number appears first."""
    numbers, firsts = np.empty(len(keys), dtype=np.int32), np.empty(len(keys), dtype=np.int64)
    slots = np.full(1 << (2 * len(keys) + 1).bit_length(), -1, dtype=np.int32)
    return numbers, firsts[: distinct(keys, slots, numbers, firsts)]


def _lists(counts: Ints, *, ids: Ints, top_k: int) -> Lists:
    """Empty lists for owners with so many candidates each; candidates have the ids."""
    room = np.minimum(counts, top_k)
    starts = np.append(0, np.cumsum(room))
    by_tie = np.argsort(ids, kind="stable")[::-1]
    ties = np.empty(len(ids), dtype=np.int64)
    ties[by_tie] = np.arange(len(ids))
    return Lists(
        starts=starts,
        counts=np.zeros(len(counts), dtype=np.int64),
        rows=np.empty(starts[-1], dtype=np.int32),
        parts=np.empty((starts[-1], PARTS), dtype=np.int32),
        ties=ties,
        by_tie=by_tie.astype(np.int32),
        room=int(room.max(initial=1)),
    )


def _scratch(origins: int, longest: int, room: int) -> walks.Scratch:
    return walks.Scratch(
        ways=np.empty((origins, 3)),
        table=np.empty((3, origins), dtype=np.float32),
        seen=np.full(origins, -1, dtype=np.int32),
        block=np.empty((4, BLOCK), dtype=np.float32),
        kept=np.empty((2, longest + LANES), dtype=np.int64),
        counts=np.empty(BUCKETS, dtype=np.int64),
        best=best_of(room),
    )


def _trial(doors: int, room: int) -> mirrored.Trial:
    seen = np.full(doors, -1, dtype=np.int32)
    return mirrored.Trial(ways=np.empty((doors, 3)), seen=seen, best=best_of(room))


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
