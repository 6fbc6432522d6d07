"""One offer in single precision, and a bound from above of its score with each of many requests."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from matchmaking.engine.kernels.jit import compiled
from matchmaking.engine.kernels.kept import VETO
from matchmaking.engine.kernels.layout import (
    CAPACITY,
    FIRST,
    LAST,
    LOT,
    MASK,
    MERIT,
    MERIT_SHIFT,
    PER_MARGIN,
    PRICE,
    QUANTITY,
    SHELF,
    Hot,
    Int32s,
    Rows,
    Singles,
)
from matchmaking.engine.kernels.shelves import (
    ASKED,
    BASE,
    BEYOND_BOUNDS,
    CEILING,
    LEAD,
    LIMIT,
    PER_ASKED,
    PER_DAY,
    PER_PAPER,
    PER_SPAN,
    REQUIRED,
    STARS,
)
from matchmaking.engine.ruleset import GAINS

_ABOVE, _BELOW = np.float32(1 + 1e-6), np.float32(1 - 1e-6)
_ZERO, _HALF, _ONE = np.float32(0), np.float32(0.5), np.float32(1)
_WEEK = np.float32(1 / 7)
_ROUND_UP = np.float32(6.5)
"""Days that make a week of a begun one, and a little more."""
_INFINITE = np.float32(np.inf)
_MERIT_MASK: Final = (1 << MERIT_SHIFT) - 1
_PRODUCER: Final = list(GAINS).index("producer")


class Bid(NamedTuple):
    """One offer as it stands on its shelf, and what the rules say of all."""

    mask: int
    first: int
    last: int
    quantity: float
    capacity: float
    lot: float
    price: float
    shelf: float
    per_margin: float
    plain: float
    stars: float
    unknown: float
    usual: float
    most_papers: float
    w_quantity: float
    w_price: float
    w_freight: float
    w_margin: float
    least_gain: float


@compiled
def bid_of(hot: Hot, at: int, rules: Rows) -> Bid:
    """The offer that stands in a place."""
    whole, real, merit = hot.whole, hot.real, hot.whole[MERIT, at]
    return Bid(
        whole[MASK, at],
        whole[FIRST, at],
        whole[LAST, at],
        real[QUANTITY, at],
        real[CAPACITY, at],
        real[LOT, at] * _BELOW,
        real[PRICE, at],
        real[SHELF, at],
        real[PER_MARGIN, at],
        np.float32(merit & _MERIT_MASK),
        np.float32(merit >> MERIT_SHIFT),
        np.float32(rules[0].unknown),
        np.float32(rules[0].usual_hours if rules[0].usual_hours > 0 else np.inf),
        np.float32(rules[0].weights[5]),
        np.float32(rules[0].weights[1]),
        np.float32(rules[0].weights[2]),
        np.float32(rules[0].weights[4]),
        np.float32(rules[0].weights[7]),
        np.float32(rules[0].least_gains[_PRODUCER] - rules[0].slack),
    )


@compiled
def days_with(whole: Int32s, span: slice, bid: Bid, block: Singles) -> None:
    """Days both want to trade; none where a mask or the days do not meet."""
    mask, first_day, last_day = whole[MASK][span], whole[FIRST][span], whole[LAST][span]
    into = block[3]
    for at in range(len(mask)):
        first, last = max(first_day[at], bid.first), min(last_day[at], bid.last)
        meets = (mask[at] & bid.mask) == mask[at]
        into[at] = np.float32(np.int32(last - first + np.int32(1))) if meets else _ZERO


@compiled
def bound_requests(hot: Hot, span: slice, bid: Bid, block: Singles) -> None:
    """Bound the score with each request of a block from above; -1 where a gate is closed for sure.

    The formulas are those of `walks.bound_offers`, with the sides changed.
    """
    real = hot.real
    asked, per_asked, limits = real[ASKED][span], real[PER_ASKED][span], real[LIMIT][span]
    per_span, lead, ceiling = real[PER_SPAN][span], real[LEAD][span], real[CEILING][span]
    per_day, per_paper, base = real[PER_DAY][span], real[PER_PAPER][span], real[BASE][span]
    required, minimum_stars = real[REQUIRED][span], real[STARS][span]
    hours, freight, pact, into = block[0], block[1], block[2], block[3]
    for at in range(len(asked)):
        days, landed = into[at], bid.price + freight[at]
        weeks = np.floor((days + _ROUND_UP) * _WEEK)
        available = min(bid.quantity, bid.capacity * weeks)
        lowest = bid.price if np.isnan(landed) else landed
        limit, used = min(bid.shelf, lead[at]), hours[at]
        price = (limits[at] - landed) * per_span[at]
        price = bid.unknown if np.isnan(price) else min(max(price, _ZERO), _ONE)
        counted = min(limit, bid.usual)
        left = max(_ONE - used / counted, _ZERO) if counted > _ZERO else _ZERO
        left = bid.unknown if (used < _ZERO) | (counted == _INFINITE) else left
        margin = _HALF + (ceiling[at] - landed) * bid.per_margin
        margin = bid.unknown if np.isnan(margin) else min(max(margin, _ZERO), _ONE)
        papers = bid.plain - required[at] + max(bid.stars - minimum_stars[at], _ZERO)
        gain = bid.w_quantity * min(available * per_asked[at], _ONE) + bid.w_margin * margin
        gain += bid.w_freight * left + pact[at]
        total = base[at] + gain + days * per_day[at] + bid.w_price * price
        total += min(papers * per_paper[at], bid.most_papers)
        fits = (days > _ZERO) & (min(available, asked[at]) >= bid.lot)
        fits &= not (lowest * _BELOW > limits[at] * _ABOVE)
        fits &= not (used * _BELOW > limit * _ABOVE)
        fits &= (gain >= bid.least_gain) | (base[at] >= BEYOND_BOUNDS)
        into[at] = total if fits else VETO
