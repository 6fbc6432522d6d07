"""The compiled walk of an owner over those of the other side in what he asks for or offers.

A pass in single precision bounds every score from above; rows that may be listed are sorted by
that bound and judged exactly, in double precision, from the best down, until no bound left can
enter the list. Requests walk over offers, offers over requests: each again in every category it
asks for.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matchmaking.engine.kernels.bounds import (
    ask_of,
    bid_at,
    bound_offers,
    bound_requests,
    days_with_offers,
    days_with_requests,
    gather,
    scale_of,
    term_of,
)
from matchmaking.engine.kernels.heap import Best, Lists, floor_of, keep, write
from matchmaking.engine.kernels.jit import compiled, entry
from matchmaking.engine.kernels.kept import BLOCK, BUCKET_MASK, PLACE_MASK, keep_rows, sort_kept
from matchmaking.engine.kernels.layout import LINK, Hot, Int32s, Singles, World
from matchmaking.engine.kernels.pairs import score_of, way
from matchmaking.engine.kernels.vector import SHIFT
from matchmaking.engine.values import Floats, Ints

_NOWHERE = np.float32(-1e9)


class Slices(NamedTuple):
    """One side by category, for the other to walk over."""

    hot: Hot
    rows: Int32s
    """Whose row stands in each place."""
    run_starts: Ints
    run_links: Int32s
    """Of each run of equal categories its distinct links: origins of offers, doors of requests."""


class Walk(NamedTuple):
    """Owners of one side walk over the slices of the other."""

    is_offering: bool
    slices: Slices
    bounds: Ints
    """(4, owners): the first place of each one's slice and the end, the first run and the end."""
    link: Int32s
    """Origin or door of each owner: ways and pacts from one are worked out once."""
    doors: Ints
    """A request behind each door: way and pact are those of all behind it."""
    own: Hot
    """The owners in their order, where they are offers."""


class Scratch(NamedTuple):
    """Working memory of one thread."""

    ways: Floats
    table: Singles
    seen: Int32s
    block: Singles
    kept: Ints
    """(2, longest slice): bound above place, as they come and by bound."""
    counts: Ints
    best: Best


@compiled
def _fill_table(world: World, walk: Walk, row: int, scratch: Scratch) -> None:
    """Work out the way to every link in the slice that was not worked out from the owner's."""
    rules, mine, slices = world.rules[0], walk.link[row], walk.slices
    start, stop = slices.run_starts[walk.bounds[2, row]], slices.run_starts[walk.bounds[3, row]]
    for at in range(start, stop):
        link = slices.run_links[at]
        if scratch.seen[link] == mine:
            continue
        scratch.seen[link] = mine
        found, origin, door = scratch.ways[link], link, mine
        if walk.is_offering:
            origin, door = mine, link
        way(world, world.origins[origin], walk.doors[door], found)
        pact = rules.unknown if np.isnan(found[2]) else found[2]
        scratch.table[0, link] = -1.0 if np.isnan(found[0]) else found[0]
        scratch.table[1, link] = found[1]
        scratch.table[2, link] = _NOWHERE if np.isinf(found[0]) else pact * rules.weights[6]


@compiled
def _gather_ways(links: Int32s, scratch: Scratch) -> None:
    for at in range(3):
        gather(links, scratch.table[at], scratch.block[at])


@compiled
def _collect_offers(world: World, walk: Walk, row: int, scratch: Scratch) -> int:
    """Keep the offers that a request may list; return how many."""
    hot, block, kept = walk.slices.hot, scratch.block, 0
    ask, scale, term = ask_of(world, row), scale_of(world.rules[0]), term_of(world.requests[row])
    for begin in range(walk.bounds[0, row], walk.bounds[1, row], BLOCK):
        size = min(BLOCK, walk.bounds[1, row] - begin)
        span = slice(begin, begin + size)
        _gather_ways(hot.whole[LINK][span], scratch)
        days_with_offers(hot.whole, span, term, block[3])
        bound_offers(hot, span, ask, scale, block)
        kept += keep_rows(block[3], size, scale.least, begin, scratch.kept[0][kept:])
    return kept


@compiled
def _collect_requests(world: World, walk: Walk, row: int, scratch: Scratch) -> int:
    """Keep the requests that an offer may list; return how many."""
    hot, block, kept = walk.slices.hot, scratch.block, 0
    bid, scale, term = bid_at(walk.own, row), scale_of(world.rules[0]), term_of(world.offers[row])
    for begin in range(walk.bounds[0, row], walk.bounds[1, row], BLOCK):
        size = min(BLOCK, walk.bounds[1, row] - begin)
        span = slice(begin, begin + size)
        _gather_ways(hot.whole[LINK][span], scratch)
        days_with_requests(hot.whole, span, term, block[3])
        bound_requests(hot, span, bid, scale, block)
        kept += keep_rows(block[3], size, scale.least, begin, scratch.kept[0][kept:])
    return kept


@compiled
def _judge(world: World, walk: Walk, lists: Lists, row: int, kept: Ints, scratch: Scratch) -> None:
    """Judge the kept from the best bound down, until none left can enter the list."""
    best, room, size = scratch.best, lists.starts[row + 1] - lists.starts[row], 0
    links, minimum = walk.slices.hot.whole[LINK], world.rules[0].minimum
    for one in kept:
        points, place = one >> SHIFT, one & PLACE_MASK
        floor = floor_of(best, size, room, minimum)
        if points < floor:
            if points | BUCKET_MASK < floor:
                break
            continue
        other = np.int64(walk.slices.rows[place])
        pair = (row, other) if walk.is_offering else (other, row)
        ways = scratch.ways[links[place]]
        score = score_of(world, pair, ways, (points, floor), best.parts[-1])
        if score >= 0:
            size = keep(best, size, room, score, lists.ties[other])
    write(best, size, lists, row)


@entry
def walk_for(world: World, walk: Walk, lists: Lists, rows: Ints, scratch: Scratch) -> None:
    """List the best partners of the given owners."""
    for row in rows:
        lists.counts[row] = 0
        if walk.bounds[1, row] > walk.bounds[0, row]:
            _fill_table(world, walk, row, scratch)
            if walk.is_offering:
                kept = _collect_requests(world, walk, row, scratch)
            else:
                kept = _collect_offers(world, walk, row, scratch)
            sort_kept(scratch.kept[0][:kept], scratch.kept[1], scratch.counts)
            _judge(world, walk, lists, row, scratch.kept[1][:kept], scratch)
