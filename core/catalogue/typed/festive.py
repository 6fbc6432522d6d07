"""Days of the lunar calendar: "23 tháng Chạp", "rằm tháng Giêng", "mùng 1 Tết", "30 Tết"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Final

from core.catalogue.typed import lunar
from core.catalogue.typed.daylines import DayFound, DayLine, Reader, span, year_of
from core.catalogue.typed.lunar import LunarDay, LunarMonth
from core.catalogue.typed.outcomes import Days, Why

_GIENG: Final = 1
_CHAP: Final = 12
_FULL_MOON: Final = 15
# A given month is leap every two or three decades at most.
_LONGEST_WAIT_YEARS: Final = 40
_DAYS_IN: Final = {
    "ngay": 1, "day": 1, "days": 1, "tuan": 7, "week": 7, "weeks": 7,
}  # fmt: skip
_FEASTS: Final = {
    "trung thu": (15, 8), "mid-autumn": (15, 8), "vu lan": (15, 7), "doan ngo": (5, 5),
    "han thuc": (3, 3), "ong cong ong tao": (23, 12), "ong tao": (23, 12),
    "gio to": (10, 3), "gio to hung vuong": (10, 3),
}  # fmt: skip
_MONTH: Final = r"(?:thang )?(?P<month>1[0-2]|0?[1-9]|gieng|chap)"
_YEAR: Final = r"(?:(?:[/\-. ]| nam |/nam )(?P<year>[0-9]{4}|[0-9]{2}))?"
_SIGN: Final = r"(?: (?:am lich|am|al|lunar))"
_LEAP: Final = r"(?P<leap> nhuan)?"


def _year(digits: str | None) -> int | None:
    return year_of(digits) if digits else None


def _reckoned(years: Iterable[int]) -> Iterator[int]:
    return (year for year in years if lunar.FIRST_YEAR <= year <= lunar.LAST_YEAR)


def _months(year: int, number: int, *, is_leap: bool) -> list[LunarMonth]:
    """Return the months of that number; with the leap one beside it, both are meant."""
    found = [m for m in lunar.months_of(year) if m.month == number]
    return [m for m in found if m.is_leap] if is_leap else found


def _days(wanted: LunarDay) -> Iterator[DayFound]:
    """Yield the solar day, and that of the leap month of the same number beside it."""
    if not lunar.FIRST_YEAR <= wanted.year <= lunar.LAST_YEAR:
        return
    months = _months(wanted.year, wanted.month, is_leap=wanted.is_leap)
    why = Why.MONTH if len(months) > 1 else None
    for month in months:
        if 1 <= wanted.day <= month.days:
            one = month.first + dt.timedelta(days=wanted.day - 1)
            yield DayFound(span(one, one), why)


def _on(line: DayLine, m: re.Match[str], day: int, month: int) -> Iterable[DayFound]:
    groups = m.groupdict()
    is_leap, year = bool(groups.get("leap")), _year(groups.get("year"))
    if year is not None:
        is_loose = groups.get("month") == "chap" or "feast" in groups
        return _of_year(LunarDay(year, month, day, is_leap), is_loose=is_loose)
    ahead = _LONGEST_WAIT_YEARS if is_leap else 3
    years = _reckoned(range(line.today.year - 1, line.today.year + ahead))
    found = [one for y in years for one in _days(LunarDay(y, month, day, is_leap))]
    return line.nearest(one.days for one in found)


def _of_year(wanted: LunarDay, *, is_loose: bool) -> list[DayFound]:
    """23 Chạp "2026" may be of the lunar year, early in 2027, or the one before Tết 2026."""
    found = list(_days(wanted))
    before = _days(wanted._replace(year=wanted.year - 1)) if is_loose else ()
    also = [one for one in before if one.days.first.year == wanted.year]
    if not also:
        return found
    return [DayFound(one.days, Why.YEAR) for one in (*found, *also)]


def _month_number(name: str) -> int:
    return {"gieng": _GIENG, "chap": _CHAP}.get(name) or int(name)


def _read_day(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    return _on(line, m, int(m["day"]), _month_number(m["month"]))


def _read_full_moon(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    return _on(line, m, _FULL_MOON, _month_number(m["month"]))


def _read_feast(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    return _on(line, m, *_FEASTS[m["feast"]])


def _read_month(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    number, year = _month_number(m["month"]), _year(m["year"])
    years = [year] if year is not None else line.years()
    months = [one for y in _reckoned(years) for one in _months(y, number, is_leap=bool(m["leap"]))]
    spans = [span(one.first, one.last) for one in months]
    if year is None:
        return line.nearest(spans)
    why = Why.MONTH if len(spans) > 1 else None
    return [DayFound(one, why) for one in spans]


def _tets(line: DayLine, digits: str | None) -> list[dt.date]:
    years = [year_of(digits)] if digits else line.years()
    return [lunar.tet(year) for year in _reckoned(years)]


def _near_tet(line: DayLine, digits: str | None, offsets: Iterable[int]) -> list[DayFound]:
    first, *rest = offsets
    last = rest[-1] if rest else first
    spans = [
        span(tet + dt.timedelta(days=first), tet + dt.timedelta(days=last))
        for tet in _tets(line, digits)
    ]
    return [DayFound(one) for one in spans] if digits else line.nearest(spans)


def _read_tet(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    """Tết alone is its first three days."""
    return _near_tet(line, m["year"], (0, 2))


def _read_day_of_tet(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    day = int(m["day"])
    if day <= _FULL_MOON and day:
        return _near_tet(line, m["year"], (day - 1,))
    return list(_before_tet(line, m["year"], day))


def _before_tet(line: DayLine, digits: str | None, day: int) -> Iterator[DayFound]:
    """28 Tết is 28 Chạp; where Chạp has 29 days, 30 Tết is asked back as its last day."""
    spans: dict[Days, bool] = {}
    for tet in _tets(line, digits):
        eve = tet - dt.timedelta(days=1)
        length = lunar.lunar_day(eve).day
        if day <= length + 1:
            wanted = min(eve - dt.timedelta(days=length - day), eve)
            spans[span(wanted, wanted)] = day <= length
    found = [DayFound(one) for one in spans] if digits else line.nearest(spans)
    for one in found:
        yield one if spans[one.days] else DayFound(one.days, Why.MONTH)


def _read_eve(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    return _near_tet(line, m["year"], (-1,))


def _read_from_tet(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    count, unit = int(m["count"] or 1), m["span"]
    sign = -1 if m["side"] in {"truoc", "before"} else 1
    if unit in _DAYS_IN:
        return _near_tet(line, m["year"], (sign * count * _DAYS_IN[unit],))
    spans = [_months_from(tet, sign * count) for tet in _tets(line, m["year"])]
    return [DayFound(one) for one in spans] if m["year"] else line.nearest(spans)


def _months_from(tet: dt.date, months: int) -> Days:
    at = tet.year * 12 + tet.month - 1 + months
    day = min(tet.day, 28)
    one = dt.date(at // 12, at % 12 + 1, day)
    return span(one, one)


def _read_before_tet(line: DayLine, m: re.Match[str]) -> Iterable[DayFound]:
    """Read "trước Tết", which is vague: the day before is the latest that can be meant."""
    found = _near_tet(line, m["year"], (-1,))
    return [DayFound(one.days, Why.RANGE) for one in found]


def _patterns() -> list[tuple[re.Pattern[str], Reader]]:
    day = r"(?P<day>[0-9]{1,2})"
    tet = rf"tet(?: nguyen dan| am lich)?{_YEAR}"
    unit = r"(?P<span>ngay|tuan|thang|days?|weeks?|months?)"
    rows: list[tuple[str, Reader]] = [
        (rf"(?:ngay )?{day}(?:[/\-.]| ){_MONTH}{_LEAP}{_YEAR}{_SIGN}", _read_day),
        (rf"(?:ngay )?{day}(?:[/\-.]| ){_MONTH}{_LEAP}{_SIGN}{_YEAR}", _read_day),
        (rf"(?:am lich|al) {day}[/\-.]{_MONTH}{_LEAP}{_YEAR}", _read_day),
        (rf"(?:ngay )?(?:mung|mong) {day}(?:[/\-.]| ){_MONTH}{_LEAP}{_YEAR}{_SIGN}?", _read_day),
        (rf"(?:ngay )?{day} thang (?P<month>gieng|chap){_LEAP}{_YEAR}{_SIGN}?", _read_day),
        (rf"(?:ngay )?ram {_MONTH}{_LEAP}{_YEAR}{_SIGN}?", _read_full_moon),
        (rf"(?:tet )?(?P<feast>{'|'.join(_FEASTS)}){_YEAR}", _read_feast),
        (rf"thang (?P<month>gieng|chap){_LEAP}{_YEAR}{_SIGN}?", _read_month),
        (rf"thang (?P<month>1[0-2]|0?[1-9]){_LEAP}{_YEAR}{_SIGN}", _read_month),
        (tet, _read_tet),
        (rf"(?:ngay )?(?:mung |mong )?{day} {tet}", _read_day_of_tet),
        (rf"(?:dem )?(?:giao thua|tat nien|tet eve)(?: tet)?{_YEAR}", _read_eve),
        (rf"(?P<count>[0-9]{{1,3}}) {unit} (?P<side>truoc|sau|before|after) {tet}", _read_from_tet),
        (rf"(?P<side>truoc|sau) {tet} (?P<count>[0-9]{{1,3}}) {unit}", _read_from_tet),
        (rf"(?:truoc|giap|can|before) {tet}", _read_before_tet),
    ]
    return [(re.compile(pattern), read) for pattern, read in rows]


LUNAR: Final = _patterns()
