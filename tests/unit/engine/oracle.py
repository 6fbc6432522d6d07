"""The rules once more in plain Python, pair by pair: what the columnar engine must agree with."""

from __future__ import annotations

from math import ceil
from zlib import crc32

from matchmaking.engine.names import trigrams
from matchmaking.engine.records import Demand, Route, Supply
from matchmaking.engine.ruleset import Ruleset

PLAIN = 17
"""Number of paper kinds that do not name a market."""


def route_of(supply: Supply, demand: Demand, terrain) -> Route:
    """The nearest outlet: known before unknown, unknown before unreachable."""
    known, is_unknown = [], False
    for place in demand.destinations:
        if place.node < 0 or supply.origin.node < 0:
            is_unknown = True
            continue
        hours = float(terrain.travel_hours[supply.origin.node, place.node])
        if hours != float("inf"):
            km = float(terrain.travel_km[supply.origin.node, place.node]) + place.access_km
            known.append((hours + place.access_hours, km))
    pact = None
    if supply.province >= 0 and demand.province >= 0:
        pact = supply.province == demand.province or bool(
            terrain.pacts[supply.province, demand.province]
        )
    if known:
        hours, km = min(known)
        return Route(
            hours=hours + supply.origin.access_hours,
            km=km + supply.origin.access_km,
            reachable=True,
            has_pact=pact,
        )
    is_unknown = is_unknown or not demand.destinations
    return Route(hours=None, km=None, reachable=is_unknown, has_pact=pact)


class Pair:
    """One pair and everything the rules say of it."""

    def __init__(self, supply: Supply, demand: Demand, route: Route, rules: Ruleset) -> None:
        self.s, self.d, self.route, self.rules = supply, demand, route, rules
        self.window = (
            max(supply.first_day, demand.first_day),
            min(supply.last_day, demand.last_day),
        )
        self.same_dimension = supply.dimension == demand.dimension
        self.held = self._held()
        self.papers_window, self.lapsed = self._papers_window()
        self.delivery = self.papers_window
        if demand.minimum_stars > 0:
            self.delivery = (
                max(self.delivery[0], supply.stars_from),
                min(self.delivery[1], supply.stars_to),
            )
        self.days = max(self.delivery[1] - self.delivery[0] + 1, 0)
        self.hours = self._hours()
        self.freight = self._freight()
        self.landed = None
        if self.same_dimension and None not in {supply.price_vnd_per_base, self.freight}:
            self.landed = supply.price_vnd_per_base + self.freight
        self.limit = None
        if demand.price_ceiling_vnd_per_base is not None:
            self.limit = demand.price_ceiling_vnd_per_base * (1 + rules.price_tolerance)
        self.shelf_limit = None
        if supply.shelf_life_days is not None:
            self.shelf_limit = supply.shelf_life_days * 24 * rules.shelf_life_share
        self.available = supply.quantity_base
        if supply.weekly_capacity_base is not None:
            self.available = min(self.available, supply.weekly_capacity_base * ceil(self.days / 7))

    def _held(self) -> dict[str, list[tuple[int, int]]]:
        """Days of validity by paper name, as day sets turned back into periods."""
        periods: dict[str, list[tuple[int, int]]] = {}
        for paper in self.s.papers:
            if paper.valid_from > paper.valid_to:
                continue
            for name in (paper.kind, *(f"{paper.kind}:{market}" for market in paper.markets)):
                periods.setdefault(name, []).append((paper.valid_from, paper.valid_to))
        return {name: self._kept(self._merged(found)) for name, found in periods.items()}

    def _merged(self, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
        merged: list[tuple[int, int]] = []
        for first, last in sorted(found):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(merged[-1][1], last))
            else:
                merged.append((first, last))
        return merged

    def _kept(self, merged: list[tuple[int, int]]) -> list[tuple[int, int]]:
        meets = [one for one in merged if one[0] <= self.s.last_day and one[1] >= self.s.first_day]
        return meets or [merged[-1]]

    def period(self, name: str, days: tuple[int, int]) -> tuple[int, int]:
        """The period of a paper that shares most of the given days, the earliest of equals."""
        return max(self.held[name], key=lambda one: min(days[1], one[1]) - max(days[0], one[0]))

    def _papers_window(self) -> tuple[tuple[int, int], list[str]]:
        first, last, lapsed = *self.window, []
        for name in set(self.d.required_papers) & set(self.held):
            begins, ends = self.period(name, self.window)
            first, last = max(first, begins), min(last, ends)
            if max(self.window[0], begins) > min(self.window[1], ends):
                lapsed.append(name)
        return (first, last), lapsed

    def _hours(self) -> float | None:
        if self.route.hours is None:
            return None
        driving, rules = self.route.hours, self.rules
        pauses = max(ceil(driving / rules.driving_stretch_hours) - 1, 0)
        nights = max(ceil(driving / rules.driving_day_hours) - 1, 0)
        waits = pauses * rules.pause_hours, nights * rules.night_hours
        return driving + rules.loading_hours + waits[0] + waits[1]

    def _freight(self) -> float | None:
        kg = self.s.kg_per_base
        if kg is None:
            kg = None if self.s.dimension == "count" else 1.0
        if kg is None or self.route.km is None:
            return None
        order = ("ambient", "chilled", "frozen", "live").index(self.s.storage)
        rate = self.rules.freight_vnd_per_kg_km[order]
        return (self.rules.freight_fixed_vnd_per_kg + rate * self.route.km) * kg

    def refusals(self) -> list[str]:
        """Codes of all gates that close, in the engine's order."""
        s, d = self.s, self.d
        meets = self.window[0] <= self.window[1]
        tradeable = min(self.available, d.quantity_base)
        papers_apart = meets and self.papers_window[0] > self.papers_window[1]
        star_days = (max(self.window[0], s.stars_from), min(self.window[1], s.stars_to))
        lowest = s.price_vnd_per_base if self.landed is None else self.landed
        gates = {
            "same_organisation": s.organisation_id == d.organisation_id,
            "category": s.category_order not in range(d.category_lo, d.category_hi),
            "dimension": not self.same_dimension,
            "window": not meets,
            "no_quantity": 0 in {s.quantity_base, d.quantity_base, s.weekly_capacity_base},
            "below_minimum_lot": self.same_dimension and 0 < tradeable < (s.minimum_lot_base or 0),
            "papers_missing": bool(set(d.required_papers) - set(self.held)),
            "papers_not_valid": papers_apart,
            "stars_too_few": s.stars < d.minimum_stars,
            "stars_not_valid": 0 < d.minimum_stars <= s.stars
            and meets
            and (star_days[0] > star_days[1] or (not papers_apart and self.days == 0)),
            "storage": d.storage_required not in {None, s.storage},
            "invoice": d.needs_invoice and not s.can_issue_invoice,
            "barcode": d.needs_barcode and not s.has_gtin,
            "shelf_life": None not in {self.hours, self.shelf_limit}
            and self.hours > self.shelf_limit,
            "lead_time": None not in {self.hours, d.max_lead_hours}
            and self.hours > d.max_lead_hours,
            "price": self.same_dimension
            and None not in {lowest, self.limit}
            and lowest > self.limit,
            "unreachable": not self.route.reachable,
        }
        return [code for code, closes in gates.items() if closes]

    def fits(self) -> dict[str, float | None]:
        """Fit by criterion, None where unknown."""
        return {
            "product": self._product(),
            "quantity": self._quantity(),
            "price": self._price(),
            "window": self.days / (self.d.last_day - self.d.first_day + 1),
            "freight": self._freight_fit(),
            "papers": self._papers(),
            "pact": None if self.route.has_pact is None else float(self.route.has_pact),
            "margin": self._margin(),
        }

    def points(self) -> dict[str, int]:
        """Whole points by criterion."""
        weights = dict(zip(self.fits(), self.rules.weights, strict=True))
        fits = self.fits().items()
        presumed = {code: self.rules.unknown_fit if fit is None else fit for code, fit in fits}
        return {code: round(fit * weights[code]) for code, fit in presumed.items()}

    def _product(self) -> float:
        d, rules = self.d, self.rules
        if not d.category_lo <= self.s.category_order < d.category_hi:
            return 0.0
        is_leaf = d.category_hi - d.category_lo == 1
        closeness = rules.closeness_leaf if is_leaf else rules.closeness_set
        if not trigrams(d.words):
            return closeness
        alike = max(_alike(self.s.leaf_name, d.words), _alike(self.s.product_name, d.words))
        return (1 - rules.name_share) * closeness + rules.name_share * alike

    def _quantity(self) -> float | None:
        if not self.same_dimension or self.d.quantity_base == 0:
            return None
        return min(self.available / self.d.quantity_base, 1.0)

    def _margin(self) -> float | None:
        ceiling = self.d.price_ceiling_vnd_per_base
        if self.landed is None or ceiling is None:
            return None
        full = self.s.price_vnd_per_base * self.rules.margin_full_share
        room = ceiling - self.landed
        share = room / full if full else (room > 0) - (room < 0)
        return min(max(0.5 + 0.5 * share, 0.0), 1.0)

    def _price(self) -> float | None:
        ceiling, rules = self.d.price_ceiling_vnd_per_base, self.rules
        if self.landed is None or ceiling is None:
            return None
        span = ceiling * (1 + rules.price_tolerance - rules.price_full_share)
        return 0.0 if span == 0 else min(max((self.limit - self.landed) / span, 0.0), 1.0)

    def _freight_fit(self) -> float | None:
        known = (self.shelf_limit, self.d.max_lead_hours, self.rules.usual_hours or None)
        limits = [one for one in known if one is not None]
        if not limits or (self.hours is None and self.route.reachable):
            return None
        if self.hours is None or min(limits) == 0:
            return 0.0
        return max(1 - self.hours / min(limits), 0.0)

    def _papers(self) -> float:
        wanted = set(self.d.preferred_papers) - set(self.d.required_papers)
        extra = set(self.held) - set(self.d.required_papers)
        if wanted:
            extra &= wanted
        else:
            extra = {name for name in extra if ":" not in name}
        number = sum(self._worth(self.period(name, self.delivery)) for name in extra)
        if wanted:
            return min(number / len(wanted), 1.0)
        stars = max(self.s.stars - max(self.d.minimum_stars, 2), 0)
        number += stars * self._worth((self.s.stars_from, self.s.stars_to))
        return min(number / self.rules.papers_for_full_fit, 1.0)

    def _worth(self, period: tuple[int, int]) -> float:
        first, last = max(period[0], self.delivery[0]), min(period[1], self.delivery[1])
        if self.rules.papers_by_day:
            return max(last - first + 1, 0) / (self.d.last_day - self.d.first_day + 1)
        return float(period[0] <= self.delivery[0] and period[1] >= self.delivery[1])


def _alike(left: str, right: str) -> float:
    bits = [{crc32(one.encode()) % 512 for one in trigrams(text)} for text in (left, right)]
    union = bits[0] | bits[1]
    return len(bits[0] & bits[1]) / len(union) if union else 0.0
