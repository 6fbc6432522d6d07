"""Compiled walks that keep lists: of one who came or changed, and of one whose list ran short.

The walk of an owner over the other side's shelves makes his list, and enters him into the lists of
those he meets. As in `walks`, a bound in single precision says who has to be judged.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from matchmaking.engine.kernels.bounds import (
    bid_at,
    bound_offers,
    bound_requests,
    days_with_offers,
    days_with_requests,
    gather,
    scale_of,
)
from matchmaking.engine.kernels.jit import compiled, entry
from matchmaking.engine.kernels.kept import (
    BLOCK,
    BUCKET_MASK,
    BUCKETS,
    PLACE_MASK,
    keep_rows,
    sort_kept,
)
from matchmaking.engine.kernels.layout import (
    LINK,
    Int32s,
    Singles,
    World,
)
from matchmaking.engine.kernels.pairs import PARTS, score_of, way
from matchmaking.engine.kernels.shelves import (
    COUNT,
    HIGH,
    LOW,
    START,
    Shelves,
    ask_at,
    meets,
    term_at,
)
from matchmaking.engine.kernels.standing import Standing, enter, least_of, leave, note
from matchmaking.engine.kernels.vector import LANES, SHIFT
from matchmaking.engine.values import Floats, Ints

_NEVER: Final = 1 << 30
"""A score nobody reaches."""
_NOWHERE = np.float32(-1e9)
_ZERO = np.float32(0)


class Side(NamedTuple):
    """One side of a market with its lists."""

    shelves: Shelves
    lists: Standing


class Ground(NamedTuple):
    """What both sides are judged by."""

    world: World
    doors: World
    """The same with doors in place of requests: all behind one have its ways and pacts."""
    shown: int
    """How long a list is for others; it is kept longer."""


class Scratch(NamedTuple):
    """Working memory of one thread."""

    ways: Floats
    table: Singles
    """(3, links): hours, freight and points of the pact, in single precision."""
    seen: Int32s
    """From whose link the ways to each link were last worked out."""
    block: Singles
    kept: Ints
    counts: Ints
    parts: Int32s


class Walk(NamedTuple):
    """Owners of one side walk over the shelves of the other."""

    ground: Ground
    mine: Side
    theirs: Side
    is_offering: bool
    enters: bool
    """Whether they are new to the lists of the others."""
    scratch: Scratch


def scratch_for(*, links: int, longest: int) -> Scratch:
    """Working memory.

    Args:
        links: How many origins or doors there are on the other side.
        longest: How many places are on all its shelves.
    """
    return Scratch(
        ways=np.empty((links, 3)),
        table=np.zeros((3, links), dtype=np.float32),
        seen=np.full(links, -1, dtype=np.int32),
        block=np.empty((4, BLOCK), dtype=np.float32),
        kept=np.empty((2, longest + LANES), dtype=np.int64),
        counts=np.empty(BUCKETS, dtype=np.int64),
        parts=np.empty(PARTS, dtype=np.int32),
    )


def fits(scratch: Scratch, *, links: int, longest: int) -> bool:
    """Whether working memory is large enough."""
    return len(scratch.seen) >= links and scratch.kept.shape[1] >= longest + LANES


@compiled
def _find_way(doors: World, ends: tuple[int, int], at: int, scratch: Scratch) -> None:
    found, rules, (origin, door) = scratch.ways[at], doors.rules[0], ends
    way(doors, doors.origins[origin], door, found)
    pact = rules.unknown if np.isnan(found[2]) else found[2]
    scratch.table[0, at] = -1.0 if np.isnan(found[0]) else found[0]
    scratch.table[1, at] = found[1]
    scratch.table[2, at] = _NOWHERE if np.isinf(found[0]) else pact * rules.weights[6]


@compiled
def _find_ways(walk: Walk, mine: int, links: Int32s) -> None:
    """Work out the ways to those of a block who share days, where they were not yet."""
    scratch = walk.scratch
    days = scratch.block[3]
    for at in range(len(links)):
        link = links[at]
        if days[at] > _ZERO and scratch.seen[link] != mine:
            scratch.seen[link] = mine
            ends = (mine, link) if walk.is_offering else (link, mine)
            _find_way(walk.ground.doors, ends, link, scratch)
    for at in range(3):
        gather(links, scratch.table[at], scratch.block[at])


@compiled
def _bound(walk: Walk, row: int, span: slice) -> None:
    """Bound the scores of an owner with those in a span of places."""
    mine, hot, block = walk.mine.shelves, walk.theirs.shelves.hot, walk.scratch.block
    place, scale = mine.place[row], scale_of(walk.ground.world.rules[0])
    if walk.is_offering:
        days_with_requests(hot.whole, span, term_at(mine.hot, place), block[3])
        _find_ways(walk, mine.link[row], hot.whole[LINK][span])
        bound_requests(hot, span, bid_at(mine.hot, place), scale, block)
    else:
        days_with_offers(hot.whole, span, term_at(mine.hot, place), block[3])
        _find_ways(walk, mine.link[row], hot.whole[LINK][span])
        bound_offers(hot, span, ask_at(mine.hot, place), scale, block)


@compiled
def _collect(walk: Walk, row: int) -> int:
    """Keep those an owner has to be judged with, by bound; return how many."""
    mine, theirs, scratch = walk.mine.shelves, walk.theirs.shelves, walk.scratch
    kept, least = 0, scale_of(walk.ground.world.rules[0]).least
    for shelf in range(theirs.runs.shape[1]):
        if meets(theirs, shelf, mine, mine.run[row]):
            start, count = theirs.runs[START, shelf], theirs.runs[COUNT, shelf]
            for begin in range(start, start + count, BLOCK):
                size = min(BLOCK, start + count - begin)
                _bound(walk, row, slice(begin, begin + size))
                kept += keep_rows(scratch.block[3], size, least, begin, scratch.kept[0][kept:])
    sort_kept(scratch.kept[0][:kept], scratch.kept[1], scratch.counts)
    return kept


@compiled
def _judge(walk: Walk, row: int, kept: Ints) -> None:
    """Judge the kept from the best bound down, until nobody left can enter a list."""
    mine, theirs, world = walk.mine, walk.theirs, walk.ground.world
    minimum, links = world.rules[0].minimum, theirs.shelves.hot.whole[LINK]
    for one in kept:
        points, place = one >> SHIFT, one & PLACE_MASK
        other = np.int64(theirs.shelves.rows[place])
        own, their = least_of(mine.lists, row, minimum), np.int64(_NEVER)
        if walk.enters and not theirs.lists.is_due[other]:
            their = least_of(theirs.lists, other, minimum)
        if points < min(own, their):
            if not walk.enters and points | BUCKET_MASK < own:
                break
            continue
        pair = (row, other) if walk.is_offering else (other, row)
        ways, bounds = walk.scratch.ways[links[place]], (points, min(own, their))
        score = score_of(world, pair, ways, bounds, walk.scratch.parts)
        if score >= own:
            enter(mine.lists, row, other, score)
        if score >= their:
            note(theirs.lists, other, walk.ground.shown)
            enter(theirs.lists, other, row, score)


@entry
def walk_for(walk: Walk, rows: Ints) -> None:
    """Make the lists of owners, and enter them into those of others."""
    for row in rows:
        kept = _collect(walk, row)
        _judge(walk, row, walk.scratch.kept[1][:kept])


@entry
def depart(owners: Side, rows: Ints, ranges: Ints, shown: int) -> None:
    """Take those who left off the lists of whoever may have listed them.

    Args:
        owners: The side that may have.
        rows: Who left.
        ranges: (2, n): the categories each belonged to.
        shown: How long a list is for others.
    """
    shelves, runs = owners.shelves, owners.shelves.runs
    for one in range(len(rows)):
        low, high = ranges[0, one], ranges[1, one]
        for shelf in range(runs.shape[1]):
            if runs[LOW, shelf] < high and low < runs[HIGH, shelf]:
                for place in range(runs[START, shelf], runs[START, shelf] + runs[COUNT, shelf]):
                    leave(owners.lists, shelves.rows[place], rows[one], shown)
