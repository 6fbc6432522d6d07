"""Soft fits in [0, 1], higher is better; NaN is unknown, which is not zero.

Every formula and number: docs/decisions/0007-criteria-and-weights.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from matchmaking.engine.facts import Pairing, slot_period, slots_in
from matchmaking.engine.names import similarity
from matchmaking.engine.records import PLAIN_KINDS, SLOT_OF
from matchmaking.engine.ruleset import CRITERIA
from matchmaking.engine.values import Floats, Ints

_FIRST_AWARD_STARS: Final = 3
"""OCOP awards start at three stars (QĐ 148/QĐ-TTg 2023); fewer are no award."""
_Worth = Callable[[Pairing, Ints, Ints], Floats]
_PLAIN_SLOTS: Final = sum(1 << SLOT_OF[kind] for kind in PLAIN_KINDS)


def fits(pairing: Pairing) -> Floats:
    """Fit of each pair in each criterion.

    Returns:
        (n_pairs, criteria) float64 in [0, 1] or NaN, in the order of `CRITERIA`.
    """
    return np.stack([FITS[name](pairing) for name in CRITERIA], axis=1)


def name_similarity(pairing: Pairing) -> Floats:
    """Likeness of the request's words to the product's or its category's name, the better one.

    Returns:
        (n_pairs,) float64 in [0, 1]; NaN where the request has no words.
    """
    words = pairing.demand.words_signature
    product = similarity(pairing.supply.product_signature, words)
    leaf = similarity(pairing.supply.leaf_signature, words)
    return np.where(words.any(axis=-1), np.maximum(product, leaf), np.nan)


def category_closeness(pairing: Pairing) -> Floats:
    """How near the offer's leaf is to what was asked: the very leaf, a set that holds it, or 0."""
    demand, order = pairing.demand, pairing.supply.category_order
    is_inside = (order >= demand.category_lo) & (order < demand.category_hi)
    is_leaf = demand.category_hi - demand.category_lo == 1
    rules = pairing.ruleset
    return np.where(is_inside, np.where(is_leaf, rules.closeness_leaf, rules.closeness_set), 0.0)


def product_fit(pairing: Pairing) -> Floats:
    """Category and wording together; the category alone where the request has no words."""
    closeness, alike = category_closeness(pairing), name_similarity(pairing)
    share = pairing.ruleset.name_share
    mixed = (1 - share) * closeness + share * alike
    return np.where(closeness > 0, np.where(np.isnan(alike), closeness, mixed), 0.0)


def quantity_fit(pairing: Pairing) -> Floats:
    """Share of the asked quantity the offer can bring on the delivery days; 1 when all."""
    asked = pairing.demand.quantity_base
    is_known = pairing.is_comparable & (asked > 0)
    covered = _ratio(pairing.available_base, asked, otherwise=0.0)
    return np.where(is_known, np.minimum(covered, 1.0), np.nan)


def price_fit(pairing: Pairing) -> Floats:
    """1 up to the full share of the ceiling, falling in a line to 0 at the tolerance above it."""
    rules, landed = pairing.ruleset, pairing.landed_vnd_per_base
    ceiling = pairing.demand.price_ceiling_vnd_per_base
    span = ceiling * (1 + rules.price_tolerance - rules.price_full_share)
    left = _ratio(pairing.price_limit_vnd_per_base - landed, span, otherwise=0.0)
    return np.where(np.isnan(landed) | np.isnan(ceiling), np.nan, np.clip(left, 0.0, 1.0))


def window_fit(pairing: Pairing) -> Floats:
    """Share of the asked days on which the pair could deliver with valid papers."""
    demand = pairing.demand
    return pairing.window.delivery_days / (demand.last_day - demand.first_day + 1)


def freight_fit(pairing: Pairing) -> Floats:
    """What is left of the allowed or usual hours on arrival: 1 at the door, 0 at the limit."""
    hours, usual = pairing.freight.hours, pairing.ruleset.usual_hours
    limit = np.fmin(pairing.freight.limit_hours, usual or np.nan)
    used = _ratio(hours, limit, otherwise=np.inf)
    return np.where(np.isnan(hours) | np.isnan(limit), np.nan, np.clip(1 - used, 0.0, 1.0))


def papers_fit(pairing: Pairing) -> Floats:
    """Preferred papers held; without preferences any papers and stars above the minimum."""
    prefers, full = wanted_papers(pairing) > 0, pairing.ruleset.papers_for_full_fit
    worth = _asked_days_in if pairing.ruleset.papers_by_day else _covers
    stars = _stars_above(pairing, worth)
    extra = _papers_above(pairing, worth) + np.where(prefers, 0, stars)
    wanted = np.where(prefers, wanted_papers(pairing), full)
    return np.minimum(extra / wanted, 1.0)


def pact_fit(pairing: Pairing) -> Floats:
    """1 within one province or under a pact in force, else 0."""
    return pairing.routes.pact


def margin_fit(pairing: Pairing) -> Floats:
    """What the buyer's ceiling leaves the producer once the freight is paid.

    Half where it is just the asked price, 1 with the full share of it more, 0 with as much less.
    """
    landed = pairing.landed_vnd_per_base
    room = pairing.demand.price_ceiling_vnd_per_base - landed
    full = pairing.supply.price_vnd_per_base * pairing.ruleset.margin_full_share
    share = np.divide(room, full, out=np.sign(room), where=full > 0)
    return np.clip(0.5 + 0.5 * share, 0.0, 1.0)


def wanted_papers(pairing: Pairing) -> Ints:
    """Number of papers the request prefers beyond those it requires."""
    return np.bitwise_count(_preferred(pairing)).astype(np.int64)


def papers_above(pairing: Pairing) -> Ints:
    """Number of papers above the minimum that are valid on every delivery day."""
    return _papers_above(pairing, _covers).astype(np.int64)


def stars_above(pairing: Pairing) -> Ints:
    """Award stars above the request's minimum, valid on every delivery day."""
    return _stars_above(pairing, _covers).astype(np.int64)


def _papers_above(pairing: Pairing, worth: _Worth) -> Floats:
    demand, supply, window = pairing.demand, pairing.supply, pairing.window
    preferred = _preferred(pairing)
    counted = np.where(preferred != 0, preferred, _PLAIN_SLOTS & ~demand.required_papers)
    extra = supply.papers & counted
    number = np.zeros(len(pairing))
    for slot in slots_in(int(np.bitwise_or.reduce(extra))):
        begins, ends = slot_period(
            supply, slot=slot, first=window.delivery_first, last=window.delivery_last
        )
        number = number + worth(pairing, begins, ends) * (extra >> slot & 1)
    return number


def _stars_above(pairing: Pairing, worth: _Worth) -> Floats:
    supply = pairing.supply
    floor = np.maximum(pairing.demand.minimum_stars, _FIRST_AWARD_STARS - 1)
    return worth(pairing, supply.stars_from, supply.stars_to) * np.maximum(supply.stars - floor, 0)


def _preferred(pairing: Pairing) -> Ints:
    return pairing.demand.preferred_papers & ~pairing.demand.required_papers


def _covers(pairing: Pairing, begins: Ints, ends: Ints) -> Floats:
    """1 where a period holds every delivery day, else 0."""
    window = pairing.window
    holds = (begins <= window.delivery_first) & (ends >= window.delivery_last)
    return holds.astype(np.float64)


def _asked_days_in(pairing: Pairing, begins: Ints, ends: Ints) -> Floats:
    """Share of the asked days on which the pair could deliver within a period."""
    demand, window = pairing.demand, pairing.window
    first, last = np.maximum(begins, window.delivery_first), np.minimum(ends, window.delivery_last)
    return np.maximum(last - first + 1, 0) / (demand.last_day - demand.first_day + 1)


def _ratio(part: Floats, whole: Floats, *, otherwise: float) -> Floats:
    """Part over whole, and `otherwise` where the whole is not above zero."""
    return np.divide(part, whole, out=np.full(part.shape, otherwise), where=whole > 0)


FITS: Final[dict[str, Callable[[Pairing], Floats]]] = {
    "product": product_fit,
    "quantity": quantity_fit,
    "price": price_fit,
    "window": window_fit,
    "freight": freight_fit,
    "papers": papers_fit,
    "pact": pact_fit,
    "margin": margin_fit,
}
