"""Working days: weekends, holidays that move with the moon, Saturdays worked instead."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue.typed import lunar
from core.kernel import workdays

DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "later", "due"),
    [
        ("2026-11-20", 1, "2026-11-23"),  # Friday to Monday
        ("2026-11-21", 1, "2026-11-23"),  # handed in on Saturday
        ("2026-11-23", 1, "2026-11-25"),  # 24 November is off
        ("2026-02-13", 1, "2026-02-23"),  # over Tết
        ("2026-08-21", 1, "2026-08-22"),  # a Saturday worked instead
        ("2026-11-22", 0, "2026-11-20"),
        ("2026-11-23", -2, "2026-11-19"),
        ("2025-12-31", 1, "2026-01-05"),
    ],
)
def test_due_day_leaves_out_what_is_free(start, later, due):
    assert workdays.day_after(day(start), working_days_later=later) == day(due)


@pytest.mark.parametrize(
    ("start", "end", "passed"),
    [
        ("2026-11-20", "2026-11-20", 0),
        ("2026-11-20", "2026-11-22", 0),
        ("2026-11-20", "2026-11-23", 1),
        ("2026-11-22", "2026-11-23", 1),
        ("2026-11-23", "2026-11-25", 1),
        ("2026-11-25", "2026-11-23", -1),
    ],
)
def test_days_passed_are_counted_after_the_first(start, end, passed):
    assert workdays.days_between(day(start), day(end)) == passed


@settings(max_examples=60)
@given(DAYS, st.integers(1, 40))
def test_a_due_day_lies_as_many_working_days_later_as_were_given(start, later):
    due = workdays.day_after(start, working_days_later=later)
    assert workdays.is_working_day(due)
    assert workdays.days_between(start, due) == later


def test_feasts_of_the_moon_stand_on_their_days():
    """The file against the calendar of the moon: Tết and the kings' day are free each year."""
    for year in (2025, 2026, 2027):
        kings = lunar.solar_day(lunar.LunarDay(year, 3, 10))
        assert kings is not None
        free = [lunar.tet(year), kings]
        assert [one for one in free if workdays.is_working_day(one)] == []
        tet = [one for one in workdays.special_days().values() if "Nguyên đán" in one.name]
        assert sum(one.day.year == year for one in tet) == 5


def test_every_special_day_says_where_it_is_from():
    for one in workdays.special_days().values():
        assert one.source
        assert one.confidence in {"confirmed", "secondary", "estimate"}
    assert workdays.last_known_year() >= 2027
