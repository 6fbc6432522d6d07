"""A score bounded from above in single precision: one formula for both directions of walking."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from matchmaking.engine.kernels.jit import bits_in, compiled, entry
from matchmaking.engine.kernels.kept import VETO
from matchmaking.engine.kernels.layout import (
    ASKED,
    BASE,
    BEYOND_BOUNDS,
    CAPACITY,
    CEILING,
    FIRST,
    LAST,
    LEAD,
    LIMIT,
    LINK,
    LOT,
    MASK,
    MERIT,
    MERIT_SHIFT,
    PER_ASKED,
    PER_DAY,
    PER_MARGIN,
    PER_PAPER,
    PER_SPAN,
    PRICE,
    QUANTITY,
    REQUIRED,
    SHELF,
    STARS,
    Hot,
    Int32s,
    Singles,
    World,
)
from matchmaking.engine.kernels.pairs import Row, most_product
from matchmaking.engine.ruleset import GAINS

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
_INFINITE = np.float32(np.inf)

Single = Any
"""A number in single precision."""
Whole = Any
"""A whole number of 32 bits."""


class Scale(NamedTuple):
    """What the rules say of every pair."""

    unknown: Single
    usual: Single
    w_quantity: Single
    w_price: Single
    w_freight: Single
    w_margin: Single
    most_papers: Single
    least: Single
    least_gain: Single


class Ask(NamedTuple):
    """What a request says, with what can be divided beforehand; in the order of its columns."""

    quantity: Single
    per_quantity: Single
    limit: Single
    ceiling: Single
    per_span: Single
    lead: Single
    per_day: Single
    per_paper: Single
    required: Single
    stars: Single
    base: Single
    """What any offer may score by what is not bounded."""


class Bid(NamedTuple):
    """What an offer says."""

    quantity: Single
    capacity: Single
    lot: Single
    price: Single
    shelf: Single
    per_margin: Single
    merit: Whole


class Term(NamedTuple):
    """What one side holds or needs, and from when to when."""

    mask: Whole
    first: Whole
    last: Whole


class Way(NamedTuple):
    """Hours, freight and the points of the pact between them."""

    hours: Single
    freight: Single
    pact: Single


@compiled
def scale_of(rules: Row) -> Scale:
    """The rules in single precision."""
    return Scale(
        np.float32(rules.unknown),
        np.float32(rules.usual_hours if rules.usual_hours > 0 else np.inf),
        np.float32(rules.weights[1]),
        np.float32(rules.weights[2]),
        np.float32(rules.weights[4]),
        np.float32(rules.weights[7]),
        np.float32(rules.weights[5]),
        np.float32(rules.minimum),
        np.float32(rules.least_gains[_PRODUCER] - rules.slack),
    )


@compiled
def ask_of(world: World, row: int) -> Ask:
    """A request in single precision."""
    request, rules = world.requests[row], world.rules[0]
    span, lead = request.ceiling * rules.span_share, request.lead_hours
    wishes = request.preferred & ~request.required
    base = rules.slack + most_product(request, rules)
    needed: Whole = np.uint64(request.required & rules.plain_slots)
    return Ask(
        np.float32(request.quantity),
        np.float32(1 / request.quantity),
        np.float32(request.ceiling * rules.tolerated),
        np.float32(request.ceiling * _INFLATED),
        np.float32(1 / span if span > 0 else 0.0),
        np.float32(np.inf if np.isnan(lead) else lead),
        np.float32(rules.weights[3] / (request.last_day - request.first_day + 1)),
        np.float32(0.0 if wishes else rules.weights[5] / rules.papers_for_full),
        np.float32(np.int64(bits_in(needed))),
        np.float32(max(request.minimum_stars, _NO_AWARD)),
        np.float32(base + (rules.weights[5] if wishes else 0.0)),
    )


@compiled
def bound_of(ask: Ask, bid: Bid, way: Way, scale: Scale, days: Single) -> Single:
    """The most a pair can score; -1 where a gate is closed for sure."""
    landed = bid.price + way.freight
    weeks = np.floor((days + _ROUND_UP) * _WEEK)
    available = min(bid.quantity, bid.capacity * weeks)
    lowest = bid.price if np.isnan(landed) else landed
    limit = min(bid.shelf, ask.lead)
    price = (ask.limit - landed) * ask.per_span
    price = scale.unknown if np.isnan(price) else min(max(price, _ZERO), _ONE)
    counted = min(limit, scale.usual)
    left = max(_ONE - way.hours / counted, _ZERO) if counted > _ZERO else _ZERO
    left = scale.unknown if (way.hours < _ZERO) | (counted == _INFINITE) else left
    margin = _HALF + (ask.ceiling - landed) * bid.per_margin
    margin = scale.unknown if np.isnan(margin) else min(max(margin, _ZERO), _ONE)
    plain = np.float32(np.int32(bid.merit & _MERIT_MASK))
    stars = np.float32(np.int32(bid.merit >> MERIT_SHIFT))
    papers = plain - ask.required + max(stars - ask.stars, _ZERO)
    gain = scale.w_quantity * min(available * ask.per_quantity, _ONE) + scale.w_margin * margin
    gain += scale.w_freight * left + way.pact
    total = ask.base + gain + days * ask.per_day + scale.w_price * price
    total += min(papers * ask.per_paper, scale.most_papers)
    fits = (days > _ZERO) & (min(available, ask.quantity) >= bid.lot * _BELOW)
    fits &= not (lowest * _BELOW > ask.limit * _ABOVE)
    fits &= not (way.hours * _BELOW > limit * _ABOVE)
    fits &= (gain >= scale.least_gain) | (ask.base >= BEYOND_BOUNDS)
    return total if fits else VETO


@compiled
def gather(ends: Int32s, table: Singles, into: Singles) -> None:
    """Write what a table says of each end of a way."""
    # A loop of its own: beside arithmetic it would keep that from being vectorised.
    for at in range(len(ends)):
        into[at] = table[np.uint32(ends[at])]


@compiled
def days_with_offers(whole: Int32s, span: slice, term: Term, into: Singles) -> None:
    """Days a request shares with each offer; none where a mask or the days do not meet."""
    mask, first_day, last_day = whole[MASK][span], whole[FIRST][span], whole[LAST][span]
    for at in range(len(mask)):
        first, last = max(first_day[at], term.first), min(last_day[at], term.last)
        meets = (mask[at] & term.mask) == term.mask
        into[at] = np.float32(np.int32(last - first + np.int32(1))) if meets else _ZERO


@compiled
def days_with_requests(whole: Int32s, span: slice, term: Term, into: Singles) -> None:
    """Days an offer shares with each request; none where a mask or the days do not meet."""
    mask, first_day, last_day = whole[MASK][span], whole[FIRST][span], whole[LAST][span]
    for at in range(len(mask)):
        first, last = max(first_day[at], term.first), min(last_day[at], term.last)
        meets = (mask[at] & term.mask) == mask[at]
        into[at] = np.float32(np.int32(last - first + np.int32(1))) if meets else _ZERO


@compiled
def bound_offers(hot: Hot, span: slice, ask: Ask, scale: Scale, block: Singles) -> None:
    """Bound the score of a request with each offer of a block, whose days stand in its last row."""
    real, merit = hot.real, hot.whole[MERIT][span]
    quantity, capacity, lot = real[QUANTITY][span], real[CAPACITY][span], real[LOT][span]
    price, shelf, per_margin = real[PRICE][span], real[SHELF][span], real[PER_MARGIN][span]
    hours, freight, pact, into = block[0], block[1], block[2], block[3]
    for at in range(len(merit)):
        bid = Bid(
            quantity[at], capacity[at], lot[at], price[at], shelf[at], per_margin[at], merit[at]
        )
        way = Way(hours[at], freight[at], pact[at])
        into[at] = bound_of(ask, bid, way, scale, into[at])


@compiled
def bound_requests(hot: Hot, span: slice, bid: Bid, scale: Scale, block: Singles) -> None:
    """Bound the score of an offer with each request of a block, as `bound_offers`."""
    real = hot.real
    quantity, per_quantity, limit = real[ASKED][span], real[PER_ASKED][span], real[LIMIT][span]
    ceiling, per_span, lead = real[CEILING][span], real[PER_SPAN][span], real[LEAD][span]
    per_day, per_paper, required = real[PER_DAY][span], real[PER_PAPER][span], real[REQUIRED][span]
    stars, base = real[STARS][span], real[BASE][span]
    hours, freight, pact, into = block[0], block[1], block[2], block[3]
    for at in range(len(base)):
        ask = Ask(
            quantity[at], per_quantity[at], limit[at], ceiling[at], per_span[at], lead[at],
            per_day[at], per_paper[at], required[at], stars[at], base[at],
        )  # fmt: skip
        way = Way(hours[at], freight[at], pact[at])
        into[at] = bound_of(ask, bid, way, scale, into[at])


@compiled
def bid_at(hot: Hot, at: int) -> Bid:
    """An offer in single precision."""
    real = hot.real
    return Bid(
        real[QUANTITY, at],
        real[CAPACITY, at],
        real[LOT, at],
        real[PRICE, at],
        real[SHELF, at],
        real[PER_MARGIN, at],
        hot.whole[MERIT, at],
    )


@compiled
def term_of(row: Row) -> Term:
    """What an offer holds or a request needs, and when."""
    return Term(np.int32(row.mask), np.int32(row.first_day), np.int32(row.last_day))


@entry
def lay_requests(world: World, rows: Int32s, doors: Int32s, hot: Hot) -> None:
    """Write the hot columns of the given requests, given the door of every request."""
    whole, real = hot.whole, hot.real
    for at in range(len(rows)):
        ask, term = ask_of(world, rows[at]), term_of(world.requests[rows[at]])
        whole[LINK, at], whole[MASK, at] = doors[rows[at]], term.mask
        whole[FIRST, at], whole[LAST, at] = term.first, term.last
        real[ASKED, at], real[PER_ASKED, at] = ask.quantity, ask.per_quantity
        real[LIMIT, at], real[CEILING, at] = ask.limit, ask.ceiling
        real[PER_SPAN, at], real[LEAD, at] = ask.per_span, ask.lead
        real[PER_DAY, at], real[PER_PAPER, at] = ask.per_day, ask.per_paper
        real[REQUIRED, at], real[STARS, at], real[BASE, at] = ask.required, ask.stars, ask.base
