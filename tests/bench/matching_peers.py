"""What all engines of the matching bench share, and the loop people write in Python."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from math import ceil, inf, isnan
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from matching_world import KINDS, PROVINCES, World

from matchmaking.engine.ruleset import CRITERIA, FULL_SCORE, GAINS, Ruleset
from matchmaking.engine.scoring import side_weight

STORAGES, ACCESS = 3, (0.0, 0.5)


class Listed(NamedTuple):
    """Listed pairs by request, best first."""

    request: np.ndarray
    offer: np.ndarray
    score: np.ndarray

    def agrees(self, other: Listed) -> bool:
        """Whether both list the same offers with the same scores in the same order."""
        return all(np.array_equal(*pair) for pair in zip(self, other, strict=True))

    def of(self, requests: np.ndarray) -> Listed:
        """The lists of some requests."""
        kept = np.isin(self.request, requests)
        return Listed(*(column[kept] for column in self))


def listed(request: np.ndarray, offer: np.ndarray, score: np.ndarray) -> Listed:
    """Pairs of ids in the order in which lists are compared."""
    order = np.lexsort((offer, -score.astype(np.int64), request))
    return Listed(*(np.asarray(one)[order].astype(np.int64) for one in (request, offer, score)))


def least_gains(rules: Ruleset) -> dict[str, int]:
    """Points of their own criteria that the buyer and the producer must reach."""
    return {
        side: -(-rules.minimum_gain * side_weight(rules, side=side) // FULL_SCORE) for side in GAINS
    }


def origins(supply: Any) -> np.ndarray:
    """Number of each offer's origin: its node, the stretch to it, and its storage class."""
    late = supply.access_hours > 0
    return (supply.origin_node * len(ACCESS) + late) * STORAGES + supply.storage


def ways(world: World, rules: Ruleset) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hours from door to door, freight and pact, of each destination to each origin."""
    shape = (PROVINCES, PROVINCES, len(ACCESS), STORAGES)
    driving = (world.terrain.travel_hours.T[:, :, None] + np.array(ACCESS))[..., None]
    pauses = np.maximum(np.ceil(driving / rules.driving_stretch_hours) - 1, 0)
    nights = np.maximum(np.ceil(driving / rules.driving_day_hours) - 1, 0)
    hours = driving + rules.loading_hours + pauses * rules.pause_hours + nights * rules.night_hours
    rates = np.array(rules.freight_vnd_per_kg_km[:STORAGES])
    freight = rules.freight_fixed_vnd_per_kg + rates * world.terrain.travel_km.T[:, :, None, None]
    pact = (world.terrain.pacts.T | np.eye(PROVINCES, dtype=bool)).astype(float)[:, :, None, None]
    found = (np.broadcast_to(one, shape).reshape(PROVINCES, -1) for one in (hours, freight, pact))
    first, second, third = found
    return first, second, third


class PythonLoop:
    """A loop over the offers of the category that leaves at the first closed gate."""

    def __init__(self, world: World, rules: Ruleset, *, sample: np.ndarray) -> None:
        """Note which requests to judge; offers become objects once, when they are first met."""
        self.world, self.rules, self.sample = world, rules, sample.tolist()
        self.orders = world.supply.category_order.tolist()
        self.offers: dict[int, SimpleNamespace] = {}
        self.found: list[tuple[int, int, int]] = []

    def run(self) -> None:
        """List the sample."""
        self.found = []
        for row in self.sample:
            demand, best = _demand(self.world, row), []
            ends = (demand.category_lo, demand.category_hi)
            for at in range(*(bisect_left(self.orders, one) for one in ends)):
                if at not in self.offers:
                    self.offers[at] = _supply(self.world, at)
                score = _score(self.world, self.offers[at], demand, self.rules)
                if score is not None:
                    best.append((-score, self.offers[at].offer_id))
            top = heapq.nsmallest(self.rules.top_k, best)
            self.found += [(demand.request_id, offer, -score) for score, offer in top]

    def listed(self) -> Listed:
        """What the last run listed."""
        return listed(*np.array(self.found, dtype=np.int64).reshape(-1, 3).T)


def _record(columns: Any, row: int) -> SimpleNamespace:
    names = [name for name in columns.__dataclass_fields__ if not name.endswith("signature")]
    values = {name: getattr(columns, name)[row] for name in names}
    return SimpleNamespace(
        **{name: value.item() if value.ndim == 0 else value for name, value in values.items()}
    )


def _supply(world: World, row: int) -> SimpleNamespace:
    one = _record(world.supply, row)
    one.held = {
        slot: (int(one.papers_from[slot, 0]), int(one.papers_to[slot, 0]))
        for slot in range(len(KINDS))
        if one.papers >> slot & 1
    }
    one.names = [
        int.from_bytes(signature[row].tobytes(), "little")
        for signature in (world.supply.product_signature, world.supply.leaf_signature)
    ]
    return one


def _demand(world: World, row: int) -> SimpleNamespace:
    one = _record(world.demand, row)
    one.required = [slot for slot in range(len(KINDS)) if one.required_papers >> slot & 1]
    one.words = int.from_bytes(world.demand.words_signature[row].tobytes(), "little")
    return one


def _score(  # noqa: C901, PLR0911, PLR0912, PLR0915 -- the loop people write, in one piece
    world: World, s: Any, d: Any, rules: Ruleset
) -> int | None:
    if s.stars < d.minimum_stars or s.organisation_id == d.organisation_id:
        return None
    if d.storage_required not in {-1, s.storage}:
        return None
    if (d.needs_invoice and not s.can_issue_invoice) or (d.needs_barcode and not s.has_gtin):
        return None
    first, last = max(s.first_day, d.first_day), min(s.last_day, d.last_day)
    for slot in d.required:
        if slot not in s.held:
            return None
        first, last = max(first, s.held[slot][0]), min(last, s.held[slot][1])
    if d.minimum_stars:
        first, last = max(first, s.stars_from), min(last, s.stars_to)
    if first > last:
        return None
    available = min(s.quantity_base, s.weekly_capacity_base * ceil((last - first + 1) / 7))
    if min(available, d.quantity_base) < s.minimum_lot_base:
        return None
    land, here, there = world.terrain, s.origin_node, d.destination_nodes[0]
    driving = float(land.travel_hours[here, there]) + s.access_hours
    hours = driving + rules.loading_hours
    hours += max(ceil(driving / rules.driving_stretch_hours) - 1, 0) * rules.pause_hours
    hours += max(ceil(driving / rules.driving_day_hours) - 1, 0) * rules.night_hours
    shelf = s.shelf_life_days * 24 * rules.shelf_life_share
    limit = min(inf if isnan(one) else one for one in (shelf, d.max_lead_hours))
    if hours > limit:
        return None
    limit = min(limit, rules.usual_hours or inf)
    price, margin, ceiling = rules.unknown_fit, rules.unknown_fit, d.price_ceiling_vnd_per_base
    if not isnan(s.price_vnd_per_base + ceiling):
        rate = rules.freight_vnd_per_kg_km[s.storage]
        km = float(land.travel_km[here, there])
        landed = s.price_vnd_per_base + (rules.freight_fixed_vnd_per_kg + rate * km)
        most = ceiling * (1 + rules.price_tolerance)
        if landed > most:
            return None
        span = 1 + rules.price_tolerance - rules.price_full_share
        price = min((most - landed) / (ceiling * span), 1.0)
        share = (ceiling - landed) / (s.price_vnd_per_base * rules.margin_full_share)
        margin = min(max(0.5 + 0.5 * share, 0.0), 1.0)
    asked, extra = d.last_day - d.first_day + 1, 0.0
    for slot, (begins, ends) in s.held.items():
        if slot not in d.required:
            extra += max(min(ends, last) - max(begins, first) + 1, 0) / asked
    awarded = max(min(s.stars_to, last) - max(s.stars_from, first) + 1, 0) / asked
    extra += awarded * max(s.stars - max(d.minimum_stars, 2), 0)
    near = s.province == d.province or bool(land.pacts[s.province, d.province])
    fits = (
        _product(s, d, rules),
        min(available / d.quantity_base, 1.0),
        price,
        (last - first + 1) / asked,
        rules.unknown_fit if limit == inf else max(1 - hours / limit, 0.0),
        min(extra / rules.papers_for_full_fit, 1.0),
        float(near),
        margin,
    )
    points = [round(weight * fit) for weight, fit in zip(rules.weights, fits, strict=True)]
    for side, least in least_gains(rules).items():
        if sum(points[CRITERIA.index(name)] for name in GAINS[side]) < least:
            return None
    return sum(points) if sum(points) >= rules.minimum_score else None


def _product(s: Any, d: Any, rules: Ruleset) -> float:
    is_leaf = d.category_hi - d.category_lo == 1
    close = rules.closeness_leaf if is_leaf else rules.closeness_set
    if not d.words:
        return close
    alike = max((d.words & name).bit_count() / (d.words | name).bit_count() for name in s.names)
    return (1 - rules.name_share) * close + rules.name_share * alike
