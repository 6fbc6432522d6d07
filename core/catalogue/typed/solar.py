"""Days of the solar calendar: numbers, months, thirds of months, weeks, quarters, from today."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Final

from core.catalogue.typed.daylines import (
    DayFound,
    DayLine,
    Reader,
    day_or_none,
    span,
    year_of,
)
from core.catalogue.typed.outcomes import Days

_ENGLISH: Final = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_abbr[number].lower(), calendar.month_name[number].lower())
}
_NAMES: Final = "|".join(sorted(_ENGLISH, key=len, reverse=True))
_YEAR: Final = r"(?:[/\-. ]|,? nam | )(?:nam )?(?P<year>[0-9]{4}|[0-9]{2})"
_MONTH: Final = r"(?P<month>1[0-2]|0?[1-9])"
_DAY: Final = r"(?P<day>[0-9]{1,2})"
_THIRDS: Final = {
    "dau": 0, "early": 0, "beginning of": 0, "start of": 0, "giua": 1, "mid": 1, "middle of": 1,
    "cuoi": 2, "late": 2, "end of": 2,
}  # fmt: skip
_THIRD: Final = "|".join(_THIRDS)
_QUARTERS: Final = {"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
_DAYS_IN: Final = {"ngay": 1, "day": 1, "days": 1, "tuan": 7, "week": 7, "weeks": 7}
_TODAYS: Final = {
    "hom nay": 0, "nay": 0, "today": 0, "ngay mai": 1, "mai": 1, "tomorrow": 1, "ngay kia": 2,
    "hom qua": -1, "yesterday": -1,
}  # fmt: skip


def _date(line: DayLine, year: str | None, month: int, day: int) -> Iterable[DayFound]:
    if year is not None:
        found = day_or_none(year_of(year), month, day)
        return [DayFound(found)] if found else []
    return line.nearest(d for y in line.years() if (d := day_or_none(y, month, day)))


def _spans(
    line: DayLine, year: str | None, build: Callable[[int], Days | None]
) -> Iterable[DayFound]:
    if year is not None:
        found = build(year_of(year))
        return [DayFound(found)] if found else []
    return line.nearest(days for y in line.years() if (days := build(y)))


def month_span(year: int, month: int) -> Days:
    """Return the days of a solar month."""
    last = calendar.monthrange(year, month)[1]
    return span(dt.date(year, month, 1), dt.date(year, month, last))


def _third(year: int, month: int, third: int) -> Days:
    whole = month_span(year, month)
    first = whole.first + dt.timedelta(days=10 * third)
    last = whole.last if third == len("ab") else first + dt.timedelta(days=9)
    return span(first, last)


def _week(year: int, number: int) -> Days | None:
    try:
        first = dt.date.fromisocalendar(year, number, 1)
    except ValueError:
        return None
    return span(first, first + dt.timedelta(days=6))


def _quarter(year: int, number: int) -> Days:
    return span(month_span(year, 3 * number - 2).first, month_span(year, 3 * number).last)


def _read_iso(_line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    found = day_or_none(int(m["year"]), int(m["month"]), int(m["day"]))
    return [DayFound(found)] if found else []


def _read_day(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    return _date(line, m["year"], int(m["month"]), int(m["day"]))


def _read_named_day(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    return _date(line, m["year"], _ENGLISH[m["name"]], int(m["day"]))


def _read_days(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    """21-25/11/2026."""

    def build(year: int) -> Days | None:
        first = day_or_none(year, int(m["month"]), int(m["from"]))
        last = day_or_none(year, int(m["month"]), int(m["day"]))
        if first is None or last is None or last.first < first.first:
            return None
        return span(first.first, last.first)

    return _spans(line, m["year"], build)


def _read_month(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    groups = m.groupdict()
    month = _ENGLISH[groups["name"]] if groups.get("name") else int(m["month"])
    if third := groups.get("third"):
        return _spans(line, m["year"], lambda year: _third(year, month, _THIRDS[third]))
    return _spans(line, m["year"], lambda year: month_span(year, month))


def _read_week(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    return _spans(line, m["year"], lambda year: _week(year, int(m["week"])))


def _read_quarter(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    number = _QUARTERS[m["quarter"]]
    return _spans(line, m["year"], lambda year: _quarter(year, number))


def _read_today(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    day = line.today + dt.timedelta(days=_TODAYS[m["word"]])
    return [DayFound(span(day, day))]


def _read_from_today(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    day = line.today + dt.timedelta(days=int(m["count"]) * _DAYS_IN[m["span"]])
    return [DayFound(span(day, day))]


def _read_this(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    is_next = m["which"] in {"sau", "toi", "next"}
    if m["what"] in {"tuan", "week"}:
        monday = line.today - dt.timedelta(days=line.today.weekday() - 7 * is_next)
        return [DayFound(span(monday, monday + dt.timedelta(days=6)))]
    months = line.today.year * 12 + line.today.month - 1 + is_next
    year, month = months // 12, months % 12 + 1
    third = m.groupdict().get("third")
    return [DayFound(_third(year, month, _THIRDS[third]) if third else month_span(year, month))]


def _patterns() -> list[tuple[re.Pattern[str], Reader]]:
    year = f"(?:{_YEAR})?"
    day_month = rf"(?:ngay )?{_DAY}(?:[/\-.]| thang |/thang | ){_MONTH}"
    third = rf"(?P<third>{_THIRD})(?: |-)"
    rows: list[tuple[str, Reader]] = [
        (r"(?P<year>[0-9]{4})[/\-.](?P<month>[0-9]{1,2})[/\-.](?P<day>[0-9]{1,2})", _read_iso),
        (f"{day_month}{year}", _read_day),
        (rf"{_DAY} (?P<name>{_NAMES}){year}", _read_named_day),
        (rf"(?P<name>{_NAMES}) {_DAY}{year}", _read_named_day),
        (rf"(?P<from>[0-9]{{1,2}})-{_DAY}/{_MONTH}{year}", _read_days),
        (rf"(?:{third})?(?:thang |t){_MONTH}{year}", _read_month),
        (rf"{_MONTH}[/\-.](?P<year>[0-9]{{4}})", _read_month),
        (rf"(?:{third})?(?P<name>{_NAMES}){year}", _read_month),
        (rf"(?:tuan|week)(?: thu)? (?P<week>[0-9]{{1,2}}){year}", _read_week),
        (rf"(?:quy |q)(?P<quarter>[1-4]|i{{1,3}}|iv){year}", _read_quarter),
        (rf"(?P<word>{'|'.join(_TODAYS)})", _read_today),
        (r"(?P<count>[0-9]{1,3}) (?P<span>ngay|tuan) (?:nua|toi)", _read_from_today),
        (r"in (?P<count>[0-9]{1,3}) (?P<span>days?|weeks?)", _read_from_today),
        (r"(?:trong )?(?P<what>tuan|thang) (?P<which>nay|sau|toi)", _read_this),
        (rf"{third}(?P<what>thang) (?P<which>nay|sau|toi)", _read_this),
        (r"(?P<which>this|next) (?P<what>week|month)", _read_this),
    ]
    return [(re.compile(pattern), read) for pattern, read in rows]


SOLAR: Final = _patterns()
