"""What the demo world trades: plausible goods with prices and quantities, none of them a fact."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from core.catalogue.models import ProductCategory, Unit
from core.catalogue.selectors import is_in_season, leaves, measure_for, units
from core.catalogue.selectors.tree import KEEPS_ALL_YEAR_DAYS
from core.kernel.periods import DayRange
from core.kernel.quantity import Dimension, Measure
from core.kernel.reference import read_rows, split_list

_FILE: Final = Path(__file__).resolve().parent / "data" / "demo_goods.csv"
_YEAR_DAYS: Final = 365
_TRADED: Final = frozenset({Dimension.MASS, Dimension.VOLUME, Dimension.COUNT})


@dataclass(frozen=True, slots=True)
class Naming:
    """A product's name and where it may come from: codes of communes or of a province."""

    name: str
    place_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """One kind of product as the demo's businesses sell and ask for it.

    Prices are đồng for one base unit of `measure`, quantities base units a week. The three
    weights say how often it appears at producers of Quảng Ninh, elsewhere, and in requests.
    """

    category: ProductCategory
    kind: str
    weight_qn: int
    weight_north: int
    weight_demand: int
    unit: Unit
    pack_size: Decimal | None
    pack_unit: Unit | None
    measure: Measure | None
    price_min_vnd: int
    price_max_vnd: int
    week_min: int
    week_max: int
    names_qn: tuple[Naming, ...]
    names_north: tuple[Naming, ...]
    words: tuple[str, ...]

    @property
    def is_traded(self) -> bool:
        """Whether it is offered by weight, volume or number; a visit is not."""
        return self.measure is not None and self.measure.dimension in _TRADED

    @property
    def keeps(self) -> bool:
        """Whether it is sold in every month."""
        is_seasonal = bool(self.category.season_months)
        return not is_seasonal or (self.category.shelf_life_days or 0) >= KEEPS_ALL_YEAR_DAYS

    def is_in_season(self, *, month: int) -> bool:
        """Tell whether it is on sale in a month; what has no season always is."""
        return is_in_season(self.category, month=month) is not False


def goods() -> list[Good]:
    """Return the demo's goods in the order of their file."""
    categories = {category.code: category for category in leaves()}
    by_code = units_by_code()
    return [_good(row, categories[row["category"]], by_code) for row in read_rows(_FILE)]


def units_by_code() -> dict[str, Unit]:
    """Return the units of measure by code."""
    return {unit.code: unit for unit in units()}


def _good(row: Mapping[str, str], category: ProductCategory, by_code: Mapping[str, Unit]) -> Good:
    unit = by_code[row["unit"]]
    pack_size = Decimal(row["pack_size"]) if row["pack_size"] else None
    pack_unit = by_code[row["pack_unit"]] if row["pack_unit"] else None
    return Good(
        category=category,
        kind=row["kind"],
        weight_qn=int(row["qn"]),
        weight_north=int(row["north"]),
        weight_demand=int(row["demand"]),
        unit=unit,
        pack_size=pack_size,
        pack_unit=pack_unit,
        measure=measure_for(unit, pack_size=pack_size, pack_unit=pack_unit),
        price_min_vnd=int(row["price_min"]),
        price_max_vnd=int(row["price_max"]),
        week_min=int(row["week_min"]),
        week_max=int(row["week_max"]),
        names_qn=_namings(row["names_qn"]),
        names_north=_namings(row["names_north"]),
        words=tuple(split_list(row["words"])),
    )


def _namings(cell: str) -> tuple[Naming, ...]:
    pairs = (part.partition("@") for part in split_list(cell))
    return tuple(Naming(name, tuple(codes.split("/"))) for name, _, codes in pairs)


def rounded_price(exact_vnd: float) -> int:
    """Return a price as people say it: three digits, then zeros, at least 100 đồng."""
    step = max(int(10 ** (len(str(int(exact_vnd))) - 3)), 100)
    return max(round(exact_vnd / step) * step, step)


def season_from(good: Good, day: dt.date) -> DayRange:
    """Return the days on which a good is on sale, the run that holds `day` or the next one."""
    if good.keeps:
        return DayRange(day, day + dt.timedelta(days=_YEAR_DAYS))
    months = frozenset(month for month in range(1, 13) if good.is_in_season(month=month))
    return _run_of(months, day)


@functools.lru_cache(maxsize=512)
def _run_of(months: frozenset[int], day: dt.date) -> DayRange:
    days = [day + dt.timedelta(days=ahead) for ahead in range(2 * _YEAR_DAYS)]
    on_sale = [one.month in months for one in days]
    start = on_sale.index(True)
    ends = (at for at in range(start, len(days)) if not on_sale[at])
    return DayRange(days[start], days[next(ends, start + _YEAR_DAYS) - 1])
