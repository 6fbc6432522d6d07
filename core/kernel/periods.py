"""Day ranges with both ends in."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Self

_DAYS_PER_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class DayRange:
    """Days from `first` to `last`, both included.

    Raises:
        ValueError: `last` is before `first`.
    """

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.last} is before {self.first}.")

    @property
    def days(self) -> int:
        """How many days the range holds, at least 1."""
        return (self.last - self.first).days + 1

    @property
    def weeks(self) -> Fraction:
        """How many weeks the range holds, exactly: 10 days are 10/7."""
        return Fraction(self.days, _DAYS_PER_WEEK)

    @property
    def months(self) -> Fraction:
        """How many months the range holds, exactly: each day counts as its share of its month."""
        day, shares = self.first, Fraction(0)
        while True:
            length = calendar.monthrange(day.year, day.month)[1]
            end = min(day.replace(day=length), self.last)
            shares += Fraction((end - day).days + 1, length)
            if end == self.last:
                return shares
            day = end + dt.timedelta(days=1)

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def intersection(self, other: Self) -> DayRange | None:
        """Return the shared days, or None."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return DayRange(first, last) if first <= last else None


def months_back(day: dt.date, *, months: int) -> dt.date:
    """Return the earliest day that lies at most so many calendar months before another.

    What happened on the 30th of August is six months ago through the last of February.
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    if day.day <= length:
        return dt.date(year, month + 1, day.day)
    return dt.date(year, month + 1, length) + dt.timedelta(days=1)
