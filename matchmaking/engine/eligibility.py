"""Hard gates: one bit for each reason why a pair cannot trade."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntFlag
from functools import reduce
from typing import Final

import numpy as np

from matchmaking.engine.facts import Pairing, Sides
from matchmaking.engine.values import Bools, DemandColumns, Ints, SupplyColumns


class Refusal(IntFlag):
    """Reasons of refusal; positions are stored, so members are only appended."""

    SAME_ORGANISATION = 1 << 0
    CATEGORY = 1 << 1
    DIMENSION = 1 << 2
    WINDOW = 1 << 3
    NO_QUANTITY = 1 << 4
    BELOW_MINIMUM_LOT = 1 << 5
    PAPERS_MISSING = 1 << 6
    PAPERS_NOT_VALID = 1 << 7
    STARS_TOO_FEW = 1 << 8
    STARS_NOT_VALID = 1 << 9
    STORAGE = 1 << 10
    INVOICE = 1 << 11
    BARCODE = 1 << 12
    SHELF_LIFE = 1 << 13
    LEAD_TIME = 1 << 14
    PRICE = 1 << 15
    UNREACHABLE = 1 << 16


def refusals(pairing: Pairing) -> Ints:
    """Every reason against each pair. What is unknown refuses nobody.

    Returns:
        (n_pairs,) int64 bits of `Refusal`; 0 where the pair may trade.

    Source:
        docs/decisions/0007-criteria-and-weights.md.
    """
    bits = [np.where(gate(pairing), int(bit), 0) for bit, gate in GATES.items()]
    return reduce(np.bitwise_or, bits).astype(np.int64)


def screen(supply: SupplyColumns, demand: DemandColumns) -> Ints:
    """Rows that pass every gate which needs neither way nor rules, in order."""
    rows = np.arange(len(supply))
    for gate in SIDE_GATES.values():
        passes = np.flatnonzero(~gate(Sides(supply, demand)))
        if len(passes) < len(rows):
            rows, supply, demand = rows[passes], supply.take(passes), demand.take(passes)
    return rows


def screened(pairing: Pairing) -> Ints:
    """Rows of a pairing, of pairs that passed `screen`, that pass every other gate, in order."""
    rows = np.arange(len(pairing))
    for gates in (WAY_GATES, DELIVERY_GATES):
        closed = reduce(np.logical_or, (gate(pairing) for gate in gates.values()))
        passes = np.flatnonzero(~closed)
        rows, pairing = rows[passes], pairing.take(passes)
    return rows


def _same_organisation(sides: Sides) -> Bools:
    return sides.supply.organisation_id == sides.demand.organisation_id


def _category(sides: Sides) -> Bools:
    order = sides.supply.category_order
    return (order < sides.demand.category_lo) | (order >= sides.demand.category_hi)


def _dimension(sides: Sides) -> Bools:
    return ~sides.is_comparable


def _window(sides: Sides) -> Bools:
    return sides.first > sides.last


def _no_quantity(sides: Sides) -> Bools:
    supply = sides.supply
    nothing = (supply.quantity_base <= 0) | (supply.weekly_capacity_base <= 0)
    return nothing | (sides.demand.quantity_base <= 0)


def _below_minimum_lot(pairing: Pairing) -> Bools:
    tradeable = pairing.tradeable_base
    return pairing.is_comparable & (tradeable > 0) & (tradeable < pairing.supply.minimum_lot_base)


def _papers_missing(sides: Sides) -> Bools:
    return sides.missing_papers != 0


def _papers_not_valid(pairing: Pairing) -> Bools:
    window = pairing.window
    return window.meets & (window.papers_first > window.papers_last)


def _stars_too_few(sides: Sides) -> Bools:
    return sides.supply.stars < sides.demand.minimum_stars


def _stars_not_valid(pairing: Pairing) -> Bools:
    supply, window = pairing.supply, pairing.window
    counts = (pairing.demand.minimum_stars > 0) & ~_stars_too_few(pairing)
    first = np.maximum(window.first, supply.stars_from)
    lapsed = first > np.minimum(window.last, supply.stars_to)
    apart = ~_papers_not_valid(pairing) & (window.delivery_days == 0)
    return counts & window.meets & (lapsed | apart)


def _storage(sides: Sides) -> Bools:
    required = sides.demand.storage_required
    return (required >= 0) & (required != sides.supply.storage)


def _invoice(sides: Sides) -> Bools:
    return sides.demand.needs_invoice & ~sides.supply.can_issue_invoice


def _barcode(sides: Sides) -> Bools:
    return sides.demand.needs_barcode & ~sides.supply.has_gtin


def _shelf_life(pairing: Pairing) -> Bools:
    hours = pairing.freight.hours
    return np.isfinite(hours) & (hours > pairing.freight.shelf_limit_hours)


def _lead_time(pairing: Pairing) -> Bools:
    hours = pairing.freight.hours
    return np.isfinite(hours) & (hours > pairing.demand.max_lead_hours)


def _price(pairing: Pairing) -> Bools:
    # Where the freight is unknown, the price alone may already be too high.
    price, landed = pairing.supply.price_vnd_per_base, pairing.landed_vnd_per_base
    lowest = np.where(np.isnan(landed), price, landed)
    return pairing.is_comparable & (lowest > pairing.price_limit_vnd_per_base)


def _unreachable(pairing: Pairing) -> Bools:
    return np.isinf(pairing.routes.hours)


# Narrowest first: `screen` reads a column only for the pairs still standing.
SIDE_GATES: Final[dict[Refusal, Callable[[Sides], Bools]]] = {
    Refusal.WINDOW: _window,
    Refusal.STARS_TOO_FEW: _stars_too_few,
    Refusal.PAPERS_MISSING: _papers_missing,
    Refusal.STORAGE: _storage,
    Refusal.INVOICE: _invoice,
    Refusal.BARCODE: _barcode,
    Refusal.SAME_ORGANISATION: _same_organisation,
    Refusal.CATEGORY: _category,
    Refusal.DIMENSION: _dimension,
    Refusal.NO_QUANTITY: _no_quantity,
}
WAY_GATES: Final[dict[Refusal, Callable[[Pairing], Bools]]] = {
    Refusal.SHELF_LIFE: _shelf_life,
    Refusal.LEAD_TIME: _lead_time,
    Refusal.PRICE: _price,
    Refusal.UNREACHABLE: _unreachable,
}
DELIVERY_GATES: Final[dict[Refusal, Callable[[Pairing], Bools]]] = {
    Refusal.BELOW_MINIMUM_LOT: _below_minimum_lot,
    Refusal.PAPERS_NOT_VALID: _papers_not_valid,
    Refusal.STARS_NOT_VALID: _stars_not_valid,
}
GATES: Final[dict[Refusal, Callable[[Pairing], Bools]]] = {
    **SIDE_GATES,
    **WAY_GATES,
    **DELIVERY_GATES,
}
