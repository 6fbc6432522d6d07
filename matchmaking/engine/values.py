"""Offers, requests and the ways between them as aligned NumPy columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import Field, dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.names import signatures
from matchmaking.engine.records import (
    DIMENSIONS,
    PAPER_SLOTS,
    STORAGE_CLASSES,
    Demand,
    HeldPaper,
    Place,
    Route,
    Supply,
    paper_mask,
    validity_of_slots,
)

__all__ = [
    "Bools", "Demand", "DemandColumns", "Floats", "HeldPaper", "Ints", "Pairs", "Place", "Route",
    "Routes", "Supply", "SupplyColumns", "Terrain",
]  # fmt: skip

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Reach = tuple[Floats, Floats, Floats | None]
Signatures = NDArray[np.uint64]

# A paper that is not held is a period that ends before it begins.
_NEVER_FROM: Final = np.iinfo(np.int32).max
_NEVER_TO: Final = np.iinfo(np.int32).min


class _Columns:
    """Arrays of one length, row for row about the same thing."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __post_init__(self) -> None:
        """Refuse columns of different lengths."""
        lengths = {field.name: len(getattr(self, field.name)) for field in fields(self)}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"Columns differ in length: {lengths}.")

    def __len__(self) -> int:
        """Number of rows."""
        return len(getattr(self, fields(self)[0].name))

    def take(self, rows: Ints | slice) -> Self:
        """The given rows in the given order, each column copied when it is first read."""
        view = object.__new__(type(self))
        source, base = self.__dict__.get("_source", self), self.__dict__.get("_rows")
        view.__dict__.update(_source=source, _rows=rows if base is None else base[rows])
        return view

    if not TYPE_CHECKING:  # misspelt columns stay visible to the type checker

        def __getattr__(self, name: str) -> NDArray[Any]:
            """Fetch a column of a view from the columns behind it."""
            if name not in self.__dataclass_fields__ or "_source" not in self.__dict__:
                raise AttributeError(name)
            column = getattr(self.__dict__["_source"], name)[self.__dict__["_rows"]]
            self.__dict__[name] = column
            return column


@dataclass(frozen=True, eq=False, kw_only=True)
class SupplyColumns(_Columns):
    """Offers, one row each; NaN is unknown, infinity no limit."""

    offer_id: Ints
    version: Ints
    organisation_id: Ints
    category_order: Ints
    leaf_signature: Signatures
    product_signature: Signatures
    dimension: NDArray[np.int8]
    quantity_base: Floats
    weekly_capacity_base: Floats
    minimum_lot_base: Floats
    price_vnd_per_base: Floats
    kg_per_base: Floats
    first_day: Ints
    last_day: Ints
    storage: NDArray[np.int8]
    shelf_life_days: Floats
    origin_node: Ints
    access_hours: Floats
    access_km: Floats
    province: Ints
    stars: Ints
    stars_from: Ints
    stars_to: Ints
    papers: Ints
    papers_from: NDArray[np.int32]
    """(n, slots, most periods apart); with `papers_to` the days on which each slot is met."""
    papers_to: NDArray[np.int32]
    can_issue_invoice: Bools
    has_gtin: Bools

    @classmethod
    def from_records(cls, records: Sequence[Supply]) -> Self:
        """Columns of the given offers, in their order."""
        held = [validity_of_slots(one) for one in records]
        return cls(
            **_integers(records, "offer_id", "version", "organisation_id", "category_order",
                        "first_day", "last_day", "province", "stars", "stars_from", "stars_to"),
            **_floats(records, "quantity_base", "price_vnd_per_base", "shelf_life_days"),
            **_floats(records, "weekly_capacity_base", missing=np.inf),
            **_floats(records, "minimum_lot_base", missing=0.0),
            **_flags(records, "can_issue_invoice", "has_gtin"),
            leaf_signature=signatures([one.leaf_name for one in records]),
            product_signature=signatures([one.product_name for one in records]),
            dimension=_codes([one.dimension for one in records], DIMENSIONS),
            storage=_codes([one.storage for one in records], STORAGE_CLASSES),
            kg_per_base=np.array([_kg_per_base(one) for one in records], dtype=np.float64),
            origin_node=np.array([one.origin.node for one in records], dtype=np.int64),
            access_hours=np.array([one.origin.access_hours for one in records], dtype=np.float64),
            access_km=np.array([one.origin.access_km for one in records], dtype=np.float64),
            papers=np.array([sum(1 << slot for slot in one) for one in held], dtype=np.int64),
            papers_from=_slot_days(held, end=0, missing=_NEVER_FROM),
            papers_to=_slot_days(held, end=1, missing=_NEVER_TO),
        )  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class DemandColumns(_Columns):
    """Requests, one row each; NaN is unknown, infinity no limit."""

    request_id: Ints
    version: Ints
    organisation_id: Ints
    category_lo: Ints
    category_hi: Ints
    words_signature: Signatures
    dimension: NDArray[np.int8]
    quantity_base: Floats
    price_ceiling_vnd_per_base: Floats
    first_day: Ints
    last_day: Ints
    destination_nodes: Ints
    """(n, most outlets of any request); a shorter list repeats its last outlet."""
    destination_access_hours: Floats
    destination_access_km: Floats
    province: Ints
    minimum_stars: Ints
    required_papers: Ints
    preferred_papers: Ints
    storage_required: NDArray[np.int8]
    """Position in `STORAGE_CLASSES`, -1 for any."""
    needs_invoice: Bools
    needs_barcode: Bools
    max_lead_hours: Floats

    @classmethod
    def from_records(cls, records: Sequence[Demand]) -> Self:
        """Columns of the given requests, in their order."""
        required = [paper_mask(one.required_papers) for one in records]
        preferred = [paper_mask(one.preferred_papers) for one in records]
        return cls(
            **_integers(records, "request_id", "version", "organisation_id", "category_lo",
                        "category_hi", "first_day", "last_day", "province", "minimum_stars"),
            **_floats(records, "quantity_base", "price_ceiling_vnd_per_base", "max_lead_hours"),
            **_flags(records, "needs_invoice", "needs_barcode"),
            words_signature=signatures([one.words for one in records]),
            dimension=_codes([one.dimension for one in records], DIMENSIONS),
            storage_required=_codes([one.storage_required for one in records], STORAGE_CLASSES),
            destination_nodes=_outlets(records, "node").astype(np.int64),
            destination_access_hours=_outlets(records, "access_hours"),
            destination_access_km=_outlets(records, "access_km"),
            required_papers=np.array(required, dtype=np.int64),
            preferred_papers=np.array(preferred, dtype=np.int64),
        )  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Pairs(_Columns):
    """Row numbers of the offers and requests to compare."""

    supply: Ints
    demand: Ints

    @classmethod
    def every(cls, supply: SupplyColumns, demand: DemandColumns) -> Self:
        """Each offer with each request, request by request."""
        rows = np.indices((len(demand), len(supply))).reshape(2, -1)
        return cls(supply=rows[1], demand=rows[0])


@dataclass(frozen=True, eq=False, kw_only=True)
class Routes(_Columns):
    """Way of each pair; NaN is unknown, infinite hours and km mean no open road."""

    hours: Floats
    km: Floats
    pact: Floats
    """1 within one province or under a pact in force, 0 without, NaN when a province is unknown."""
    ferry_hours: Floats
    """Part of the hours in which nobody drives; 0 where the way is unknown or not open."""

    @classmethod
    def from_records(cls, routes: Sequence[Route]) -> Self:
        """Columns of stored ways."""
        missing = [np.nan if one.reachable else np.inf for one in routes]
        ways = list(zip(routes, missing, strict=True))
        pacts = [np.nan if one.has_pact is None else float(one.has_pact) for one in routes]
        return cls(
            hours=np.array([gap if one.hours is None else one.hours for one, gap in ways]),
            km=np.array([gap if one.km is None else one.km for one, gap in ways]),
            pact=np.array(pacts),
            ferry_hours=np.array([one.ferry_hours for one in routes]),
        )

    def record(self, row: int) -> Route:
        """One way as a record to be stored with a match."""
        hours, km, pact = (float(one[row]) for one in (self.hours, self.km, self.pact))
        is_known = bool(np.isfinite(hours) and np.isfinite(km))
        return Route(
            hours=hours if is_known else None,
            km=km if is_known else None,
            reachable=not np.isinf(hours),
            has_pact=None if np.isnan(pact) else bool(pact),
            ferry_hours=min(float(self.ferry_hours[row]), hours) if is_known else 0.0,
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Terrain:
    """Truck hours and km between all nodes (infinite: no open road) and pacts by province code."""

    travel_hours: Floats
    travel_km: Floats
    pacts: Bools
    ferry_hours: Floats | None = None
    """Part of the hours in which nobody drives; None where there is no ferry."""

    def __post_init__(self) -> None:
        """Refuse matrices that do not belong together."""
        ferry = self.travel_hours if self.ferry_hours is None else self.ferry_hours
        sides = (*self.travel_hours.shape, *self.travel_km.shape, *ferry.shape)
        if len(set(sides)) != 1 or self.pacts.shape[0] != self.pacts.shape[1]:
            raise ValueError(f"Matrices must be square and alike: {sides}, {self.pacts.shape}.")

    def reach(self, demand: DemandColumns) -> Reach:
        """Hours, km and ferry hours from every node to the nearest outlet of every request.

        Returns:
            Three (requests, nodes + 1) arrays; the last column is the unknown node. The third is
            None where there is no ferry.
        """
        hours = np.pad(self.travel_hours, (0, 1), constant_values=np.nan)
        km = np.pad(self.travel_km, (0, 1), constant_values=np.nan)
        aboard = np.zeros_like(self.travel_km) if self.ferry_hours is None else self.ferry_hours
        ferry = np.pad(aboard, (0, 1))
        table = np.empty((3, len(demand), len(hours)))
        for row, nodes in enumerate(demand.destination_nodes):
            table[:, row] = _nearest(
                hours[:, nodes] + demand.destination_access_hours[row],
                km[:, nodes] + demand.destination_access_km[row],
                ferry[:, nodes],
            )
        return table[0], table[1], None if self.ferry_hours is None else table[2]

    def routes(self, supply: SupplyColumns, demand: DemandColumns, pairs: Pairs) -> Routes:
        """The way of each pair, with the last stretches on both sides."""
        return self.routes_by(self.reach(demand), supply=supply, demand=demand, pairs=pairs)

    def routes_by(
        self, reach: Reach, *, supply: SupplyColumns, demand: DemandColumns, pairs: Pairs
    ) -> Routes:
        """As `routes`, with the `reach` of the requests already known."""
        origin = supply.origin_node[pairs.supply]
        here, there = supply.province[pairs.supply], demand.province[pairs.demand]
        pact = np.where(here == there, 1.0, self.pacts[here, there])
        hours, km, ferry = reach
        return Routes(
            hours=hours[pairs.demand, origin] + supply.access_hours[pairs.supply],
            km=km[pairs.demand, origin] + supply.access_km[pairs.supply],
            pact=np.where((here < 0) | (there < 0), np.nan, pact),
            ferry_hours=np.zeros(len(pairs)) if ferry is None else ferry[pairs.demand, origin],
        )


def _nearest(hours: Floats, km: Floats, ferry: Floats) -> tuple[Floats, Floats, Floats]:
    # A known way beats an unknown one, and an unknown one beats none: nobody is shut out by a gap.
    unknown = np.finfo(np.float64).max
    known = np.where(np.isnan(hours), unknown, hours)
    best = known.min(axis=1)
    is_best, is_known = known == best[:, None], best != unknown
    shortest = np.where(is_best, km, np.inf).min(axis=1)
    aboard = np.where(is_best, ferry, np.inf).min(axis=1)
    return (
        np.where(is_known, best, np.nan),
        np.where(is_known, shortest, np.nan),
        np.where(is_known & np.isfinite(best), aboard, 0.0),
    )


def _kg_per_base(supply: Supply) -> float:
    """Weight of a base unit: 1 for a kilogram, about 1 for a litre, unknown for a piece."""
    if supply.kg_per_base is not None:
        return supply.kg_per_base
    return np.nan if supply.dimension == "count" else 1.0


def _integers(records: Sequence[Supply | Demand], *names: str) -> dict[str, Any]:
    return {name: np.array([getattr(r, name) for r in records], dtype=np.int64) for name in names}


def _flags(records: Sequence[Supply | Demand], *names: str) -> dict[str, Any]:
    return {name: np.array([getattr(r, name) for r in records], dtype=np.bool_) for name in names}


def _floats(
    records: Sequence[Supply | Demand], *names: str, missing: float = np.nan
) -> dict[str, Any]:
    return {
        name: np.array([_or(getattr(one, name), missing) for one in records], dtype=np.float64)
        for name in names
    }


def _or(value: float | None, missing: float) -> float:
    return missing if value is None else value


def _codes(values: Sequence[str | None], names: tuple[str, ...]) -> NDArray[np.int8]:
    return np.array([-1 if one is None else names.index(one) for one in values], dtype=np.int8)


def _slot_days(
    held: list[dict[int, list[tuple[int, int]]]], *, end: int, missing: int
) -> NDArray[np.int32]:
    most = max((len(periods) for one in held for periods in one.values()), default=1)
    days = np.full((len(held), len(PAPER_SLOTS), most), missing, dtype=np.int32)
    for row, slots in enumerate(held):
        for slot, periods in slots.items():
            days[row, slot, : len(periods)] = [period[end] for period in periods]
    return days


def _outlets(records: Sequence[Demand], name: str) -> Floats:
    """One row per request; a shorter list repeats its last outlet, an empty one is unknown."""
    widest = max((len(one.destinations) for one in records), default=1)
    table = np.empty((len(records), max(widest, 1)), dtype=np.float64)
    for row, one in enumerate(records):
        outlets = [getattr(place, name) for place in one.destinations or (Place(),)]
        table[row] = outlets + outlets[-1:] * (table.shape[1] - len(outlets))
    return table
