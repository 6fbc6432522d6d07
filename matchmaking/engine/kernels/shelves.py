"""Rows in single precision on shelves: each range of categories has one, with room to grow."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from matchmaking.engine.kernels.bounds import Ask, Term, ask_of
from matchmaking.engine.kernels.jit import bits_in, compiled, entry
from matchmaking.engine.kernels.layout import (
    ASKED,
    BASE,
    BEYOND_BOUNDS,
    CAPACITY,
    CEILING,
    FIRST,
    LARGEST,
    LAST,
    LAST_DAY,
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
    SMALLEST,
    STARS,
    STEEPEST,
    Hot,
    Int32s,
    World,
)
from matchmaking.engine.kernels.pairs import Row
from matchmaking.engine.values import Ints

LOW, HIGH, START, COUNT = range(4)
OFFER_PLACES: Final = (5, 6)
REQUEST_PLACES: Final = (4, 11)
"""How many whole numbers and how many in single precision a place holds."""
_NOBODY: Final = -1
"""A mask no offer holds, since it keeps its goods in one way only."""
_ENDLESS: Final = np.float32(3e38)


class Shelves(NamedTuple):
    """One side of a market."""

    hot: Hot
    """Places in the order rows came."""
    rows: Int32s
    """Whose row stands in each place."""
    runs: Ints
    """(4, shelves): the range of categories, its first place, how many places are taken."""
    run: Int32s
    """On which shelf each row stands."""
    place: Int32s
    """In which place."""
    link: Int32s
    """The origin of each offer, the door of each request: what ways begin and end at."""


@compiled
def _is_odd(amount: float) -> bool:
    return np.isfinite(amount) and amount != 0 and not SMALLEST <= amount <= LARGEST


@compiled
def _is_far(day: int) -> bool:
    return not -LAST_DAY < day < LAST_DAY


@compiled
def _clipped(day: int) -> int:
    return np.int32(min(max(day, -LAST_DAY), LAST_DAY))


@compiled
def _is_odd_offer(offer: Row, origin: Row) -> bool:
    odd = _is_odd(offer.quantity) or _is_odd(offer.capacity) or _is_odd(offer.lot)
    odd = odd or _is_odd(offer.price) or _is_odd(offer.shelf_days)
    odd = odd or _is_odd(origin.access_hours) or _is_odd(origin.access_km)
    odd = odd or _is_odd(origin.kg_per_base)
    return odd or _is_far(offer.first_day) or _is_far(offer.last_day)


@compiled
def _is_odd_request(world: World, row: int) -> bool:
    request = world.requests[row]
    odd = _is_odd(request.quantity) or _is_odd(request.ceiling) or _is_odd(request.lead_hours)
    for at in range(request.outlets):
        outlet = world.outlets[row, at]
        odd = odd or _is_odd(outlet.hours) or _is_odd(outlet.km)
    return odd or _is_far(request.first_day) or _is_far(request.last_day)


@compiled
def meets(shelves: Shelves, shelf: int, others: Shelves, other: int) -> bool:
    """Whether the categories of a shelf and of one of the other side have one in common."""
    mine, theirs = shelves.runs, others.runs
    return mine[LOW, shelf] < theirs[HIGH, other] and theirs[LOW, other] < mine[HIGH, shelf]


@compiled
def term_at(hot: Hot, at: int) -> Term:
    """What stands in a place holds or needs, and when."""
    return Term(hot.whole[MASK, at], hot.whole[FIRST, at], hot.whole[LAST, at])


@compiled
def ask_at(hot: Hot, at: int) -> Ask:
    """The request in a place."""
    real = hot.real
    return Ask(
        real[ASKED, at],
        real[PER_ASKED, at],
        real[LIMIT, at],
        real[CEILING, at],
        real[PER_SPAN, at],
        real[LEAD, at],
        real[PER_DAY, at],
        real[PER_PAPER, at],
        real[REQUIRED, at],
        real[STARS, at],
        real[BASE, at],
    )


@entry
def shelve_offers(world: World, shelves: Shelves, rows: Ints) -> None:
    """Write offers to their places."""
    whole, real, rules = shelves.hot.whole, shelves.hot.real, world.rules[0]
    for row in rows:
        offer, at, origin = world.offers[row], shelves.place[row], shelves.link[row]
        plain = np.int64(bits_in(np.uint64(offer.papers & rules.plain_slots)))
        whole[LINK, at], whole[MASK, at] = origin, np.int32(offer.mask)
        whole[FIRST, at], whole[LAST, at] = _clipped(offer.first_day), _clipped(offer.last_day)
        whole[MERIT, at] = plain | offer.stars << MERIT_SHIFT
        if _is_odd_offer(offer, world.origins[origin]):
            real[QUANTITY, at], real[CAPACITY, at], real[LOT, at] = np.inf, np.inf, 0
            real[PRICE, at], real[SHELF, at], real[PER_MARGIN, at] = -np.inf, _ENDLESS, STEEPEST
            continue
        shelf, full = offer.shelf_days * 24 * rules.shelf_share, offer.price * rules.margin_share
        real[QUANTITY, at], real[CAPACITY, at] = offer.quantity, offer.capacity
        real[LOT, at], real[PRICE, at] = offer.lot, offer.price
        real[SHELF, at] = np.inf if np.isnan(shelf) else shelf
        real[PER_MARGIN, at] = np.nan if np.isnan(full) else 0.5 / max(full, 0.5 / STEEPEST)


@entry
def shelve_requests(world: World, shelves: Shelves, rows: Ints) -> None:
    """Write requests to their places."""
    whole, real = shelves.hot.whole, shelves.hot.real
    for row in rows:
        request, ask, at = world.requests[row], ask_of(world, row), shelves.place[row]
        whole[LINK, at], whole[MASK, at] = shelves.link[row], np.int32(request.mask)
        whole[FIRST, at], whole[LAST, at] = _clipped(request.first_day), _clipped(request.last_day)
        if _is_odd_request(world, row):
            for one in range(len(real)):
                real[one, at] = 0
            real[ASKED, at], real[PER_ASKED, at] = np.inf, 1
            real[LIMIT, at], real[CEILING, at] = np.nan, np.nan
            real[LEAD, at], real[BASE, at] = _ENDLESS, BEYOND_BOUNDS
            continue
        real[ASKED, at], real[PER_ASKED, at] = ask.quantity, ask.per_quantity
        real[LIMIT, at], real[PER_SPAN, at], real[LEAD, at] = ask.limit, ask.per_span, ask.lead
        real[PER_DAY, at], real[PER_PAPER, at] = ask.per_day, ask.per_paper
        real[REQUIRED, at], real[STARS, at] = ask.required, ask.stars
        real[BASE, at], real[CEILING, at] = ask.base, ask.ceiling
        if not ask.quantity > 0:
            whole[MASK, at] = _NOBODY
