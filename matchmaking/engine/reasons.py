"""Each refusal of one pair in numbers, and the nearest change that would lift it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from matchmaking.engine.eligibility import Refusal
from matchmaking.engine.facts import HOURS_PER_DAY, Pairing, slot_period, slots_in

_SPOKEN_DIGITS: Final = 4

Number = int | float
Facts = dict[str, Number]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The nearest change that would lift one refusal."""

    code: str
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalReason:
    """One reason against a pair; some no change can lift."""

    code: str
    facts: Facts
    nearest_change: Change | None


def reasons(bits: Refusal, *, pairing: Pairing) -> tuple[RefusalReason, ...]:
    """The reasons behind the bits of a pairing of one pair, in the order of the gates."""
    found = ((bit, *_REASONS[bit](pairing)) for bit in Refusal if bit & bits)
    return tuple(
        RefusalReason(code=str(bit.name).lower(), facts=facts, nearest_change=change)
        for bit, facts, change in found
    )


def stated(**columns: Any) -> Facts:  # noqa: ANN401 -- numbers, flags or arrays of one of them
    """The known facts: unknown and infinite ones are left out, whole ones are ints."""
    numbers = {name: np.asarray(column).ravel()[0].item() for name, column in columns.items()}
    return {name: _tidy(one) for name, one in numbers.items() if math.isfinite(one)}


def _tidy(number: Number) -> Number:
    return int(number) if float(number).is_integer() else number


_Reason = tuple[Facts, Change | None]


def _same_organisation(pairing: Pairing) -> _Reason:
    return stated(organisation_id=pairing.supply.organisation_id), None


def _category(pairing: Pairing) -> _Reason:
    order = pairing.supply.category_order
    low, high = pairing.demand.category_lo, pairing.demand.category_hi
    wider = stated(category_lo=np.minimum(low, order), category_hi=np.maximum(high, order + 1))
    facts = stated(category_order=order, category_lo=low, category_hi=high)
    return facts, Change(code="widen_category", facts=wider)


def _dimension(pairing: Pairing) -> _Reason:
    del pairing
    return {}, Change(code="state_net_content", facts={})


def _window(pairing: Pairing) -> _Reason:
    supply, demand, window = pairing.supply, pairing.demand, pairing.window
    facts = stated(
        supply_first_day=supply.first_day,
        supply_last_day=supply.last_day,
        demand_first_day=demand.first_day,
        demand_last_day=demand.last_day,
        gap_days=window.first - window.last,
    )
    begins, ends = _valid_days(pairing)
    if supply.first_day[0] > demand.last_day[0]:
        return facts, Change(code="start_offer_by", facts={"day": ends})
    return facts, Change(code="extend_offer_to", facts={"day": begins})


def _valid_days(pairing: Pairing) -> tuple[int, int]:
    """Asked days on which papers and award hold, first and last; all asked ones if on none."""
    supply, demand = pairing.supply, pairing.demand
    asked = int(demand.first_day[0]), int(demand.last_day[0])
    begins, ends = asked
    for slot in slots_in(int(demand.required_papers[0] & supply.papers[0])):
        first, last = slot_period(supply, slot=slot, first=demand.first_day, last=demand.last_day)
        begins, ends = max(begins, int(first[0])), min(ends, int(last[0]))
    if 0 < demand.minimum_stars[0] <= supply.stars[0]:
        begins, ends = max(begins, int(supply.stars_from[0])), min(ends, int(supply.stars_to[0]))
    return (begins, ends) if begins <= ends else asked


def _no_quantity(pairing: Pairing) -> _Reason:
    supply, demand = pairing.supply, pairing.demand
    facts = stated(
        quantity_base=np.minimum(supply.quantity_base, supply.weekly_capacity_base),
        asked_base=demand.quantity_base,
    )
    asked, lot = float(demand.quantity_base[0]), float(supply.minimum_lot_base[0])
    needed = stated(quantity_base=max(asked, lot) or 1.0)
    return facts, Change(code="state_quantity", facts=needed)


def _below_minimum_lot(pairing: Pairing) -> _Reason:
    tradeable = pairing.tradeable_base
    facts = stated(minimum_lot_base=pairing.supply.minimum_lot_base, tradeable_base=tradeable)
    lot = _spoken_below(float(tradeable[0]))
    return facts, Change(code="lower_minimum_lot", facts=stated(minimum_lot_base=lot))


def _spoken_below(amount: float) -> float:
    """The largest amount of as many digits as are told that is no larger: it must hold as told."""
    decimals = max(0, _SPOKEN_DIGITS - len(str(int(amount))))
    below = math.floor(amount * 10**decimals) / 10**decimals
    return below if 0 < below <= amount else amount


def _papers_missing(pairing: Pairing) -> _Reason:
    window, demand = pairing.window, pairing.demand
    meets = bool(window.meets[0])
    papers = int(pairing.missing_papers[0])
    facts: Facts = {"papers": papers, "count": papers.bit_count()}
    days = stated(
        first_day=window.first if meets else demand.first_day,
        last_day=window.last if meets else demand.last_day,
    )
    return facts, Change(code="obtain_papers", facts={**facts, **days})


def _papers_not_valid(pairing: Pairing) -> _Reason:
    papers = _papers_to_renew(pairing)
    facts: Facts = {
        "papers": papers,
        "count": papers.bit_count(),
        **stated(first_day=pairing.window.first, last_day=pairing.window.last),
    }
    return facts, Change(code="renew_papers", facts=facts)


def _papers_to_renew(pairing: Pairing) -> int:
    """Required papers without a common day: the lapsed ones; all short ones if the rest part."""
    window, lapsed = pairing.window, int(pairing.window.lapsed_papers[0])
    rest = int(pairing.demand.required_papers[0] & pairing.supply.papers[0]) & ~lapsed
    first, last = int(window.first[0]), int(window.last[0])
    held = {slot: _period(pairing, slot) for slot in slots_in(rest)}
    begins = max((period[0] for period in held.values()), default=first)
    ends = min((period[1] for period in held.values()), default=last)
    if max(begins, first) <= min(ends, last):
        return lapsed
    short = (slot for slot, period in held.items() if period[0] > first or period[1] < last)
    return lapsed | sum(1 << slot for slot in short)


def _period(pairing: Pairing, slot: int) -> tuple[int, int]:
    window = pairing.window
    begins, ends = slot_period(pairing.supply, slot=slot, first=window.first, last=window.last)
    return int(begins[0]), int(ends[0])


def _stars_too_few(pairing: Pairing) -> _Reason:
    minimum = pairing.demand.minimum_stars
    facts = stated(stars=pairing.supply.stars, minimum_stars=minimum)
    return facts, Change(
        code="reach_stars", facts={**stated(stars=minimum), **_days_of_award(pairing)}
    )


def _stars_not_valid(pairing: Pairing) -> _Reason:
    supply, days = pairing.supply, _days_of_award(pairing)
    held = stated(
        stars=supply.stars, valid_from_day=supply.stars_from, valid_to_day=supply.stars_to
    )
    return {**held, **days}, Change(code="renew_stars", facts=days)


def _days_of_award(pairing: Pairing) -> Facts:
    """Days an award has to hold: those of the other papers, else all both want, else all asked."""
    window, demand = pairing.window, pairing.demand
    if not window.meets[0]:
        return stated(first_day=demand.first_day, last_day=demand.last_day)
    if window.papers_first[0] <= window.papers_last[0]:
        return stated(first_day=window.papers_first, last_day=window.papers_last)
    return stated(first_day=window.first, last_day=window.last)


def _storage(pairing: Pairing) -> _Reason:
    required = pairing.demand.storage_required
    facts = stated(storage=pairing.supply.storage, storage_required=required)
    return facts, Change(code="change_storage", facts=stated(storage=required))


def _invoice(pairing: Pairing) -> _Reason:
    del pairing
    return {}, Change(code="issue_invoice", facts={})


def _barcode(pairing: Pairing) -> _Reason:
    del pairing
    return {}, Change(code="register_barcode", facts={})


def _shelf_life(pairing: Pairing) -> _Reason:
    freight, share = pairing.freight, pairing.ruleset.shelf_life_share
    hours = float(freight.hours[0])
    facts = stated(
        hours=hours,
        km=pairing.routes.km,
        limit_hours=freight.shelf_limit_hours,
        shelf_life_days=pairing.supply.shelf_life_days,
    )
    if share == 0:
        return facts, None
    days = math.ceil(hours / (HOURS_PER_DAY * share))
    # Division and product round apart; the promise must hold when it is followed.
    days += days * HOURS_PER_DAY * share < hours
    return facts, Change(code="extend_shelf_life", facts={"shelf_life_days": days})


def _lead_time(pairing: Pairing) -> _Reason:
    hours = float(pairing.freight.hours[0])
    facts = stated(hours=hours, km=pairing.routes.km, limit_hours=pairing.demand.max_lead_hours)
    return facts, Change(code="allow_hours", facts={"hours": math.ceil(hours)})


def _price(pairing: Pairing) -> _Reason:
    price = float(pairing.supply.price_vnd_per_base[0])
    freight = float(np.nan_to_num(pairing.freight.vnd_per_base[0]))
    limit = float(pairing.price_limit_vnd_per_base[0])
    facts = stated(
        price_vnd_per_base=price,
        freight_vnd_per_base=pairing.freight.vnd_per_base,
        landed_vnd_per_base=pairing.landed_vnd_per_base,
        ceiling_vnd_per_base=pairing.demand.price_ceiling_vnd_per_base,
        limit_vnd_per_base=limit,
    )
    lower = math.floor(limit - freight)
    lower -= lower + freight > limit
    if lower > 0:
        return facts, Change(code="lower_price", facts={"price_vnd_per_base": lower})
    tolerated = 1 + pairing.ruleset.price_tolerance
    ceiling = math.ceil((price + freight) / tolerated)
    ceiling += ceiling * tolerated < price + freight
    return facts, Change(code="raise_ceiling", facts={"ceiling_vnd_per_base": ceiling})


def _unreachable(pairing: Pairing) -> _Reason:
    del pairing
    return {}, None


_REASONS: Final[dict[Refusal, Callable[[Pairing], _Reason]]] = {
    Refusal.SAME_ORGANISATION: _same_organisation,
    Refusal.CATEGORY: _category,
    Refusal.DIMENSION: _dimension,
    Refusal.WINDOW: _window,
    Refusal.NO_QUANTITY: _no_quantity,
    Refusal.BELOW_MINIMUM_LOT: _below_minimum_lot,
    Refusal.PAPERS_MISSING: _papers_missing,
    Refusal.PAPERS_NOT_VALID: _papers_not_valid,
    Refusal.STARS_TOO_FEW: _stars_too_few,
    Refusal.STARS_NOT_VALID: _stars_not_valid,
    Refusal.STORAGE: _storage,
    Refusal.INVOICE: _invoice,
    Refusal.BARCODE: _barcode,
    Refusal.SHELF_LIFE: _shelf_life,
    Refusal.LEAD_TIME: _lead_time,
    Refusal.PRICE: _price,
    Refusal.UNREACHABLE: _unreachable,
}
