"""Compiled walks that keep lists: of one who came or changed, and of one whose list ran short.

The walk of an owner over the other side's shelves makes his list, and enters him into the lists of
those he meets. As in `walks`, a bound in single precision says who has to be judged.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from matchmaking.engine.kernels.bids import bid_of, bound_requests, days_with
from matchmaking.engine.kernels.jit import compiled, entry
from matchmaking.engine.kernels.kept import (
    BLOCK,
    BUCKET_MASK,
    BUCKETS,
    PLACE_MASK,
    keep_rows,
    sort_kept,
)
from matchmaking.engine.kernels.layout import ORIGIN, Int32s, Singles, World
from matchmaking.engine.kernels.pairs import (
    PARTS,
    alike,
    is_gainful,
    most_product,
    product_points,
    rest,
    way,
)
from matchmaking.engine.kernels.shelves import (
    BASE,
    BEYOND_BOUNDS,
    COUNT,
    HIGH,
    LOW,
    START,
    Shelves,
    meets,
)
from matchmaking.engine.kernels.standing import Standing, enter, least_of, leave, note
from matchmaking.engine.kernels.vector import LANES, SHIFT
from matchmaking.engine.kernels.walks import ask_of, bound_offers, gather, shared_days
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
def _collect_requests(walk: Walk, row: int) -> int:
    """Keep the requests an offer has to be judged with; return how many."""
    offers, requests, scratch = walk.mine.shelves, walk.theirs.shelves, walk.scratch
    rules, hot, kept = walk.ground.world.rules, requests.hot, 0
    bid, least = bid_of(offers.hot, offers.place[row], rules), np.float32(rules[0].minimum)
    for shelf in range(requests.runs.shape[1]):
        if meets(requests, shelf, offers, offers.run[row]):
            start, count = requests.runs[START, shelf], requests.runs[COUNT, shelf]
            for begin in range(start, start + count, BLOCK):
                size = min(BLOCK, start + count - begin)
                span = slice(begin, begin + size)
                days_with(hot.whole, span, bid, scratch.block)
                _find_ways(walk, offers.link[row], hot.whole[ORIGIN][span])
                bound_requests(hot, span, bid, scratch.block)
                kept += keep_rows(scratch.block[3], size, least, begin, scratch.kept[0][kept:])
    return kept


@compiled
def _bound_nobody(days: Singles) -> None:
    for at in range(len(days)):
        days[at] = BEYOND_BOUNDS if days[at] > _ZERO else days[at]


@compiled
def _collect_offers(walk: Walk, row: int) -> int:
    """Keep the offers a request has to be judged with; return how many."""
    requests, offers, scratch = walk.mine.shelves, walk.theirs.shelves, walk.scratch
    ask, hot, kept = ask_of(walk.ground.world, row), offers.hot, 0
    is_odd = requests.hot.real[BASE, requests.place[row]] >= BEYOND_BOUNDS
    if not ask.quantity > 0:
        return 0
    for shelf in range(offers.runs.shape[1]):
        if meets(offers, shelf, requests, requests.run[row]):
            start, count = offers.runs[START, shelf], offers.runs[COUNT, shelf]
            for begin in range(start, start + count, BLOCK):
                size = min(BLOCK, start + count - begin)
                span = slice(begin, begin + size)
                shared_days(hot.whole, span, ask, scratch.block)
                _find_ways(walk, requests.link[row], hot.whole[ORIGIN][span])
                if is_odd:
                    _bound_nobody(scratch.block[3][:size])
                else:
                    bound_offers(hot, span, ask, scratch.block)
                kept += keep_rows(scratch.block[3], size, ask.least, begin, scratch.kept[0][kept:])
    return kept


@compiled
def _score(
    world: World, pair: tuple[int, int], ways: Floats, bounds: tuple[int, int], parts: Int32s
) -> int:
    """The score of an offer and a request, or -1 where it is not eligible or below the floor.

    Args:
        world: Everything to be read.
        pair: Rows of the offer and the request.
        ways: Hours, freight and pact between them.
        bounds: What the score is at most, and the floor.
        parts: Room for the points of each part.
    """
    offer, row = pair
    points, floor = bounds
    request, rules, likeness = world.requests[row], world.rules[0], np.nan
    if request.has_words:
        likeness = alike(world.product[offer], world.leaf[offer], world.words[row])
    parts[0] = product_points(request, rules, likeness)
    if points - most_product(request, rules) + parts[0] < floor:
        return -1
    score = rest(world, offer, request, ways, parts)
    if score < 0 or score + parts[0] < floor or not is_gainful(rules, parts):
        return -1
    return score + parts[0]


@compiled
def _judge(walk: Walk, row: int, kept: Ints) -> None:
    """Judge the kept from the best bound down, until nobody left can enter a list."""
    mine, theirs, scratch = walk.mine, walk.theirs, walk.scratch
    minimum, links = walk.ground.world.rules[0].minimum, theirs.shelves.hot.whole[ORIGIN]
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
        bounds = points, min(own, their)
        score = _score(walk.ground.world, pair, scratch.ways[links[place]], bounds, scratch.parts)
        if score >= own:
            enter(mine.lists, row, other, score)
        if score >= their:
            note(theirs.lists, other, walk.ground.shown)
            enter(theirs.lists, other, row, score)


@entry
def walk_for(walk: Walk, rows: Ints) -> None:
    """Make the lists of owners, and enter them into those of others."""
    scratch = walk.scratch
    for row in rows:
        kept = _collect_requests(walk, row) if walk.is_offering else _collect_offers(walk, row)
        sort_kept(scratch.kept[0][:kept], scratch.kept[1], scratch.counts)
        _judge(walk, row, scratch.kept[1][:kept])


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
