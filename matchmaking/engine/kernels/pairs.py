"""The compiled judgement of one pair: formulas are those of `eligibility` and `criteria`."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from matchmaking.engine.kernels.jit import bits_in, compiled
from matchmaking.engine.kernels.layout import Int32s, Signatures, World
from matchmaking.engine.ruleset import CRITERIA, GAINS
from matchmaking.engine.values import Floats

PARTS: Final = len(CRITERIA)
_UNKNOWABLE: Final = float(np.finfo(np.float64).max)
_SIGNATURE_WORDS: Final = 8
_NO_AWARD: Final = 2
_SIDES: Final = len(GAINS)

Row = Any
"""One record, its columns by name."""


@compiled
def nearest(world: World, origin: Row, row: int, found: Floats) -> None:
    """Write hours, km and ferry hours from an origin's node to the nearest outlet of a request."""
    # A known way beats an unknown one, and an unknown one beats none, as in `values`.
    best, km, ferry = np.inf, np.inf, 0.0
    has_ferry = len(world.ferry_hours) == len(world.hours)
    for at in range(world.requests[row].outlets):
        outlet = world.outlets[row, at]
        here, there = origin.origin_node, outlet.node
        hours = np.nan
        if here >= 0 and there >= 0:
            hours = world.hours[here, there] + outlet.hours
        if np.isnan(hours):
            best = min(best, _UNKNOWABLE)
        elif hours <= best:
            far = world.km[here, there] + outlet.km
            aboard = world.ferry_hours[here, there] if has_ferry else 0.0
            if hours == best:
                far = far if far < km or np.isnan(far) else km
                aboard = min(aboard, ferry)
            best, km, ferry = hours, far, aboard
    is_known = best != _UNKNOWABLE
    found[0] = best if is_known else np.nan
    found[1] = km if is_known else np.nan
    found[2] = ferry if is_known and np.isfinite(best) else 0.0


@compiled
def way(world: World, origin: Row, row: int, found: Floats) -> None:
    """Write hours from door to door, freight and pact of a way; NaN is unknown."""
    rules, request = world.rules[0], world.requests[row]
    nearest(world, origin, row, found)
    hours, km = found[0] + origin.access_hours, found[1] + origin.access_km
    drivable = (hours if np.isfinite(hours) else 0.0) - found[2]
    pauses = max(np.ceil(drivable / rules.stretch_hours) - 1, 0)
    nights = max(np.ceil(drivable / rules.day_hours) - 1, 0)
    found[0] = hours + rules.loading_hours + pauses * rules.pause_hours + nights * rules.night_hours
    per_kg = rules.freight_fixed + rules.rates[origin.storage] * km
    found[1] = per_kg * origin.kg_per_base if np.isfinite(km) else np.nan
    here, there = origin.province, request.province
    found[2] = np.nan
    if here >= 0 and there >= 0:
        found[2] = 1.0 if here == there or world.pacts[here, there] else 0.0


@compiled
def _period(begins: Int32s, ends: Int32s, first: int, last: int) -> tuple[int, int]:
    """Of the periods of a paper the one that meets most of the days."""
    chosen, until = np.int64(begins[0]), np.int64(ends[0])
    for at in range(1, len(begins)):
        begin, end = np.int64(begins[at]), np.int64(ends[at])
        if min(last, end) - max(first, begin) > min(last, until) - max(first, chosen):
            chosen, until = begin, end
    return chosen, until


@compiled
def _delivery(offer: Row, request: Row, begins: Int32s, ends: Int32s) -> tuple[int, int]:
    first = max(offer.first_day, request.first_day)
    last = min(offer.last_day, request.last_day)
    shared_first, shared_last = first, last
    pending = request.required
    while pending:
        slot = bits_in(np.uint64((pending & -pending) - 1))
        pending &= pending - 1
        begin, end = _period(begins[slot], ends[slot], shared_first, shared_last)
        first, last = max(first, begin), min(last, end)
    if request.minimum_stars > 0:
        first, last = max(first, offer.stars_from), min(last, offer.stars_to)
    return first, last


@compiled
def _worth(begin: int, end: int, first: int, last: int, asked_days: int) -> float:
    """Share of the asked days on which a paper holds, or whether it holds on every delivery day.

    Args:
        begin: Its first day.
        end: Its last day.
        first: First day of delivery.
        last: Last day of delivery.
        asked_days: How many days are asked; 0 where only all days of delivery count.
    """
    if asked_days:
        return max(min(end, last) - max(begin, first) + 1, 0) / asked_days
    return 1.0 if begin <= first and end >= last else 0.0


@compiled
def _valid_papers(
    pending: int, periods: tuple[Int32s, Int32s], first: int, last: int, asked_days: int
) -> float:
    """What the papers are worth together, in order of their slots."""
    begins, ends = periods
    number = 0.0
    while pending:
        slot = bits_in(np.uint64((pending & -pending) - 1))
        pending &= pending - 1
        begin, end = _period(begins[slot], ends[slot], first, last)
        number += _worth(begin, end, first, last, asked_days)
    return number


@compiled
def _papers_fit(world: World, row: int, request: Row, first: int, last: int) -> float:
    offer, rules = world.offers[row], world.rules[0]
    preferred = request.preferred & ~request.required
    counted = preferred or rules.plain_slots & ~request.required
    periods = world.papers_from[row], world.papers_to[row]
    asked_days = request.last_day - request.first_day + 1 if rules.papers_by_day > 0 else 0
    number = _valid_papers(offer.papers & counted, periods, first, last, asked_days)
    if preferred:
        return min(number / np.int64(bits_in(np.uint64(preferred))), 1.0)
    stars = max(offer.stars - max(request.minimum_stars, _NO_AWARD), 0)
    number += _worth(offer.stars_from, offer.stars_to, first, last, asked_days) * stars
    return min(number / rules.papers_for_full, 1.0)


@compiled
def _price_fit(offer: Row, request: Row, rules: Row, freight_vnd: float) -> float:
    """NaN is unknown, and -1 says too dear."""
    limit, landed = request.ceiling * rules.tolerated, offer.price + freight_vnd
    if (offer.price if np.isnan(landed) else landed) > limit:
        return -1.0
    if np.isnan(landed) or np.isnan(request.ceiling):
        return np.nan
    span = request.ceiling * rules.span_share
    return min(max((limit - landed) / span, 0.0), 1.0) if span > 0 else 0.0


@compiled
def _freight_fit(offer: Row, request: Row, rules: Row, hours: float) -> float:
    """NaN is unknown, and -1 says too far."""
    shelf, lead = offer.shelf_days * 24 * rules.shelf_share, request.lead_hours
    if np.isinf(hours) or hours > shelf or hours > lead:
        return -1.0
    limit = lead if np.isnan(shelf) or lead < shelf else shelf
    if rules.usual_hours > 0 and not limit <= rules.usual_hours:
        limit = rules.usual_hours
    if np.isnan(hours) or np.isnan(limit):
        return np.nan
    return min(max(1 - hours / limit, 0.0), 1.0) if limit > 0 else 0.0


@compiled
def _margin_fit(offer: Row, request: Row, rules: Row, freight_vnd: float) -> float:
    room = request.ceiling - (offer.price + freight_vnd)
    full = offer.price * rules.margin_share
    share = room / full if full > 0 else np.sign(room)
    return np.nan if np.isnan(share) else min(max(0.5 + 0.5 * share, 0.0), 1.0)


@compiled
def rest(world: World, row: int, request: Row, ways: Floats, parts: Int32s) -> int:
    """Write all parts but the first, of a pair whose masks and days meet; return their sum or -1.

    Args:
        world: Everything to be read.
        row: Which offer.
        request: The request.
        ways: Hours, freight and pact between them.
        parts: All parts; the first is left as it is.
    """
    offer, rules = world.offers[row], world.rules[0]
    if offer.organisation == request.organisation or request.required & ~offer.papers:
        return -1
    price = _price_fit(offer, request, rules, ways[1])
    freight = _freight_fit(offer, request, rules, ways[0])
    first, last = _delivery(offer, request, world.papers_from[row], world.papers_to[row])
    days = last - first + 1
    if price < 0 or freight < 0 or days < 1:
        return -1
    available = offer.quantity
    if np.isfinite(offer.capacity):
        available = min(available, offer.capacity * np.ceil(days / 7))
    if 0 < min(available, request.quantity) < offer.lot:
        return -1
    window = days / (request.last_day - request.first_day + 1)
    papers = _papers_fit(world, row, request, first, last)
    margin = _margin_fit(offer, request, rules, ways[1])
    fits = (min(available / request.quantity, 1.0), price, window, freight, papers, ways[2], margin)
    total = 0
    for at in range(PARTS - 1):
        fit = rules.unknown if np.isnan(fits[at]) else fits[at]
        parts[at + 1] = np.int32(np.rint(fit * rules.weights[at + 1]))
        total += parts[at + 1]
    return total


@compiled
def is_gainful(rules: Row, parts: Int32s) -> bool:
    """Whether each side gains enough by its own criteria."""
    for side in range(_SIDES):
        gained = np.int64(0)
        for at in range(PARTS):
            gained += rules.gainful[side, at] * parts[at]
        if gained < rules.least_gains[side]:
            return False
    return True


@compiled
def product_points(request: Row, rules: Row, alike: float) -> int:
    """The first part, from the likeness of the names; NaN where the request has no words."""
    is_leaf = request.high - request.low == 1
    close = rules.closeness_leaf if is_leaf else rules.closeness_set
    fit = close
    if not np.isnan(alike):
        fit = (1 - rules.name_share) * close + rules.name_share * alike
    return np.int64(np.rint((fit if close > 0 else 0.0) * rules.weights[0]))


@compiled
def score_of(
    world: World, pair: tuple[int, int], ways: Floats, bounds: tuple[int, int], parts: Int32s
) -> int:
    """The score of a pair whose masks and days meet; -1 if it is refused or below the floor.

    Args:
        world: Everything to be read.
        pair: Rows of the offer and the request.
        ways: Hours, freight and pact between them.
        bounds: The most the score can be by its bound, and the floor.
        parts: Room for the points of each part.
    """
    (offer, row), (points, floor) = pair, bounds
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
def alike(product: Signatures, leaf: Signatures, words: Signatures) -> float:
    """Likeness of a request's words to the name of a product or of its category."""
    asked, held, shared = np.int64(0), np.int64(0), np.int64(0)
    leaf_held, leaf_shared = np.int64(0), np.int64(0)
    for at in range(_SIGNATURE_WORDS):
        asked += np.int64(bits_in(words[at]))
        held += np.int64(bits_in(product[at]))
        shared += np.int64(bits_in(product[at] & words[at]))
        leaf_held += np.int64(bits_in(leaf[at]))
        leaf_shared += np.int64(bits_in(leaf[at] & words[at]))
    return max(shared / (asked + held - shared), leaf_shared / (asked + leaf_held - leaf_shared))


@compiled
def most_product(request: Row, rules: Row) -> int:
    """The most points the first part can have."""
    return product_points(request, rules, 1.0 if request.has_words else np.nan)
