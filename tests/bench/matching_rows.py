"""Offers and requests of a drawn world as rows for PostgreSQL, by the rules' own limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import psycopg
from matching_peers import origins
from matching_world import KINDS, World

from matchmaking.engine.names import normalised
from matchmaking.engine.ruleset import Ruleset

_DAYS = ", ".join(f"p{at}_from int, p{at}_to int" for at in range(len(KINDS)))
OFFER: Final = f"""(id int, category int, stars int, papers int, org int, storage int,
 invoice bool, gtin bool, first int, last int, origin int, q float8, capacity float8, lot float8,
 price float8, shelf_hours float8, stars_from int, stars_to int, {_DAYS}, name_n int, leaf_n int,
 name bit(512), leaf bit(512))"""
REQUEST: Final = """(id int, org int, lo int, hi int, storage int, province int, q float8,
 price_limit float8, ceiling float8, first int, last int, stars int, papers int, invoice bool,
 gtin bool, lead float8, words_n int, words bit(512), words_text text)"""


def copy_rows(connection: psycopg.Connection[Any], table: str, rows: Iterable[Any]) -> None:
    """Write rows into a table."""
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def offer_rows(world: World, rules: Ruleset) -> Iterator[tuple[Any, ...]]:
    """Offers; what is unknown or not held is null."""
    supply = world.supply
    papers = [
        _or_null(day[:, at, 0], (supply.papers >> at & 1) == 1)
        for at in range(len(KINDS))
        for day in (supply.papers_from, supply.papers_to)
    ]
    shelf = supply.shelf_life_days * 24 * rules.shelf_life_share
    capped = np.isfinite(supply.weekly_capacity_base)
    columns = [
        supply.offer_id, supply.category_order, supply.stars, supply.papers,
        supply.organisation_id, supply.storage, supply.can_issue_invoice, supply.has_gtin,
        supply.first_day, supply.last_day, origins(supply) + 1, supply.quantity_base,
        _or_null(supply.weekly_capacity_base, capped), supply.minimum_lot_base,
        _known(supply.price_vnd_per_base), _known(shelf), supply.stars_from, supply.stars_to,
        *papers, *(_count(one) for one in (supply.product_signature, supply.leaf_signature)),
    ]  # fmt: skip
    bits = [_bits(one) for one in (supply.product_signature, supply.leaf_signature)]
    return zip(*(column.tolist() for column in columns), *bits, strict=True)


def request_rows(world: World, rules: Ruleset) -> Iterator[tuple[Any, ...]]:
    """Requests; what is unknown or asked by nobody is null."""
    demand = world.demand
    ceiling = demand.price_ceiling_vnd_per_base
    columns = [
        demand.request_id, demand.organisation_id, demand.category_lo, demand.category_hi,
        _or_null(demand.storage_required, demand.storage_required >= 0), demand.province,
        demand.quantity_base, _known(ceiling * (1 + rules.price_tolerance)), _known(ceiling),
        demand.first_day, demand.last_day, demand.minimum_stars, demand.required_papers,
        demand.needs_invoice, demand.needs_barcode, _known(demand.max_lead_hours),
        _count(demand.words_signature),
    ]  # fmt: skip
    texts = map(normalised, world.texts["words"].tolist())
    bits = _bits(demand.words_signature)
    return zip(*(column.tolist() for column in columns), bits, texts, strict=True)


def _known(column: np.ndarray) -> np.ndarray:
    return _or_null(column, ~np.isnan(column))


def _or_null(column: np.ndarray, is_known: np.ndarray) -> np.ndarray:
    found = column.astype(object)
    found[~is_known] = None
    return found


def _count(signatures: np.ndarray) -> np.ndarray:
    return np.bitwise_count(signatures).sum(axis=1, dtype=np.int64)


def _bits(signatures: np.ndarray) -> list[str]:
    unique, place = np.unique(signatures, axis=0, return_inverse=True)
    texts = [f"{int.from_bytes(one.tobytes(), 'little'):0512b}" for one in unique]
    return [texts[at] for at in place.ravel().tolist()]
