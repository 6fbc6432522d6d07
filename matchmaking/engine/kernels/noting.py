"""Offers written as records in place: what `layout.offer_rows` says, without columns in between."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.kernels.jit import compiled, entry
from matchmaking.engine.kernels.layout import (
    BARCODE_BIT,
    DIMENSION_BIT,
    FOLD_BITS,
    INVOICE_BIT,
    PAPERS_BIT,
    STARS_BIT,
    TRADEABLE_BIT,
    Rows,
    laid,
)
from matchmaking.engine.values import Bools, Floats, Ints, SupplyColumns


class Offers(NamedTuple):
    """Columns of offers, by their names there."""

    organisation_id: Ints
    quantity_base: Floats
    weekly_capacity_base: Floats
    minimum_lot_base: Floats
    price_vnd_per_base: Floats
    shelf_life_days: Floats
    first_day: Ints
    last_day: Ints
    stars: Ints
    stars_from: Ints
    stars_to: Ints
    papers: Ints
    dimension: NDArray[np.int8]
    storage: NDArray[np.int8]
    can_issue_invoice: Bools
    has_gtin: Bools


def offers_of(supply: SupplyColumns) -> Offers:
    """The columns of which a record is made."""
    columns = (getattr(supply, name) for name in Offers._fields)
    return Offers(*(laid(one, one.dtype.type) for one in columns))


@compiled
def _mask(source: Offers, at: int) -> int:
    one, papers, folded = np.int64(1), source.papers[at], np.int64(0)
    for start in range(0, 63, FOLD_BITS):
        folded |= papers >> start & (one << FOLD_BITS) - one
    is_idle = source.quantity_base[at] <= 0 or source.weekly_capacity_base[at] <= 0
    bits = one << source.storage[at] | one << DIMENSION_BIT + source.dimension[at]
    bits |= np.int64(source.can_issue_invoice[at]) << INVOICE_BIT
    bits |= np.int64(source.has_gtin[at]) << BARCODE_BIT
    bits |= np.int64(not is_idle) << TRADEABLE_BIT
    return bits | ((one << source.stars[at]) - one) << STARS_BIT | folded << PAPERS_BIT


@entry
def note_offers(source: Offers, taken: Ints, into: Rows, rows: Ints) -> None:
    """Write offers from the taken rows of columns to rows of records."""
    for one in range(len(rows)):
        at, offer = taken[one], into[rows[one]]
        offer.organisation = source.organisation_id[at]
        offer.quantity, offer.capacity = source.quantity_base[at], source.weekly_capacity_base[at]
        offer.lot, offer.price = source.minimum_lot_base[at], source.price_vnd_per_base[at]
        offer.shelf_days, offer.papers = source.shelf_life_days[at], source.papers[at]
        offer.first_day, offer.last_day = source.first_day[at], source.last_day[at]
        offer.stars, offer.mask = source.stars[at], _mask(source, at)
        offer.stars_from, offer.stars_to = source.stars_from[at], source.stars_to[at]
