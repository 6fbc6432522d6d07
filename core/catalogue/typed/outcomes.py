"""What reading a typed text comes to: understood, asked back, or refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

V_co = TypeVar("V_co", covariant=True)


class Qualifier(StrEnum):
    """How a figure was meant; "gần 1.500" is not 1.500."""

    EXACT = "exact"
    ABOUT = "about"  # khoảng, ~
    NEARLY = "nearly"  # gần
    OVER = "over"  # trên, hơn, >
    UNDER = "under"  # dưới, <
    AT_LEAST = "at_least"  # từ … trở lên, ≥
    AT_MOST = "at_most"  # không quá, ≤
    BETWEEN = "between"  # 30-40


class Why(StrEnum):
    """Why something is asked back."""

    NUMBER = "number"  # 1,500: decimals or thousands
    UNIT = "unit"  # ta: tạ or tá; sào of which region
    QUALIFIER = "qualifier"  # gần 1.500 where one figure is needed
    RANGE = "range"  # 25-30k where one figure is needed
    AMOUNT = "amount"  # 95: đồng or nghìn đồng
    YEAR = "year"  # 21.11 of which year
    MONTH = "month"  # a lunar month that comes twice, a 30th that does not come
    CONFLICT = "conflict"  # tấn typed where kg was chosen


class No(StrEnum):
    """Why nothing was read."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    FOREIGN_DIGITS = "foreign_digits"
    NO_NUMBER = "no_number"
    NOT_UNDERSTOOD = "not_understood"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"
    TOO_MANY_DECIMALS = "too_many_decimals"
    PART_OF_A_DONG = "part_of_a_dong"
    FOREIGN_CURRENCY = "foreign_currency"
    NO_SUCH_DAY = "no_such_day"
    WHICH_MONTH = "which_month"
    OUT_OF_RANGE = "out_of_range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood(Generic[V_co]):
    """One value and how it was meant; `upper` is the other end of a range."""

    value: V_co
    upper: V_co | None = None
    qualifier: Qualifier = Qualifier.EXACT

    @property
    def is_exact(self) -> bool:
        """Whether the value can be stored as it is."""
        return self.qualifier == Qualifier.EXACT


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[V_co]):
    """The readings a text may have, the likeliest first; one of them still has to be confirmed."""

    why: Why
    readings: tuple[Understood[V_co], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Nothing could be read; `facts` fill the sentence that says so."""

    why: No
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one pack holds."""

    amount: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """An amount in a unit of units.csv; `unit` None where only a number was typed."""

    amount: Decimal
    unit: str | None = None
    content: Content | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Whole đồng, for `per_amount` of the unit `per` where a price says so."""

    vnd: int
    per: str | None = None
    per_amount: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days from first to last, both in; one day has both the same."""

    first: dt.date
    last: dt.date

    @property
    def is_one_day(self) -> bool:
        """Whether it is a single day."""
        return self.first == self.last


Outcome = Understood[V_co] | Question[V_co] | Refusal
