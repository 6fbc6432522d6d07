"""Lunar feast days that move demand, on their days in the solar calendar of Việt Nam."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import NamedTuple

from core.catalogue.typed import lunar
from core.catalogue.typed.lunar import LunarDay
from core.kernel.reference import read_rows

_FILE = Path(__file__).resolve().parents[1] / "data" / "lunar_peaks.csv"


class Feast(NamedTuple):
    """A feast day and what people buy for it."""

    day: dt.date
    name: str
    demand: str


@cache
def _kinds() -> tuple[tuple[LunarDay, str, str], ...]:
    """Return each feast of the file once: its lunar day, name and demand."""
    kinds = {
        row["feast"]: (
            lunar.lunar_day(dt.date.fromisoformat(row["solar_date"])),
            row["feast"],
            row["typical_demand"],
        )
        for row in read_rows(_FILE)
    }
    return tuple(kinds.values())


@cache
def _feasts_of(year: int) -> tuple[Feast, ...]:
    found = (
        Feast(day, name, demand)
        for on, name, demand in _kinds()
        if (day := lunar.solar_day(on._replace(year=year))) is not None
    )
    return tuple(sorted(found))


def feasts_between(first: dt.date, *, last: dt.date) -> list[Feast]:
    """Return the feasts from one day to another, both in, in the years the calendar reckons."""
    years = range(max(first.year - 1, lunar.FIRST_YEAR), min(last.year, lunar.LAST_YEAR) + 1)
    return [f for year in years for f in _feasts_of(year) if first <= f.day <= last]


def tet_of(year: int) -> dt.date | None:
    """Return the first day of Tết in a solar year, None outside the years the calendar reckons.

    Việt Nam reckons at UTC+7: Tết 2030 is one day before the Chinese new year.
    """
    return lunar.tet(year) if lunar.FIRST_YEAR <= year <= lunar.LAST_YEAR else None
