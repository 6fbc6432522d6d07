"""Day ranges with both ends in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Self


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

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def intersection(self, other: Self) -> DayRange | None:
        """Return the shared days, or None."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return DayRange(first, last) if first <= last else None
