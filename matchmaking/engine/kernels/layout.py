"""Columns laid out for the kernel: records for exact judgement, small hot columns in order."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.records import DIMENSIONS, PLAIN_KINDS, SLOT_OF, STORAGE_CLASSES
from matchmaking.engine.ruleset import CRITERIA, FULL_SCORE, GAINS, Ruleset
from matchmaking.engine.scoring import side_weight
from matchmaking.engine.values import DemandColumns, Floats, Ints, SupplyColumns, Terrain

Int32s = NDArray[np.int32]
Masks = NDArray[np.uint32]
Singles = NDArray[np.float32]
Signatures = NDArray[np.uint64]
Rows = NDArray[np.void]

_MOST_STARS: Final = 5
DIMENSION_BIT: Final = len(STORAGE_CLASSES)
INVOICE_BIT: Final = DIMENSION_BIT + len(DIMENSIONS)
BARCODE_BIT: Final = INVOICE_BIT + 1
TRADEABLE_BIT: Final = INVOICE_BIT + 2
STARS_BIT: Final = INVOICE_BIT + 3
PAPERS_BIT: Final = STARS_BIT + _MOST_STARS
FOLD_BITS: Final = 32 - PAPERS_BIT
_PLAIN_SLOTS: Final = sum(1 << SLOT_OF[kind] for kind in PLAIN_KINDS)
LARGEST, SMALLEST, LAST_DAY = 1e12, 1e-12, 2**22
STEEPEST: Final = 1e20
"""Where a price is nothing, any margin is full; a number that single precision can multiply."""

BEYOND_BOUNDS: Final = np.float32(20_000)
"""A bound no score reaches: of a request whose amounts single precision cannot hold."""
MERIT_SHIFT: Final = 8
"""The merit of a hot row is its number of plain papers below, its stars above this bit."""
ORIGIN, MASK, FIRST, LAST, MERIT = range(5)
LINK: Final = ORIGIN
"""Of a request its door: ways lead from an origin to a door."""
QUANTITY, CAPACITY, LOT, PRICE, SHELF, PER_MARGIN = range(6)
ASKED, PER_ASKED, LIMIT, CEILING, PER_SPAN, LEAD, PER_DAY, PER_PAPER, REQUIRED, STARS, BASE = range(
    11
)

OFFER: Final = {
    "organisation": "organisation_id",
    "quantity": "quantity_base",
    "capacity": "weekly_capacity_base",
    "lot": "minimum_lot_base",
    "price": "price_vnd_per_base",
    "shelf_days": "shelf_life_days",
    **{name: name for name in ("first_day", "last_day", "stars", "stars_from", "stars_to")},
    "papers": "papers",
}
REQUEST: Final = {
    "organisation": "organisation_id",
    "low": "category_lo",
    "high": "category_hi",
    "quantity": "quantity_base",
    "ceiling": "price_ceiling_vnd_per_base",
    **{name: name for name in ("first_day", "last_day", "province", "minimum_stars")},
    "required": "required_papers",
    "preferred": "preferred_papers",
    "lead_hours": "max_lead_hours",
}
ORIGIN_KEY: Final = (
    "origin_node", "province", "storage", "access_hours", "access_km", "kg_per_base",
)  # fmt: skip
_RULES: Final = np.dtype(
    [
        ("weights", "f8", (len(CRITERIA),)),
        ("rates", "f8", (len(STORAGE_CLASSES),)),
        *((name, "f8") for name in (
            "closeness_leaf", "closeness_set", "name_share", "freight_fixed", "loading_hours",
            "stretch_hours", "pause_hours", "day_hours", "night_hours", "shelf_share", "tolerated",
            "span_share", "papers_for_full", "unknown", "slack", "usual_hours", "papers_by_day",
            "margin_share",
        )),
        ("minimum", "i8"),
        ("plain_slots", "i8"),
        ("gainful", "i8", (len(GAINS), len(CRITERIA))),
        ("least_gains", "i8", (len(GAINS),)),
    ],
    align=True,
)  # fmt: skip


class World(NamedTuple):
    """Everything an exact judgement reads, row for row as it came."""

    offers: Rows
    papers_from: Int32s
    papers_to: Int32s
    leaf: Signatures
    product: Signatures
    requests: Rows
    words: Signatures
    outlets: Rows
    origins: Rows
    hours: Floats
    km: Floats
    ferry_hours: Floats
    """One zero where there is no ferry."""
    pacts: NDArray[np.bool_]
    rules: Rows


class Hot(NamedTuple):
    """What the vector pass reads of each row: 44 bytes of an offer, 60 of a request."""

    whole: Int32s
    """(5, n): origin, mask, first and last day, merit; of requests four, from the door on."""
    real: Singles
    """(6, n): quantity, weekly capacity, lot, price, hours of shelf life that may be used, and
    how much of the margin's fit one đồng is worth. Of requests (11, n), as `bounds.Ask`."""


class Found(NamedTuple):
    """Listed pairs, best first within each owner, and the points of their parts."""

    supply: Ints
    demand: Ints
    points: Int32s


def world_of(
    supply: SupplyColumns,
    demand: DemandColumns,
    terrain: Terrain,
    ruleset: Ruleset,
    *,
    origins: Rows,
) -> World:
    """Both sides, the land and the rules; nothing is copied that lies as it should."""
    return World(
        offers=offer_rows(supply),
        papers_from=laid(supply.papers_from, np.int32),
        papers_to=laid(supply.papers_to, np.int32),
        leaf=laid(supply.leaf_signature, np.uint64),
        product=laid(supply.product_signature, np.uint64),
        requests=request_rows(demand),
        words=laid(demand.words_signature, np.uint64),
        outlets=outlet_rows(demand),
        origins=origins,
        **land_of(terrain),
        rules=rule_rows(ruleset),
    )


def land_of(terrain: Terrain) -> dict[str, NDArray[Any]]:
    """What a world says of the land, by its names there."""
    ferry = np.zeros((1, 1)) if terrain.ferry_hours is None else terrain.ferry_hours
    return {
        "hours": laid(terrain.travel_hours, np.float64),
        "km": laid(terrain.travel_km, np.float64),
        "ferry_hours": laid(ferry, np.float64),
        "pacts": laid(terrain.pacts, np.bool_),
    }


def offer_rows(supply: SupplyColumns) -> Rows:
    """What an exact judgement reads of each offer, its periods and signatures apart."""
    return _rows(supply, OFFER, mask=_held(supply))


def request_rows(demand: DemandColumns) -> Rows:
    """What an exact judgement reads of each request, its outlets and signature apart."""
    asked: dict[str, NDArray[Any]] = {
        "mask": _needed(demand),
        "outlets": _outlet_counts(demand),
        "has_words": np.any(demand.words_signature, axis=1),
    }
    return _rows(demand, REQUEST, **asked)


def hot_of(offers: Rows, rules: Rows, *, origin: Int32s) -> Hot:
    """The hot columns of offers, given the number of each one's origin."""
    plain = np.bitwise_count(offers["papers"] & _PLAIN_SLOTS).astype(np.int32)
    shelf, count = offers["shelf_days"] * 24 * rules["shelf_share"], len(offers)
    whole, real = np.empty((5, count), np.int32), np.empty((6, count), np.float32)
    whole[ORIGIN], whole[MASK] = origin, offers["mask"].astype(np.uint32).view(np.int32)
    whole[FIRST], whole[LAST] = offers["first_day"], offers["last_day"]
    whole[MERIT] = plain | offers["stars"] << MERIT_SHIFT
    for at, name in ((QUANTITY, "quantity"), (CAPACITY, "capacity"), (LOT, "lot")):
        real[at] = offers[name]
    real[PRICE], real[SHELF] = offers["price"], np.where(np.isnan(shelf), np.inf, shelf)
    full = offers["price"] * rules["margin_share"]
    real[PER_MARGIN] = 0.5 / np.maximum(full, 0.5 / STEEPEST)
    return Hot(whole, real)


def origin_keys(supply: SupplyColumns) -> Ints:
    """What makes the origin of each offer, as a row of bits."""
    return _bits([getattr(supply, name) for name in ORIGIN_KEY])


def origins_of(supply: SupplyColumns, *, rows: Ints) -> Rows:
    """The origins of the given offers."""
    return _rows(supply.take(rows), {name: name for name in ORIGIN_KEY})


def doors_of(demand: DemandColumns) -> Ints:
    """What makes the way to each request, as a row of bits: its outlets and its province."""
    outlets = (
        demand.destination_nodes, demand.destination_access_hours, demand.destination_access_km,
    )  # fmt: skip
    return _bits([demand.province, *(column for table in outlets for column in table.T)])


def _bits(columns: list[NDArray[Any]]) -> Ints:
    keys = np.empty((len(columns[0]), len(columns)), dtype=np.int64)
    for at, column in enumerate(columns):
        keys[:, at] = column.copy().view(np.int64) if column.dtype == np.float64 else column
    return keys


def in_range(world: World) -> bool:
    """Whether single precision can bound all amounts and 32 bits hold all days.

    Raises:
        IndexError: A node or a province lies outside the land.
    """
    offers, requests, origins = world.offers, world.requests, world.origins
    nodes = [origins["origin_node"], world.outlets["node"]]
    if max(one.max(initial=-1) for one in nodes) >= len(world.hours):
        raise IndexError(f"The land has {len(world.hours)} nodes.")
    provinces = [origins["province"], requests["province"]]
    if max(one.max(initial=-1) for one in provinces) >= len(world.pacts):
        raise IndexError(f"The land has {len(world.pacts)} provinces.")
    amounts = [offers[name] for name in ("quantity", "capacity", "lot", "price", "shelf_days")]
    amounts += [requests[name] for name in ("quantity", "ceiling", "lead_hours")]
    amounts += [origins[name] for name in ("access_hours", "access_km", "kg_per_base")]
    amounts += [world.outlets["hours"], world.outlets["km"]]
    days = [side[name] for side in (offers, requests) for name in ("first_day", "last_day")]
    return (
        all(map(_is_ordinary, amounts))
        and all(np.abs(one).max(initial=0) < LAST_DAY for one in days)
        and not any(np.isnan(side["quantity"]).any() for side in (offers, requests))
    )


def _is_ordinary(amounts: Floats) -> bool:
    finite = amounts[np.isfinite(amounts) & (amounts != 0)]
    return not len(finite) or bool(finite.min() >= SMALLEST and finite.max() <= LARGEST)


def laid(column: NDArray[Any], dtype: type[np.generic]) -> NDArray[Any]:
    """A column as compiled functions know it: one layout, one function; copied if need be."""
    if column.flags.carray and column.dtype == dtype:
        return column
    return np.require(column, dtype, ["C", "W", "A"])


def _rows(columns: object, names: dict[str, str], **more: NDArray[Any]) -> Rows:
    found = {name: getattr(columns, column) for name, column in names.items()} | more
    kinds = [(name, "f8" if one.dtype.kind == "f" else "i8") for name, one in found.items()]
    rows = np.empty(len(next(iter(found.values()))), dtype=np.dtype(kinds, align=True))
    for name, one in found.items():
        rows[name] = one
    return rows


def rule_rows(ruleset: Ruleset) -> Rows:
    """The rules as one row."""
    rules = np.zeros(1, dtype=_RULES)
    rules["weights"], rules["rates"] = ruleset.weights, ruleset.freight_vnd_per_kg_km
    tolerated = 1 + ruleset.price_tolerance
    span_share = tolerated - ruleset.price_full_share
    numbers: dict[str, float] = {
        "closeness_leaf": ruleset.closeness_leaf,
        "closeness_set": ruleset.closeness_set,
        "name_share": ruleset.name_share,
        "freight_fixed": ruleset.freight_fixed_vnd_per_kg,
        "loading_hours": ruleset.loading_hours,
        "stretch_hours": ruleset.driving_stretch_hours,
        "pause_hours": ruleset.pause_hours,
        "day_hours": ruleset.driving_day_hours,
        "night_hours": ruleset.night_hours,
        "shelf_share": ruleset.shelf_life_share,
        "tolerated": tolerated,
        "span_share": span_share,
        "papers_for_full": ruleset.papers_for_full_fit,
        "unknown": ruleset.unknown_fit,
        # Points by which a bound in single precision, of parts not rounded, may fall short.
        "slack": min(5 + 4e-6 * ruleset.weight("price") * tolerated / span_share, 2 * FULL_SCORE),
        "minimum": math.ceil(min(ruleset.minimum_score, FULL_SCORE + 1)),
        "plain_slots": _PLAIN_SLOTS,
        "usual_hours": ruleset.usual_hours,
        "papers_by_day": ruleset.papers_by_day,
        "margin_share": ruleset.margin_full_share,
    }
    for at, (side, names) in enumerate(GAINS.items()):
        least = ruleset.minimum_gain * side_weight(ruleset, side=side)
        rules["gainful"][0, at] = [name in names for name in CRITERIA]
        rules["least_gains"][0, at] = min(math.ceil(Fraction(least) / FULL_SCORE), FULL_SCORE + 1)
    for name, number in numbers.items():
        rules[name] = number
    return rules


def _held(supply: SupplyColumns) -> Ints:
    storage, dimension = supply.storage.astype(np.int64), supply.dimension.astype(np.int64)
    idle = (supply.quantity_base <= 0) | (supply.weekly_capacity_base <= 0)
    bits = 1 << storage | 1 << DIMENSION_BIT + dimension
    bits |= supply.can_issue_invoice.astype(np.int64) << INVOICE_BIT
    bits |= supply.has_gtin.astype(np.int64) << BARCODE_BIT
    bits |= (~idle).astype(np.int64) << TRADEABLE_BIT
    return bits | _stars_and_papers(supply.stars, supply.papers)


def _needed(demand: DemandColumns) -> Ints:
    storage, dimension = demand.storage_required.astype(np.int64), demand.dimension.astype(np.int64)
    bits = np.where(storage < 0, 0, 1 << np.maximum(storage, 0))
    bits |= 1 << DIMENSION_BIT + dimension | 1 << TRADEABLE_BIT
    bits |= demand.needs_invoice.astype(np.int64) << INVOICE_BIT
    bits |= demand.needs_barcode.astype(np.int64) << BARCODE_BIT
    return bits | _stars_and_papers(demand.minimum_stars, demand.required_papers)


def _stars_and_papers(stars: Ints, papers: Ints) -> Ints:
    """Stars as a thermometer, papers folded: who holds all that is asked also holds its bits."""
    folded = papers & (1 << FOLD_BITS) - 1
    for start in range(FOLD_BITS, 63, FOLD_BITS):
        folded = folded | papers >> start & (1 << FOLD_BITS) - 1
    return ((1 << stars) - 1) << STARS_BIT | folded << PAPERS_BIT


def outlet_rows(demand: DemandColumns) -> Rows:
    """(n, most outlets of any request); the rest of a row repeats its last."""
    kind = np.dtype([("node", "i8"), ("hours", "f8"), ("km", "f8")], align=True)
    table = np.empty(demand.destination_nodes.shape, dtype=kind)
    table["node"] = demand.destination_nodes
    table["hours"] = demand.destination_access_hours
    table["km"] = demand.destination_access_km
    return table


def _outlet_counts(demand: DemandColumns) -> Ints:
    """How many outlets each request has; the rest of its row repeats the last."""
    table = outlet_rows(demand)
    differs = table != table[:, -1:]
    last = table.shape[1] - 1 - np.argmax(differs[:, ::-1], axis=1)
    return np.where(differs.any(axis=1), last + 2, 1)
