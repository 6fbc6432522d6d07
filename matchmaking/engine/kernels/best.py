"""The compiled ranking: lays columns out, shares the walks among threads, joins the lists."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import numpy as np

from matchmaking.engine.kernels import layout, walks
from matchmaking.engine.kernels.heap import Lists
from matchmaking.engine.kernels.pairs import PARTS
from matchmaking.engine.ruleset import Ruleset
from matchmaking.engine.values import DemandColumns, Ints, SupplyColumns, Terrain

_ONE_THREAD_PAIRS: Final = 1_000_000
"""Below it, threads cost more than they bring."""
_CHUNKS_PER_THREAD: Final = 8


class Found(NamedTuple):
    """Listed pairs, best first within each owner, and the points of their parts."""

    supply: Ints
    demand: Ints
    points: layout.Int32s


def best_per_demand(
    supply: SupplyColumns,
    demand: DemandColumns,
    terrain: Terrain,
    ruleset: Ruleset,
    *,
    threads: int,
) -> Found | None:
    """The best offers of each request; None where amounts or days are beyond the kernel's range."""
    by_category = np.argsort(supply.category_order, kind="stable")
    origin, origins = _origins(supply, rows=by_category)
    world = layout.world_of(supply, demand, terrain, ruleset, origins=origins)
    if not layout.in_range(world):
        return None
    ordered = supply.category_order[by_category]
    spans = [np.searchsorted(ordered, one) for one in (demand.category_lo, demand.category_hi)]
    runs = np.append(np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1)), len(ordered))
    run_origins = np.empty_like(origin)
    slices = walks.Slices(
        hot=layout.hot_of(world.offers, rows=by_category, origin=origin),
        bounds=np.stack([*spans, *(np.searchsorted(runs, one) for one in spans)]),
        run_starts=walks.origins_by_run(origin, runs, run_origins),
        run_origins=run_origins,
    )
    counts = np.maximum(spans[1] - spans[0], 0)
    lists = _lists(counts, ids=supply.offer_id, top_k=ruleset.top_k)
    _share(lambda rows: walks.walk_requests(world, slices, lists, rows), counts, threads)
    owners, rows, points = _joined(lists)
    return Found(supply=rows, demand=owners, points=points)


def best_per_supply(
    supply: SupplyColumns,
    demand: DemandColumns,
    terrain: Terrain,
    ruleset: Ruleset,
    *,
    threads: int,
) -> Found | None:
    """The best requests of each offer; None where amounts or days are beyond the kernel's range."""
    origin, origins = _origins(supply, rows=np.arange(len(supply)))
    world = layout.world_of(supply, demand, terrain, ruleset, origins=origins)
    if not layout.in_range(world):
        return None
    orders, category = np.unique(supply.category_order, return_inverse=True)
    first = np.searchsorted(orders, demand.category_lo)
    spans = np.maximum(np.searchsorted(orders, demand.category_hi) - first, 0)
    asked = np.repeat(first - (np.cumsum(spans) - spans), spans) + np.arange(spans.sum())
    rows = np.repeat(np.arange(len(demand)), spans)[np.argsort(asked, kind="stable")]
    ends = np.cumsum(np.bincount(asked, minlength=len(orders)))
    bounds = np.stack([np.append(0, ends[:-1])[category], ends[category]])
    columns = [rows, world.requests["mask"].astype(np.uint32).view(np.int32)[rows]]
    columns += [demand.first_day[rows], demand.last_day[rows]]
    listing = walks.Listing(np.stack(columns).astype(np.int32), bounds, origin)
    counts = bounds[1] - bounds[0]
    lists = _lists(counts, ids=demand.request_id, top_k=ruleset.top_k)
    _share(lambda rows: walks.walk_offers(world, listing, lists, rows), counts, threads)
    owners, rows, points = _joined(lists)
    return Found(supply=owners, demand=rows, points=points)


def _origins(supply: SupplyColumns, *, rows: Ints) -> tuple[layout.Int32s, layout.Rows]:
    """Number of the origin of each of the rows, and the origins."""
    keys = layout.origin_keys(supply, rows=rows)
    origin = np.empty(len(keys), dtype=np.int32)
    firsts = walks.distinct(keys, origin)
    return origin, layout.origins_of(supply, rows=rows[firsts])


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


def _share(walk: Callable[[Ints], None], counts: Ints, threads: int) -> None:
    """Walk for every owner, the owners in runs of about as many pairs each."""
    owners, total = np.arange(len(counts)), int(counts.sum())
    if threads <= 1 or total < _ONE_THREAD_PAIRS:
        walk(owners)
        return
    run = np.cumsum(counts) * threads * _CHUNKS_PER_THREAD // (total + 1)
    chunks = np.split(owners, np.flatnonzero(np.diff(run)) + 1)
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(walk, chunk) for chunk in chunks]:
            done.result()


def _joined(lists: Lists) -> tuple[Ints, Ints, layout.Int32s]:
    counts = lists.counts
    owners = np.repeat(np.arange(len(counts)), counts)
    shift = lists.starts[:-1] - (np.cumsum(counts) - counts)
    place = np.arange(len(owners)) + np.repeat(shift, counts)
    return owners, lists.rows[place].astype(np.int64), lists.parts[place]
