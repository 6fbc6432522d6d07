"""Why a pair fits, why not, and the nearest change that would make it fit: codes and numbers only.

Words are made elsewhere, from message templates keyed by these codes. Days are ordinals, money
whole or broken đồng per base unit, `papers` a mask for `records.slot_names`, `storage` a position
in `records.STORAGE_CLASSES`. A fact that is unknown is left out.

Parts (`Part.code`) and their facts:
    product     closeness, similarity
    quantity    available_base, asked_base
    price       price_vnd_per_base, freight_vnd_per_base, landed_vnd_per_base, ceiling_vnd_per_base
    window      delivery_first_day, delivery_last_day, delivery_days, asked_days
    freight     hours, km, limit_hours, usual_hours; of the hours driving_hours, ferry_hours,
                rest_hours and loading_hours
    papers      papers_above, papers_wanted, stars, minimum_stars
    pact        pact
    margin      price_vnd_per_base, room_vnd_per_base (the ceiling less freight and price)

Refusals (`RefusalReason.code`), their facts, and -> the nearest change with its facts:
    same_organisation   organisation_id -> none
    category            category_order, category_lo, category_hi
                        -> widen_category (category_lo, category_hi)
    dimension           -> state_net_content
    window              supply_first_day, supply_last_day, demand_first_day, demand_last_day,
                        gap_days -> start_offer_by (day) or extend_offer_to (day)
    no_quantity         quantity_base, asked_base -> state_quantity (quantity_base)
    below_minimum_lot   minimum_lot_base, tradeable_base -> lower_minimum_lot (minimum_lot_base)
    papers_missing      papers, count -> obtain_papers (papers, count, first_day, last_day)
    papers_not_valid    papers, count, first_day, last_day -> renew_papers (same facts)
    stars_too_few       stars, minimum_stars -> reach_stars (stars, first_day, last_day)
    stars_not_valid     stars, valid_from_day, valid_to_day, first_day, last_day
                        -> renew_stars (first_day, last_day)
    storage             storage, storage_required -> change_storage (storage)
    invoice             -> issue_invoice
    barcode             -> register_barcode
    shelf_life          hours, km, limit_hours, shelf_life_days
                        -> extend_shelf_life (shelf_life_days)
    lead_time           hours, km, limit_hours -> allow_hours (hours)
    price               price_vnd_per_base, freight_vnd_per_base, landed_vnd_per_base,
                        ceiling_vnd_per_base, limit_vnd_per_base
                        -> lower_price (price_vnd_per_base) or raise_ceiling (ceiling_vnd_per_base)
    unreachable         -> none
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from matchmaking.engine import criteria
from matchmaking.engine.eligibility import Refusal
from matchmaking.engine.facts import Pairing
from matchmaking.engine.reasons import Change, Facts, RefusalReason, reasons, stated
from matchmaking.engine.records import Demand, Route, Supply
from matchmaking.engine.ruleset import CRITERIA, GAINS, Ruleset
from matchmaking.engine.scoring import ScoredPairs, judge, side_points, side_weight
from matchmaking.engine.values import DemandColumns, Pairs, Routes, SupplyColumns

__all__ = ["Change", "Explanation", "Facts", "Gain", "Part", "RefusalReason", "explain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One criterion's share in the score; an unknown part has no fit but its presumed points."""

    code: str
    fit: float | None
    weight: int
    points: int
    known: bool
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What one side has of the pair: the points of its own criteria, of those it could have."""

    side: str
    """A key of `ruleset.GAINS`."""
    points: int
    weight: int

    @property
    def share(self) -> float:
        """The gain as a share in [0, 1]; 0 where the rules give the side no weight."""
        return self.points / self.weight if self.weight else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All there is to say of one pair; the score is the sum of the parts' points."""

    eligible: bool
    score: int
    known_weight: int
    """Points of weight that rest on stated facts, of 10,000."""
    ruleset_version: int
    parts: tuple[Part, ...]
    """Those the rules give a weight."""
    gains: tuple[Gain, ...]
    refusals: tuple[RefusalReason, ...]


def explain(supply: Supply, demand: Demand, route: Route, ruleset: Ruleset) -> Explanation:
    """Judge one pair from its stored inputs, exactly as it was judged among many."""
    pairing = Pairing(
        SupplyColumns.from_records([supply]),
        DemandColumns.from_records([demand]),
        Routes.from_records([route]),
        ruleset,
    )
    judged = judge(pairing, pairs=Pairs(supply=np.arange(1), demand=np.arange(1)))
    parts = _parts(pairing, judged=judged)
    bits = Refusal(int(judged.refusals[0]))
    return Explanation(
        eligible=not bits,
        score=int(judged.score[0]),
        known_weight=sum(part.weight for part in parts if part.known),
        ruleset_version=ruleset.version,
        parts=parts,
        gains=tuple(_gain(side, judged=judged, ruleset=ruleset) for side in GAINS),
        refusals=reasons(bits, pairing=pairing),
    )


def _gain(side: str, *, judged: ScoredPairs, ruleset: Ruleset) -> Gain:
    return Gain(
        side=side,
        points=int(side_points(judged.points, side=side)[0]),
        weight=side_weight(ruleset, side=side),
    )


def _parts(pairing: Pairing, *, judged: ScoredPairs) -> tuple[Part, ...]:
    return tuple(
        Part(
            code=code,
            fit=float(judged.fits[0, at]) if judged.known[0, at] else None,
            weight=pairing.ruleset.weights[at],
            points=int(judged.points[0, at]),
            known=bool(judged.known[0, at]),
            facts=_PART_FACTS[code](pairing),
        )
        for at, code in enumerate(CRITERIA)
        if pairing.ruleset.weights[at]
    )


def _product_facts(pairing: Pairing) -> Facts:
    return stated(
        closeness=criteria.category_closeness(pairing),
        similarity=criteria.name_similarity(pairing),
    )


def _quantity_facts(pairing: Pairing) -> Facts:
    return stated(
        available_base=pairing.available_base,
        asked_base=pairing.demand.quantity_base,
    )


def _price_facts(pairing: Pairing) -> Facts:
    return stated(
        price_vnd_per_base=pairing.supply.price_vnd_per_base,
        freight_vnd_per_base=pairing.freight.vnd_per_base,
        landed_vnd_per_base=pairing.landed_vnd_per_base,
        ceiling_vnd_per_base=pairing.demand.price_ceiling_vnd_per_base,
    )


def _window_facts(pairing: Pairing) -> Facts:
    window, demand = pairing.window, pairing.demand
    days = stated(delivery_first_day=window.delivery_first, delivery_last_day=window.delivery_last)
    return {
        **(days if window.delivery_days[0] else {}),
        **stated(
            delivery_days=window.delivery_days, asked_days=demand.last_day - demand.first_day + 1
        ),
    }


def _freight_facts(pairing: Pairing) -> Facts:
    freight, routes = pairing.freight, pairing.routes
    loading = pairing.ruleset.loading_hours
    ways = stated(hours=freight.hours, km=routes.km, limit_hours=freight.limit_hours)
    if "hours" not in ways:
        return ways
    usual = pairing.ruleset.usual_hours
    return {
        **ways,
        **(stated(usual_hours=usual) if usual else {}),
        **stated(
            driving_hours=routes.hours - routes.ferry_hours,
            ferry_hours=routes.ferry_hours,
            rest_hours=freight.hours - routes.hours - loading,
            loading_hours=loading,
        ),
    }


def _papers_facts(pairing: Pairing) -> Facts:
    return stated(
        papers_above=criteria.papers_above(pairing),
        papers_wanted=criteria.wanted_papers(pairing),
        stars=pairing.supply.stars,
        minimum_stars=pairing.demand.minimum_stars,
    )


def _pact_facts(pairing: Pairing) -> Facts:
    return stated(pact=pairing.routes.pact)


def _margin_facts(pairing: Pairing) -> Facts:
    ceiling = pairing.demand.price_ceiling_vnd_per_base
    return stated(
        price_vnd_per_base=pairing.supply.price_vnd_per_base,
        room_vnd_per_base=ceiling - pairing.landed_vnd_per_base,
    )


_PART_FACTS: Final[dict[str, Callable[[Pairing], Facts]]] = {
    "product": _product_facts,
    "quantity": _quantity_facts,
    "price": _price_facts,
    "window": _window_facts,
    "freight": _freight_facts,
    "papers": _papers_facts,
    "pact": _pact_facts,
    "margin": _margin_facts,
}
