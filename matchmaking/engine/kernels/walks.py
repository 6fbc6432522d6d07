"""The compiled walk of a request over the offers of what it asks for.

A request walks the slice of offers its category allows. A pass in single precision bounds every
score from above; rows that may be listed are sorted by that bound and judged exactly, in double
precision, from the best down, until no bound left can enter the list.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from matchmaking.engine.kernels.heap import Best, Lists, floor_of, keep, write
from matchmaking.engine.kernels.jit import bits_in, compiled, entry
from matchmaking.engine.kernels.kept import (
    BLOCK,
    BUCKET_MASK,
    PLACE_MASK,
    VETO,
    keep_rows,
    sort_kept,
)
from matchmaking.engine.kernels.layout import (
    CAPACITY,
    FIRST,
    LAST,
    LOT,
    MASK,
    MERIT,
    MERIT_SHIFT,
    ORIGIN,
    PER_MARGIN,
    PRICE,
    QUANTITY,
    SHELF,
    Hot,
    Int32s,
    Singles,
    World,
)
from matchmaking.engine.kernels.pairs import (
    alike,
    is_gainful,
    most_product,
    product_points,
    rest,
    way,
)
from matchmaking.engine.kernels.vector import SHIFT
from matchmaking.engine.ruleset import GAINS
from matchmaking.engine.values import Floats, Ints

_MERIT_MASK: Final = (1 << MERIT_SHIFT) - 1
_NO_AWARD: Final = 2
_ABOVE, _BELOW = np.float32(1 + 1e-6), np.float32(1 - 1e-6)
_ZERO, _HALF, _ONE = np.float32(0), np.float32(0.5), np.float32(1)
_WEEK = np.float32(1 / 7)
_ROUND_UP = np.float32(6.5)
"""Days that make a week of a begun one, and a little more."""
_INFLATED: Final = 1 + 4e-6
"""A ceiling so much higher leaves more than single precision can lose of it."""
_PRODUCER: Final = list(GAINS).index("producer")
_INFINITE, _NOWHERE = np.float32(np.inf), np.float32(-1e9)


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
    usual: float
    ceiling: float
    w_margin: float
    least_gain: float


class Slices(NamedTuple):
    """Offers by category, and of each run of equal categories its distinct origins."""

    hot: Hot
    bounds: Ints
    """(4, requests): the first row and the end, the first run and the end."""
    run_starts: Ints
    run_origins: Int32s
    door: Int32s
    """Which door each request is behind: ways and pacts to one are worked out once."""


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


@compiled
def ask_of(world: World, row: int) -> Ask:
    """One request in single precision."""
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
        np.float32(rules.usual_hours if rules.usual_hours > 0 else np.inf),
        np.float32(request.ceiling * _INFLATED),
        np.float32(rules.weights[7]),
        np.float32(rules.least_gains[_PRODUCER] - rules.slack),
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
def gather(origin: Int32s, table: Singles, into: Singles) -> None:
    """Write what a table says of each origin."""
    # A loop of its own: beside arithmetic it would keep that from being vectorised.
    for at in range(len(origin)):
        into[at] = table[np.uint32(origin[at])]


@compiled
def shared_days(whole: Int32s, span: slice, ask: Ask, block: Singles) -> None:
    """Days both want to trade; none where a mask or the days do not meet."""
    mask, first_day, last_day = whole[MASK][span], whole[FIRST][span], whole[LAST][span]
    into = block[3]
    for at in range(len(mask)):
        first, last = max(first_day[at], ask.first), min(last_day[at], ask.last)
        meets = (mask[at] & ask.mask) == ask.mask
        into[at] = np.float32(np.int32(last - first + np.int32(1))) if meets else _ZERO


@compiled
def bound_offers(hot: Hot, span: slice, ask: Ask, block: Singles) -> None:
    """Bound the score of each row of a block from above; -1 where a gate is closed for sure."""
    real, merit = hot.real, hot.whole[MERIT][span]
    quantity, capacity, lot = real[QUANTITY][span], real[CAPACITY][span], real[LOT][span]
    prices, shelf, per_margin = real[PRICE][span], real[SHELF][span], real[PER_MARGIN][span]
    hours, freight, pact, into = block[0], block[1], block[2], block[3]
    for at in range(len(merit)):
        days, landed = into[at], prices[at] + freight[at]
        weeks = np.floor((days + _ROUND_UP) * _WEEK)
        available = min(quantity[at], capacity[at] * weeks)
        lowest = prices[at] if np.isnan(landed) else landed
        limit, used = min(shelf[at], ask.lead), hours[at]
        price = (ask.limit - landed) * ask.per_span
        price = ask.unknown if np.isnan(price) else min(max(price, _ZERO), _ONE)
        counted = min(limit, ask.usual)
        left = max(_ONE - used / counted, _ZERO) if counted > _ZERO else _ZERO
        left = ask.unknown if (used < _ZERO) | (counted == _INFINITE) else left
        margin = _HALF + (ask.ceiling - landed) * per_margin[at]
        margin = ask.unknown if np.isnan(margin) else min(max(margin, _ZERO), _ONE)
        plain = np.float32(np.int32(merit[at] & _MERIT_MASK))
        stars = np.float32(np.int32(merit[at] >> MERIT_SHIFT))
        papers = plain - ask.required + max(stars - ask.stars, _ZERO)
        gain = ask.w_quantity * min(available * ask.per_quantity, _ONE) + ask.w_margin * margin
        gain += ask.w_freight * left + pact[at]
        total = ask.base + gain + days * ask.per_day + ask.w_price * price
        total += min(papers * ask.per_paper, ask.most_papers)
        fits = (days > _ZERO) & (min(available, ask.quantity) >= lot[at] * _BELOW)
        fits &= not (lowest * _BELOW > ask.limit * _ABOVE)
        fits &= not (used * _BELOW > limit * _ABOVE)
        fits &= gain >= ask.least_gain
        into[at] = total if fits else VETO


@compiled
def _collect(hot: Hot, ask: Ask, bounds: tuple[int, int], scratch: Scratch) -> int:
    """Keep the rows of a slice that may be listed; return how many."""
    start, stop = bounds
    kept, block = 0, scratch.block
    for begin in range(start, stop, BLOCK):
        span = slice(begin, min(begin + BLOCK, stop))
        for at in range(3):
            gather(hot.whole[ORIGIN][span], scratch.table[at], block[at])
        shared_days(hot.whole, span, ask, block)
        bound_offers(hot, span, ask, block)
        kept += keep_rows(
            block[3], min(BLOCK, stop - begin), ask.least, begin, scratch.kept[0][kept:]
        )
    return kept


@compiled
def _list_offers(world: World, slices: Slices, lists: Lists, scratch: Scratch, row: int) -> None:
    """Judge what was kept from the best bound down, until none left can enter the list."""
    request, rules, words = world.requests[row], world.rules[0], world.words[row]
    ask, bounds = ask_of(world, row), (slices.bounds[0, row], slices.bounds[1, row])
    kept = _collect(slices.hot, ask, bounds, scratch)
    sort_kept(scratch.kept[0][:kept], scratch.kept[1], scratch.counts)
    best, room = scratch.best, lists.starts[row + 1] - lists.starts[row]
    parts, size, most = best.parts[-1], np.int64(0), most_product(request, rules)
    for one in scratch.kept[1][:kept]:
        points, offer = one >> SHIFT, one & PLACE_MASK
        floor = floor_of(best, size, room, rules.minimum)
        if points < floor:
            if points | BUCKET_MASK < floor:
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
        if score >= 0 and score + parts[0] >= floor and is_gainful(rules, parts):
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
