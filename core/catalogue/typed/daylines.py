"""A typed day made even: no accents, number words as digits, years of the sexagenary cycle."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from core.catalogue.typed.outcomes import Days, Why
from core.kernel.text import clean

LONGEST: Final = 60
JUST_PASSED_DAYS: Final = 92
_CENTURY: Final = 2000
_STEMS: Final = ("giap", "at", "binh", "dinh", "mau", "ky", "canh", "tan", "nham", "quy")
_BRANCHES: Final = (
    "ty", "suu", "dan", "mao", "thin", "ty", "ngo", "mui", "than", "dau", "tuat", "hoi",
)  # fmt: skip
_CYCLE: Final = 60
_FIRST_OF_CYCLE: Final = 1984  # Giáp Tý
_ONES: Final = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9,
}  # fmt: skip
_ONE: Final = "mot|hai|ba|bon|tu|lam|sau(?! tet)|bay|tam|chin"
# Five is lăm after mười: "mười năm 2026" is October of a year.
_WORDS: Final = rf"(?:(?:hai |ba )?muoi(?: (?:{_ONE}))?|nam|{_ONE})"
_AFTER_NOUN: Final = re.compile(rf"\b(thang|mung|mong|ngay|truoc tet|sau tet) ({_WORDS})\b")
_BEFORE_SPAN: Final = re.compile(rf"\b({_WORDS}) (ngay|tuan|thang) (truoc|sau|nua|before|after)\b")
_YEAR_NAME: Final = re.compile(rf"\b(?:nam )?({'|'.join(_STEMS)}) ({'|'.join(set(_BRANCHES))})\b")


class DayFound(NamedTuple):
    """One way to read a day; `why` says what has to be confirmed."""

    days: Days
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class DayLine:
    """An even line and the day it was typed."""

    text: str
    today: dt.date

    def years(self) -> range:
        """Return the years a day without one may belong to."""
        return range(self.today.year - 1, self.today.year + 3)

    def nearest(self, spans: Iterable[Days]) -> list[DayFound]:
        """Return the span that comes next; with the last one if that has only just passed."""
        ordered = sorted(spans, key=lambda span: span.first)
        ahead = [span for span in ordered if span.last >= self.today][:1]
        past = [span for span in ordered if span.last < self.today][-1:]
        recent = [s for s in past if (self.today - s.last).days <= JUST_PASSED_DAYS]
        if not recent:
            return [DayFound(span) for span in ahead]
        return [DayFound(span, Why.YEAR) for span in (*ahead, *recent)]


def lines_of(typed: str, *, today: dt.date) -> Iterator[DayLine]:
    """Yield the ways to read the words: without accents "thang sau" is June or the next month."""
    line = clean(typed).casefold()
    has_accents = not line.isascii()
    even = _even(line)
    if "thang sau" in even and not has_accents:
        yield DayLine(_with_digits(even), today)
        even = even.replace("thang sau", "thang toi")
    elif "thang sau" in even and "sáu" not in line:
        even = even.replace("thang sau", "thang toi")
    yield DayLine(_with_digits(even), today)


def _even(line: str) -> str:
    marks = unicodedata.normalize("NFD", line.replace("đ", "d"))
    bare = "".join(c for c in marks if not unicodedata.combining(c))
    for dash in "\u2010\u2011\u2012\u2013\u2014\u2212":
        bare = bare.replace(dash, "-")
    return re.sub(r" *([/.,-]) *", _tight, bare).strip(" .,")


def _tight(found: re.Match[str]) -> str:
    """Drop spaces around separators, but keep the dash between two days apart."""
    return " - " if found[0] == " - " else " " if found[1] == "," else found[1]


def _with_digits(even: str) -> str:
    # Years first: "quý hợi" is no quarter, "tân sửu" no number.
    even = _YEAR_NAME.sub(_year_digits, even)
    even = _AFTER_NOUN.sub(lambda m: f"{m[1]} {_number(m[2])}", even)
    return _BEFORE_SPAN.sub(lambda m: f"{_number(m[1])} {m[2]} {m[3]}", even)


def _number(words: str) -> int:
    total = 0
    for word in words.split():
        if word == "muoi":
            total = max(total, 1) * 10
        else:
            total += _ONES[word]
    return total


def _year_digits(found: re.Match[str]) -> str:
    stem = _STEMS.index(found[1])
    for branch, name in enumerate(_BRANCHES):
        if name == found[2] and (stem - branch) % 2 == 0:
            at = next(i for i in range(_CYCLE) if (i % 10, i % 12) == (stem, branch))
            year = _FIRST_OF_CYCLE + at
            return f"nam {year if year >= _FIRST_OF_CYCLE + 30 else year + _CYCLE}"
    return found[0]


def year_of(digits: str) -> int:
    """Return a year of four digits, or of two as one of this century."""
    return int(digits) if len(digits) == len("2026") else _CENTURY + int(digits)


def day_or_none(year: int, month: int, day: int) -> Days | None:
    """Return one day, None where the calendar has none."""
    try:
        one = dt.date(year, month, day)
    except ValueError:
        return None
    return Days(first=one, last=one)


def span(first: dt.date, last: dt.date) -> Days:
    """Return the days from one to another."""
    return Days(first=first, last=last)


Reader = Callable[[DayLine, "re.Match[str]"], Iterable[DayFound]]
