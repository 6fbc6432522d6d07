"""What is true of a pair: its delivery days, its freight and its amounts, before any judgement."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from matchmaking.engine.records import PAPER_SLOTS
from matchmaking.engine.ruleset import Ruleset
from matchmaking.engine.values import Bools, DemandColumns, Floats, Ints, Routes, SupplyColumns

HOURS_PER_DAY: Final = 24
DAYS_PER_WEEK: Final = 7


@dataclass(frozen=True, eq=False)
class Sides:
    """Aligned offers and requests, row for row a pair."""

    supply: SupplyColumns
    demand: DemandColumns

    @cached_property
    def first(self) -> Ints:
        """First day both want to trade."""
        return np.maximum(self.supply.first_day, self.demand.first_day)

    @cached_property
    def last(self) -> Ints:
        """Last day both want to trade; before `first` where the periods do not meet."""
        return np.minimum(self.supply.last_day, self.demand.last_day)

    @cached_property
    def missing_papers(self) -> Ints:
        """Mask of required slots the offer does not hold."""
        return self.demand.required_papers & ~self.supply.papers

    @cached_property
    def is_comparable(self) -> Bools:
        """Whether both sides count in the same dimension."""
        return self.supply.dimension == self.demand.dimension


@dataclass(frozen=True, eq=False)
class Pairing(Sides):
    """Both sides with the way between them and the rules to judge them by."""

    routes: Routes
    ruleset: Ruleset

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.routes)

    def take(self, rows: Ints) -> Pairing:
        """The given pairs."""
        sides = self.supply.take(rows), self.demand.take(rows)
        return Pairing(*sides, self.routes.take(rows), self.ruleset)

    @cached_property
    def window(self) -> Window:
        """Days on which the pair could deliver."""
        return _window(self)

    @cached_property
    def freight(self) -> Freight:
        """Hours and cost of the way."""
        return _freight(self)

    @cached_property
    def available_base(self) -> Floats:
        """What the offer can bring on the delivery days: its quantity, within weekly capacity."""
        weeks = np.ceil(self.window.delivery_days / DAYS_PER_WEEK)
        is_capped = np.isfinite(self.supply.weekly_capacity_base)
        capacity = np.where(is_capped, self.supply.weekly_capacity_base, 0.0) * weeks
        return np.minimum(self.supply.quantity_base, np.where(is_capped, capacity, np.inf))

    @cached_property
    def tradeable_base(self) -> Floats:
        """What could change hands: the smaller of what is available and what is asked."""
        return np.minimum(self.available_base, self.demand.quantity_base)

    @cached_property
    def landed_vnd_per_base(self) -> Floats:
        """Price at the buyer's door; NaN unless price, way and comparable unit are known."""
        landed = self.supply.price_vnd_per_base + self.freight.vnd_per_base
        return np.where(self.is_comparable, landed, np.nan)

    @cached_property
    def price_limit_vnd_per_base(self) -> Floats:
        """Landed price above which the pair is refused."""
        return self.demand.price_ceiling_vnd_per_base * (1 + self.ruleset.price_tolerance)


@dataclass(frozen=True, eq=False)
class Window:
    """Days on which both want to trade, and those of them on which the papers hold."""

    first: Ints
    last: Ints
    papers_first: Ints
    papers_last: Ints
    delivery_first: Ints
    delivery_last: Ints
    lapsed_papers: Ints
    """Mask of required slots held, but on no day both want to trade."""

    @cached_property
    def meets(self) -> Bools:
        """Whether the two periods share a day."""
        return self.first <= self.last

    @cached_property
    def delivery_days(self) -> Ints:
        """Number of days on which the pair could deliver, 0 or more."""
        return np.maximum(self.delivery_last - self.delivery_first + 1, 0)


@dataclass(frozen=True, eq=False)
class Freight:
    """The way from farm to door; NaN is unknown or no road, infinite hours no open road."""

    hours: Floats
    """Driving, loading, pauses and nights."""
    vnd_per_base: Floats
    shelf_limit_hours: Floats
    limit_hours: Floats
    """The tighter of the shelf life's limit and the buyer's; NaN when neither is known."""


def slots_in(mask: int) -> list[int]:
    """Paper slots set in a mask, in order."""
    return [slot for slot in range(len(PAPER_SLOTS)) if mask >> slot & 1]


def slot_period(supply: SupplyColumns, *, slot: int, first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """First and last valid day of a slot: of periods apart, the one that meets most of the days."""
    begins, ends = supply.papers_from[:, slot].astype(np.int64), supply.papers_to[:, slot]
    chosen, until = begins[:, 0], ends[:, 0].astype(np.int64)
    for period in range(1, begins.shape[1]):
        shared = np.minimum(last, until) - np.maximum(first, chosen)
        other = np.minimum(last, ends[:, period]) - np.maximum(first, begins[:, period])
        chosen = np.where(other > shared, begins[:, period], chosen)
        until = np.where(other > shared, ends[:, period], until)
    return chosen, until


def _window(sides: Sides) -> Window:
    supply, demand, first, last = sides.supply, sides.demand, sides.first, sides.last
    papers_first, papers_last, lapsed = first, last, np.zeros_like(first)
    asked = demand.required_papers & supply.papers
    for slot in slots_in(int(np.bitwise_or.reduce(asked))):
        needs = (asked >> slot & 1).astype(np.bool_)
        begins, ends = slot_period(supply, slot=slot, first=first, last=last)
        papers_first = np.where(needs, np.maximum(papers_first, begins), papers_first)
        papers_last = np.where(needs, np.minimum(papers_last, ends), papers_last)
        misses = needs & (np.maximum(first, begins) > np.minimum(last, ends))
        lapsed = np.where(misses, lapsed | 1 << slot, lapsed)
    counts = demand.minimum_stars > 0
    return Window(
        first=first,
        last=last,
        papers_first=papers_first,
        papers_last=papers_last,
        delivery_first=np.where(counts, np.maximum(papers_first, supply.stars_from), papers_first),
        delivery_last=np.where(counts, np.minimum(papers_last, supply.stars_to), papers_last),
        lapsed_papers=lapsed,
    )


def _freight(pairing: Pairing) -> Freight:
    supply, rules, km = pairing.supply, pairing.ruleset, pairing.routes.km
    rate = np.array(rules.freight_vnd_per_kg_km)[supply.storage]
    shelf_limit = supply.shelf_life_days * HOURS_PER_DAY * rules.shelf_life_share
    per_kg = rules.freight_fixed_vnd_per_kg + rate * np.where(np.isfinite(km), km, np.nan)
    return Freight(
        hours=door_to_door_hours(pairing.routes.hours, pairing.routes.ferry_hours, rules),
        vnd_per_base=per_kg * supply.kg_per_base,
        shelf_limit_hours=shelf_limit,
        limit_hours=np.fmin(shelf_limit, pairing.demand.max_lead_hours),
    )


def door_to_door_hours(hours: Floats, ferry_hours: Floats, rules: Ruleset) -> Floats:
    """Hours on the way with loading, pauses and nights; nobody drives, or tires, on a ferry.

    Args:
        hours: On the way; NaN and infinite ones stay.
        ferry_hours: The part of them in which nobody drives.
        rules: Limits of one driver, and hours of loading.
    """
    drivable = np.where(np.isfinite(hours), hours, 0.0) - ferry_hours
    pauses = np.maximum(np.ceil(drivable / rules.driving_stretch_hours) - 1, 0)
    nights = np.maximum(np.ceil(drivable / rules.driving_day_hours) - 1, 0)
    return hours + rules.loading_hours + pauses * rules.pause_hours + nights * rules.night_hours
