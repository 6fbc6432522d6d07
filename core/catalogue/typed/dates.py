"""Days as typed: "21/11/2026", "cuối tháng 11", "tuần 48", "23 tháng Chạp", "2 tuần trước Tết"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final

from core.catalogue.typed.daylines import LONGEST, DayFound, DayLine, lines_of, span
from core.catalogue.typed.festive import LUNAR
from core.catalogue.typed.outcomes import Days, No, Outcome, Question, Refusal, Understood, Why
from core.catalogue.typed.solar import SOLAR

FIRST: Final = dt.date(1990, 1, 1)
LAST: Final = dt.date(2100, 12, 31)
_SHOWN: Final = 6
_FROM_TO: Final = re.compile(
    r"(?:tu |from )?(?P<first>.+?)(?: - | den | toi | to )(?:het )?(?P<last>.+)"
)
_YEAR_AT_END: Final = re.compile(r"[0-9]{4}$")
_NUMBERS: Final = re.compile(r"[0-9]{1,4}[/\-. ][0-9]{1,2}(?:[/\-. ][0-9]{1,4})?")

_WITHOUT_MONTH: Final = re.compile(
    r"(?:(?:dau|giua|cuoi|trong|early|mid|late|beginning of|start of|middle of|end of)(?: the)? )?"
    r"(?:thang|month)|(?:ngay|mung|mong|ram) ?[0-9]{0,2}"
)
_DAY_WORDS: Final = ("thang", "tet", "mung ", "mong ", "nhuan", "am lich", "tuan ")


def read_days(typed: str, *, today: dt.date) -> Outcome[Days]:
    """Read a day or a span of days, solar or lunar; day before month, whatever the language.

    A day without a year is the next one, from today on; where one has passed within the last
    three months the year is asked back.

    Args:
        typed: What a person typed, of any length and kind.
        today: The day from which days without a year are counted.
    """
    if len(typed) > LONGEST * 4:
        return Refusal(why=No.TOO_LONG)
    lines = list(lines_of(typed, today=today))
    if not lines[0].text:
        return Refusal(why=No.EMPTY)
    if len(lines[0].text) > LONGEST:
        return Refusal(why=No.TOO_LONG)
    found = [one for line in lines for one in _found(line)]
    if len(lines) > 1 and len({one.days for one in found}) > 1:
        found = [DayFound(one.days, Why.MONTH) for one in found]
    return _outcome(found) or _refusal(lines[0].text)


def _found(line: DayLine) -> list[DayFound]:
    single = list(_single(line))
    return single or list(_from_to(line))


def _single(line: DayLine) -> Iterable[DayFound]:
    for pattern, read in (*SOLAR, *LUNAR):
        if found := pattern.fullmatch(line.text):
            yield from read(line, found)


def _from_to(line: DayLine) -> Iterable[DayFound]:
    """Yield spans "từ 21/11 đến 30/11/2026"; the year of the end holds for the beginning."""
    parts = _FROM_TO.fullmatch(line.text)
    if parts is None:
        return
    year = _YEAR_AT_END.search(parts["last"])
    begins = parts["first"]
    if year and not _YEAR_AT_END.search(begins):
        begins = f"{begins} {year[0]}"
    for last in _single(DayLine(parts["last"], line.today)):
        for first in _single(DayLine(begins, line.today)):
            if first.days.first <= last.days.last:
                yield DayFound(span(first.days.first, last.days.last), first.why or last.why)


def _outcome(found: list[DayFound]) -> Outcome[Days] | None:
    if not found:
        return None
    within = [one for one in found if one.days.first >= FIRST and one.days.last <= LAST]
    if not within:
        return Refusal(why=No.OUT_OF_RANGE)
    readings = tuple(dict.fromkeys(Understood(value=one.days) for one in within))
    why = next((one.why for one in within if one.why), None)
    if why is None and len(readings) > 1:
        why = Why.MONTH
    return readings[0] if why is None else Question(why=why, readings=readings[:_SHOWN])


def _refusal(text: str) -> Refusal:
    if _WITHOUT_MONTH.fullmatch(text):
        return Refusal(why=No.WHICH_MONTH, facts={"part": text})
    is_day = _NUMBERS.fullmatch(text) or any(word in text for word in _DAY_WORDS)
    why = No.NO_SUCH_DAY if is_day else No.NOT_UNDERSTOOD
    return Refusal(why=why, facts={"part": text})
