"""What the engine knows of one offer and one request: the stored inputs of every match."""

from __future__ import annotations

import math
from dataclasses import Field, dataclass, fields
from typing import Any, ClassVar, Final, Self

DIMENSIONS: Final = ("mass", "volume", "count")
STORAGE_CLASSES: Final = ("ambient", "chilled", "frozen", "live")
MARKETS: Final = ("VN", "CN", "JP", "KR", "US", "EU", "AU", "OTHER")

# Positions are bit numbers in stored masks: append only, at most 63 in all.
_FIRST_KINDS: Final = (
    "vietgap", "globalgap", "organic", "haccp", "iso_22000", "halal", "food_safety",
    "self_declaration", "test_report", "trace_link", "business_licence", "gacc", "asc", "fda",
    "phytosanitary", "cnnt", "growing_area_code", "packing_facility_code",
)  # fmt: skip
MARKET_KINDS: Final = ("growing_area_code", "packing_facility_code")
_LATER_KINDS: Final = ("food_safety_exemption", "safe_commitment", "storefront")
PLAIN_KINDS: Final = _FIRST_KINDS + _LATER_KINDS
PAPER_SLOTS: Final = (
    *_FIRST_KINDS,
    *(f"{kind}:{market}" for kind in MARKET_KINDS for market in MARKETS),
    *_LATER_KINDS,
)
SLOT_OF: Final = {name: slot for slot, name in enumerate(PAPER_SLOTS)}

UNKNOWN_PLACE: Final = -1
FIRST_DAY_EVER: Final = 1
LAST_DAY_EVER: Final = 3_652_059
"""Ordinals of 0001-01-01 and 9999-12-31: a paper without an end is valid until the last day."""


class _Stored:
    """JSON with exactly the names of the fields; anything else is refused."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def to_json(self) -> dict[str, Any]:
        """The record as JSON-ready values under stable keys."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `to_json` wrote.

        Raises:
            ValueError: A key is missing or unknown, or a value is out of range.
        """
        names = {field.name for field in fields(cls)}
        if set(data) != names:
            wrong = sorted(set(data) ^ names)
            raise ValueError(f"{cls.__name__} has missing or unknown keys: {', '.join(wrong)}.")
        return cls(**{name: cls._read(name, value) for name, value in data.items()})

    @classmethod
    def _read(cls, name: str, value: Any) -> Any:  # noqa: ANN401 -- JSON values have no narrower type
        del name
        return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPaper(_Stored):
    """One verified paper, with the days on which it is valid (both ends in)."""

    kind: str
    valid_from: int
    valid_to: int
    markets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse kinds and markets the engine cannot compare."""
        _must(self.kind in PLAIN_KINDS, "kind", self.kind)
        _must(set(self.markets) <= set(MARKETS), "markets", self.markets)
        _must(not self.markets or self.kind in MARKET_KINDS, "markets", self.markets)

    def slots(self) -> tuple[int, ...]:
        """The requirements this paper can meet: its kind, and its kind for each market."""
        names = (self.kind, *(f"{self.kind}:{market}" for market in self.markets))
        return tuple(SLOT_OF[name] for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(_Stored):
    """A node of the freight graph and the last stretch to it, a ferry for instance."""

    node: int = UNKNOWN_PLACE
    access_hours: float = 0.0
    access_km: float = 0.0

    def __post_init__(self) -> None:
        """Refuse negative stretches."""
        _must(self.node >= UNKNOWN_PLACE, "node", self.node)
        _amounts(self, "access_hours", "access_km")


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply(_Stored):
    """One version of one supply offer; days are ordinals, None is unknown (lot: none set)."""

    offer_id: int
    version: int
    organisation_id: int
    category_order: int
    leaf_name: str
    product_name: str
    dimension: str
    quantity_base: float
    weekly_capacity_base: float | None
    minimum_lot_base: float | None
    price_vnd_per_base: float | None
    kg_per_base: float | None
    first_day: int
    last_day: int
    storage: str
    shelf_life_days: float | None
    origin: Place
    province: int
    stars: int
    stars_from: int
    stars_to: int
    papers: tuple[HeldPaper, ...]
    can_issue_invoice: bool
    has_gtin: bool

    def __post_init__(self) -> None:
        """Refuse what no column could carry."""
        _must(self.dimension in DIMENSIONS, "dimension", self.dimension)
        _must(self.storage in STORAGE_CLASSES, "storage", self.storage)
        _must(self.first_day <= self.last_day, "last_day", self.last_day)
        _must(0 <= self.stars <= 5, "stars", self.stars)  # noqa: PLR2004 -- OCOP has five stars
        _must(self.province >= UNKNOWN_PLACE, "province", self.province)
        _amounts(self, "quantity_base", "weekly_capacity_base", "minimum_lot_base",
                 "price_vnd_per_base", "kg_per_base", "shelf_life_days")  # fmt: skip
        _must(self.kg_per_base is None or self.kg_per_base > 0, "kg_per_base", self.kg_per_base)

    @classmethod
    def _read(cls, name: str, value: Any) -> Any:  # noqa: ANN401 -- JSON values have no narrower type
        if name == "origin":
            return Place.from_json(value)
        if name == "papers":
            return tuple(HeldPaper.from_json(paper) for paper in value)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand(_Stored):
    """One version of one demand request; a ceiling is per base unit, delivered to the door."""

    request_id: int
    version: int
    organisation_id: int
    category_lo: int
    category_hi: int
    words: str
    dimension: str
    quantity_base: float
    price_ceiling_vnd_per_base: float | None
    first_day: int
    last_day: int
    destinations: tuple[Place, ...]
    province: int
    minimum_stars: int
    required_papers: tuple[str, ...]
    preferred_papers: tuple[str, ...]
    storage_required: str | None
    needs_invoice: bool
    needs_barcode: bool
    max_lead_hours: float | None

    def __post_init__(self) -> None:
        """Refuse what no column could carry."""
        _must(self.dimension in DIMENSIONS, "dimension", self.dimension)
        _must(
            self.storage_required in {None, *STORAGE_CLASSES},
            "storage_required",
            self.storage_required,
        )
        _must(self.category_lo < self.category_hi, "category_hi", self.category_hi)
        _must(self.first_day <= self.last_day, "last_day", self.last_day)
        _must(0 <= self.minimum_stars <= 5, "minimum_stars", self.minimum_stars)  # noqa: PLR2004 -- OCOP has five stars
        _must(self.province >= UNKNOWN_PLACE, "province", self.province)
        for name in ("required_papers", "preferred_papers"):
            _must(set(getattr(self, name)) <= set(PAPER_SLOTS), name, getattr(self, name))
        _amounts(self, "quantity_base", "price_ceiling_vnd_per_base", "max_lead_hours")

    @classmethod
    def _read(cls, name: str, value: Any) -> Any:  # noqa: ANN401 -- JSON values have no narrower type
        if name == "destinations":
            return tuple(Place.from_json(place) for place in value)
        return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(_Stored):
    """The way from an offer to the nearest outlet of a request, as it stood when scored.

    Hours and km are None when either end is unknown, and also when no open road joins them;
    `reachable` tells the two apart. `ferry_hours` are the part of `hours` in which nobody drives.
    """

    hours: float | None
    km: float | None
    reachable: bool
    has_pact: bool | None
    ferry_hours: float = 0.0

    def __post_init__(self) -> None:
        """Refuse half-known and negative routes."""
        _must((self.hours is None) == (self.km is None), "km", self.km)
        _must(self.reachable or self.hours is None, "hours", self.hours)
        _must(self.ferry_hours <= (self.hours or 0.0), "ferry_hours", self.ferry_hours)
        _amounts(self, "hours", "km", "ferry_hours")


def paper_mask(names: tuple[str, ...]) -> int:
    """Bits of paper slots given by name."""
    return sum(1 << SLOT_OF[name] for name in set(names))


def slot_names(mask: int) -> tuple[str, ...]:
    """Names of the paper slots in a mask, in slot order."""
    return tuple(name for slot, name in enumerate(PAPER_SLOTS) if mask >> slot & 1)


def validity_of_slots(supply: Supply) -> dict[int, list[tuple[int, int]]]:
    """Periods, earliest first, in which the offer holds each paper slot.

    Papers that overlap or touch are one period, so a renewal leaves no hole. Of periods apart,
    those that miss the offer's own window are dropped unless none meets it.
    """
    periods: dict[int, list[tuple[int, int]]] = {}
    for paper in sorted(supply.papers, key=lambda one: (one.valid_from, one.valid_to)):
        if paper.valid_from <= paper.valid_to:
            for slot in paper.slots():
                _join(periods.setdefault(slot, []), paper)
    return {slot: _in_window(held, supply) for slot, held in periods.items()}


def _join(held: list[tuple[int, int]], paper: HeldPaper) -> None:
    if held and paper.valid_from <= held[-1][1] + 1:
        first, last = held.pop()
        held.append((first, max(last, paper.valid_to)))
    else:
        held.append((paper.valid_from, paper.valid_to))


def _in_window(held: list[tuple[int, int]], supply: Supply) -> list[tuple[int, int]]:
    meets = [one for one in held if one[0] <= supply.last_day and one[1] >= supply.first_day]
    return meets or held[-1:]


def _plain(value: Any) -> Any:  # noqa: ANN401 -- JSON values have no narrower type
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.to_json() if isinstance(value, _Stored) else value


def _must(holds: bool, name: str, value: object) -> None:  # noqa: FBT001 -- reads as a sentence
    if not holds:
        raise ValueError(f"{name} cannot be {value!r}.")


def _amounts(record: object, *names: str) -> None:
    for name in names:
        value = getattr(record, name)
        _must(value is None or (math.isfinite(value) and value >= 0), name, value)
