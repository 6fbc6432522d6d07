"""Working days of public offices in Việt Nam: no weekends, no public holidays."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from core.kernel.reference import read_rows

_FILE: Final = Path(__file__).parent / "data" / "public_holidays.csv"
_SATURDAY: Final = 5
_OFF, _WORK = "off", "work"
_ONE_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    """A weekday off, or a Saturday worked in its stead."""

    day: dt.date
    is_off: bool
    name: str
    source: str
    confidence: str


@cache
def special_days() -> dict[dt.date, SpecialDay]:
    """Return the days that differ from the plain week, by day.

    Raises:
        ValueError: A row is neither off nor worked, or says what the week says anyway.
    """
    found: dict[dt.date, SpecialDay] = {}
    for row in read_rows(_FILE):
        day, is_off = dt.date.fromisoformat(row["day"]), row["kind"] == _OFF
        is_weekend = day.weekday() >= _SATURDAY
        if row["kind"] not in {_OFF, _WORK} or is_weekend == is_off or day in found:
            raise ValueError(f"public_holidays.csv: {row['day']} cannot be “{row['kind']}”.")
        found[day] = SpecialDay(
            day=day,
            is_off=is_off,
            name=row["name"],
            source=row["source"],
            confidence=row["confidence"],
        )
    return found


def last_known_year() -> int:
    """Return the last year whose public holidays are known; later only weekends are left out."""
    return max(special_days()).year


def is_working_day(day: dt.date) -> bool:
    """Tell whether public offices work on a day."""
    special = special_days().get(day)
    return day.weekday() < _SATURDAY if special is None else not special.is_off


def working_days(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the working days from `first` to `last`, both in."""
    span = range((last - first).days + 1)
    return [day for day in (first + _ONE_DAY * at for at in span) if is_working_day(day)]


def days_between(start: dt.date, end: dt.date) -> int:
    """Return how many working days passed: those after `start` up to `end`, both days known.

    What is handed in on Friday has waited one day on Monday; on a free day nothing passes.
    """
    if end < start:
        return -days_between(end, start)
    days = working_days(start, end)
    return len(days) - bisect_right(days, start)


def day_after(start: dt.date, *, working_days_later: int) -> dt.date:
    """Return the working day so many working days after `start`; 0 is the last one up to it."""
    day, left = start, working_days_later
    while left > 0:
        day += _ONE_DAY
        left -= is_working_day(day)
    while not is_working_day(day):
        day -= _ONE_DAY
    while left < 0:
        day -= _ONE_DAY
        left += is_working_day(day)
    return day
