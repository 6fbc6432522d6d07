"""Lunar feast days that move demand, on their days in the solar calendar of Việt Nam."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import NamedTuple

from core.kernel.reference import read_rows

_FILE = Path(__file__).resolve().parents[1] / "data" / "lunar_peaks.csv"
_NEW_YEAR = "Tết Nguyên đán"


class Feast(NamedTuple):
    """A feast day and what people buy for it."""

    day: dt.date
    name: str
    demand: str


@cache
def _feasts() -> tuple[Feast, ...]:
    rows = read_rows(_FILE)
    found = (
        Feast(dt.date.fromisoformat(row["solar_date"]), row["feast"], row["typical_demand"])
        for row in rows
    )
    return tuple(sorted(found))


def feasts_between(first: dt.date, *, last: dt.date) -> list[Feast]:
    """Return the feasts from one day to another, both in; the table reaches from 2025 to 2032."""
    return [feast for feast in _feasts() if first <= feast.day <= last]


def tet_of(year: int) -> dt.date | None:
    """Return the first day of Tết in a solar year, None outside the table.

    Việt Nam reckons at UTC+7: Tết 2030 is one day before the Chinese new year.
    """
    days = (f.day for f in _feasts() if f.name.startswith(_NEW_YEAR) and f.day.year == year)
    return next(days, None)
