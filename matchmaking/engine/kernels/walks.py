"""The compiled walks over candidates.

A request walks the slice of offers its category allows. A pass in single precision bounds every
score from above; rows that may be listed are sorted by that bound and judged exactly, in double
precision, from the best down, until no bound left can enter the list. An offer walks the requests
that ask for its category and leaves each at the first closed gate.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from matchmaking.engine.kernels.heap import Best, Lists, floor_of, keep, write
from matchmaking.engine.kernels.jit import bits_in, compiled, entry
from matchmaking.engine.kernels.layout import (
    CAPACITY,
    FIRST,
    LAST,
    LOT,
    MASK,
    MERIT,
    MERIT_SHIFT,
    ORIGIN,
    PRICE,
    QUANTITY,
    SHELF,
    Hot,
    Int32s,
    Singles,
    World,
)
from matchmaking.engine.kernels.pairs import alike, most_product, product_points, rest, way
from matchmaking.engine.kernels.vector import LANES, SHIFT, pack
from matchmaking.engine.values import Floats, Ints

BLOCK: Final = 1024
_PLACE_MASK: Final = (1 << SHIFT) - 1
BUCKETS: Final = 512
_BUCKET_MASK: Final = 31
"""Bounds that differ in these bits alone stand in no order."""
_BUCKET_SHIFT: Final = SHIFT + 5
_MERIT_MASK: Final = (1 << MERIT_SHIFT) - 1
_NO_AWARD: Final = 2
_ABOVE, _BELOW = np.float32(1 + 1e-6), np.float32(1 - 1e-6)
_ZERO, _ONE, _WEEK = np.float32(0), np.float32(1), np.float32(1 / 7)
_ROUND_UP = np.float32(6.5)
"""Days that make a week of a begun one, and a little more."""
_INFINITE, _VETO, _NOWHERE = np.float32(np.inf), np.float32(-1), np.float32(-1e9)


class Ask(NamedTuple):
    """One request in single precision, with what can be divided beforehand."""

    mask: int
    first: int
    last: int
    quantity: float
    per_quantity: float
    limit: float
    per_span: float
    lead: float
    per_day: float
    per_paper: float
    most_papers: float
    required: float
    stars: float
    unknown: float
    base: float
    least: float
    w_quantity: float
    w_price: float
    w_freight: float


class Slices(NamedTuple):
    """Offers by category, and of each run of equal categories its distinct origins."""

    hot: Hot
    bounds: Ints
    """(4, requests): the first row and the end, the first run and the end."""
    run_starts: Ints
    run_origins: Int32s
    door: Int32s
    """Which door each request is behind: ways and pacts to one are worked out once."""


class Listing(NamedTuple):
    """Requests by category of the offers: each again for every category it asks for."""

    whole: Int32s
    """(5, n): row, mask, first and last day, door."""
    bounds: Ints
    """(2, offers): the first entry and the end."""
    origin: Int32s
    doors: Ints
    """A request behind each door: way and pact are those of all behind it."""


class Trial(NamedTuple):
    """Working memory of one thread that judges pair by pair."""

    ways: Floats
    seen: Int32s
    best: Best


class Scratch(NamedTuple):
    """Working memory of one thread that walks slices."""

    ways: Floats
    table: Singles
    seen: Int32s
    block: Singles
    kept: Ints
    """(2, longest slice): bound above place, as they come and by bound."""
    counts: Ints
    best: Best


@entry
def distinct(keys: Ints, slots: Int32s, into: Int32s, firsts: Ints) -> int:
    """Number distinct rows of keys by first appearance and note where; return how many.

    Args:
        keys: Rows to compare.
        slots: A table of -1 for hashing, its length a power of two above that of the keys.
        into: The number of each row.
        firsts: The row in which each number appears first.
    """
    size, found = len(slots), 0
    for row in range(len(keys)):
        hashed = np.uint64(0)
        for at in range(keys.shape[1]):
            hashed = (hashed ^ np.uint64(keys[row, at])) * np.uint64(0x9E3779B97F4A7C15)
            hashed ^= hashed >> np.uint64(29)
        slot = np.int64(hashed & np.uint64(size - 1))
        while slots[slot] >= 0 and not _equals(keys, firsts[slots[slot]], row):
            slot = (slot + 1) & (size - 1)
        if slots[slot] < 0:
            slots[slot] = found
            firsts[found] = row
            found += 1
        into[row] = slots[slot]
    return found


@compiled
def _equals(keys: Ints, one: int, other: int) -> bool:
    for at in range(keys.shape[1]):  # noqa: SIM110 -- compiled, a loop is quicker to build
        if keys[one, at] != keys[other, at]:
            return False
    return True


@entry
def origins_by_run(origin: Int32s, runs: Ints, seen: Ints, into: Int32s, starts: Ints) -> None:
    """Write the distinct origins of each run of rows, run after run, and where they start.

    Args:
        origin: Origin of each row.
        runs: Where each run starts, and the end of the last.
        seen: One -1 for each origin.
        into: The origins.
        starts: Where those of each run start, and the end of the last.
    """
    count = 0
    starts[0] = 0
    for run in range(len(runs) - 1):
        for row in range(runs[run], runs[run + 1]):
            if seen[origin[row]] != run:
                seen[origin[row]] = run
                into[count] = origin[row]
                count += 1
        starts[run + 1] = count


@compiled
def _ask(world: World, row: int) -> Ask:
    request, rules = world.requests[row], world.rules[0]
    span, lead = request.ceiling * rules.span_share, request.lead_hours
    wishes = request.preferred & ~request.required
    base = rules.slack + most_product(request, rules)
    return Ask(
        np.int32(request.mask),
        np.int32(request.first_day),
        np.int32(request.last_day),
        np.float32(request.quantity),
        np.float32(1 / request.quantity),
        np.float32(request.ceiling * rules.tolerated),
        np.float32(1 / span if span > 0 else 0.0),
        np.float32(np.inf if np.isnan(lead) else lead),
        np.float32(rules.weights[3] / (request.last_day - request.first_day + 1)),
        np.float32(0.0 if wishes else rules.weights[5] / rules.papers_for_full),
        np.float32(rules.weights[5]),
        np.float32(np.int64(bits_in(np.uint64(request.required & rules.plain_slots)))),
        np.float32(max(request.minimum_stars, _NO_AWARD)),
        np.float32(rules.unknown),
        np.float32(base + (rules.weights[5] if wishes else 0.0)),
        np.float32(rules.minimum),
        np.float32(rules.weights[1]),
        np.float32(rules.weights[2]),
        np.float32(rules.weights[4]),
    )


@compiled
def _fill_table(world: World, slices: Slices, row: int, scratch: Scratch) -> None:
    """Work out the way from every origin in the slice that was not worked out to this door."""
    rules, door = world.rules[0], slices.door[row]
    start = slices.run_starts[slices.bounds[2, row]]
    stop = slices.run_starts[slices.bounds[3, row]]
    for at in range(start, stop):
        origin = slices.run_origins[at]
        if scratch.seen[origin] == door:
            continue
        scratch.seen[origin] = door
        found = scratch.ways[origin]
        way(world, world.origins[origin], row, found)
        pact = rules.unknown if np.isnan(found[2]) else found[2]
        scratch.table[0, origin] = -1.0 if np.isnan(found[0]) else found[0]
        scratch.table[1, origin] = found[1]
        scratch.table[2, origin] = _NOWHERE if np.isinf(found[0]) else pact * rules.weights[6]


@compiled
def _gather(origin: Int32s, table: Singles, into: Singles) -> None:
    # A loop of its own: beside arithmetic it would keep that from being vectorised.
    for at in range(len(origin)):
        into[at] = table[np.uint32(origin[at])]


@compiled
def _days(whole: Int32s, span: slice, ask: Ask, block: Singles) -> None:
    """Days both want to trade; none where a mask or the days do not meet."""
    mask, first_day, last_day = whole[MASK][span], whole[FIRST][span], whole[LAST][span]
    into = block[3]
    for at in range(len(mask)):
        first, last = max(first_day[at], ask.first), min(last_day[at], ask.last)
        meets = (mask[at] & ask.mask) == ask.mask
        into[at] = np.float32(np.int32(last - first + np.int32(1))) if meets else _ZERO


@compiled
def _bound(hot: Hot, span: slice, ask: Ask, block: Singles) -> None:
    """Bound the score of each row of a block from above; -1 where a gate is closed for sure."""
    real, merit = hot.real, hot.whole[MERIT][span]
    quantity, capacity, lot = real[QUANTITY][span], real[CAPACITY][span], real[LOT][span]
    prices, shelf = real[PRICE][span], real[SHELF][span]
    hours, freight, pact, into = block[0], block[1], block[2], block[3]
    for at in range(len(merit)):
        days, landed = into[at], prices[at] + freight[at]
        weeks = np.floor((days + _ROUND_UP) * _WEEK)
        available = min(quantity[at], capacity[at] * weeks)
        lowest = prices[at] if np.isnan(landed) else landed
        limit, used = min(shelf[at], ask.lead), hours[at]
        price = (ask.limit - landed) * ask.per_span
        price = ask.unknown if np.isnan(price) else min(max(price, _ZERO), _ONE)
        left = max(_ONE - used / limit, _ZERO) if limit > _ZERO else _ZERO
        left = ask.unknown if (used < _ZERO) | (limit == _INFINITE) else left
        plain = np.float32(np.int32(merit[at] & _MERIT_MASK))
        stars = np.float32(np.int32(merit[at] >> MERIT_SHIFT))
        papers = plain - ask.required + max(stars - ask.stars, _ZERO)
        total = ask.base + pact[at] + days * ask.per_day
        total += ask.w_quantity * min(available * ask.per_quantity, _ONE) + ask.w_price * price
        total += ask.w_freight * left + min(papers * ask.per_paper, ask.most_papers)
        fits = (days > _ZERO) & (min(available, ask.quantity) >= lot[at] * _BELOW)
        fits &= not (lowest * _BELOW > ask.limit * _ABOVE)
        fits &= not (used * _BELOW > limit * _ABOVE)
        into[at] = total if fits else _VETO


@compiled
def _keep_rows(bounds: Singles, count: int, ask: Ask, begin: int, into: Ints) -> int:
    """Write the rows that reach the least score, below their bounds; return how many."""
    for at in range(count, min(count + LANES, BLOCK)):
        bounds[at] = _VETO
    kept = 0
    for at in range(0, count, LANES):
        kept += pack(into[kept:], bounds, at, ask.least, begin + at)
    return kept


@compiled
def _collect(hot: Hot, ask: Ask, bounds: tuple[int, int], scratch: Scratch) -> int:
    """Keep the rows of a slice that may be listed; return how many."""
    start, stop = bounds
    kept, block = 0, scratch.block
    for begin in range(start, stop, BLOCK):
        span = slice(begin, min(begin + BLOCK, stop))
        for at in range(3):
            _gather(hot.whole[ORIGIN][span], scratch.table[at], block[at])
        _days(hot.whole, span, ask, block)
        _bound(hot, span, ask, block)
        kept += _keep_rows(block[3], min(BLOCK, stop - begin), ask, begin, scratch.kept[0][kept:])
    return kept


@compiled
def _sort(kept: Ints, into: Ints, counts: Ints) -> None:
    """Order rows by their bounds, the best first."""
    counts[:] = 0
    for one in kept:
        counts[BUCKETS - 1 - min(one >> _BUCKET_SHIFT, BUCKETS - 1)] += 1
    before = 0
    for bucket in range(BUCKETS):
        here = counts[bucket]
        counts[bucket] = before
        before += here
    for one in kept:
        bucket = BUCKETS - 1 - min(one >> _BUCKET_SHIFT, BUCKETS - 1)
        into[counts[bucket]] = one
        counts[bucket] += 1


@compiled
def _list_offers(world: World, slices: Slices, lists: Lists, scratch: Scratch, row: int) -> None:
    """Judge what was kept from the best bound down, until none left can enter the list."""
    request, rules, words = world.requests[row], world.rules[0], world.words[row]
    ask, bounds = _ask(world, row), (slices.bounds[0, row], slices.bounds[1, row])
    kept = _collect(slices.hot, ask, bounds, scratch)
    _sort(scratch.kept[0][:kept], scratch.kept[1], scratch.counts)
    best, room = scratch.best, lists.starts[row + 1] - lists.starts[row]
    parts, size, most = best.parts[-1], np.int64(0), most_product(request, rules)
    for one in scratch.kept[1][:kept]:
        points, offer = one >> SHIFT, one & _PLACE_MASK
        floor = floor_of(best, size, room, rules.minimum)
        if points < floor:
            if points | _BUCKET_MASK < floor:
                break
            continue
        likeness = np.nan
        if request.has_words:
            likeness = alike(world.product[offer], world.leaf[offer], words)
        parts[0] = product_points(request, rules, likeness)
        if points - most + parts[0] < floor:
            continue
        ways = scratch.ways[slices.hot.whole[ORIGIN, offer]]
        score = rest(world, offer, request, ways, parts)
        if score >= 0 and score + parts[0] >= floor:
            size = keep(best, size, room, score + parts[0], lists.ties[offer])
    write(best, size, lists, row)


@entry
def walk_requests(world: World, slices: Slices, lists: Lists, rows: Ints, scratch: Scratch) -> None:
    """List the best offers of the given requests."""
    for row in rows:
        lists.counts[row] = 0
        if slices.bounds[1, row] > slices.bounds[0, row] and world.requests[row].quantity > 0:
            _fill_table(world, slices, row, scratch)
            _list_offers(world, slices, lists, scratch, row)


@compiled
def _list_requests(world: World, listing: Listing, lists: Lists, row: int, trial: Trial) -> None:
    """Judge the requests that ask for an offer's category; names, the dearest part, come last."""
    offer, rules, size, best = world.offers[row], world.rules[0], np.int64(0), trial.best
    origin, parts, mask = world.origins[listing.origin[row]], best.parts[-1], np.int32(offer.mask)
    room, whole = lists.starts[row + 1] - lists.starts[row], listing.whole
    for at in range(listing.bounds[0, row], listing.bounds[1, row]):
        holds, meets = mask & whole[1, at] == whole[1, at], whole[2, at] <= offer.last_day
        if not (holds and meets and whole[3, at] >= offer.first_day):
            continue
        request, words = world.requests[whole[0, at]], world.words[whole[0, at]]
        ways, door = trial.ways[whole[4, at]], whole[4, at]
        if trial.seen[door] != row:
            trial.seen[door] = row
            way(world, origin, listing.doors[door], ways)
        if ways[0] > request.lead_hours or not request.quantity > 0:
            continue
        score = rest(world, row, request, ways, parts)
        floor = floor_of(best, size, room, rules.minimum)
        if score < 0 or score + most_product(request, rules) < floor:
            continue
        likeness = np.nan
        if request.has_words:
            likeness = alike(world.product[row], world.leaf[row], words)
        parts[0] = product_points(request, rules, likeness)
        if score + parts[0] >= floor:
            size = keep(best, size, room, score + parts[0], lists.ties[whole[0, at]])
    write(best, size, lists, row)


@entry
def walk_offers(world: World, listing: Listing, lists: Lists, rows: Ints, trial: Trial) -> None:
    """List the best requests of the given offers."""
    for row in rows:
        _list_requests(world, listing, lists, row, trial)
