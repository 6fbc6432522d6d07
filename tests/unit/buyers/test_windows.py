"""Windows of days: weeks and months counted exactly, repeats that always lie ahead."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buyers.enums import RepeatAfter
from buyers.services import default_window, next_window
from core.kernel.periods import DayRange

DAYS = st.dates(min_value=dt.date(2024, 1, 1), max_value=dt.date(2030, 12, 31))


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (dt.date(2027, 2, 1), dt.date(2027, 2, 28), Fraction(1)),
        (dt.date(2028, 2, 1), dt.date(2028, 2, 29), Fraction(1)),
        (dt.date(2026, 12, 17), dt.date(2027, 1, 31), Fraction(15, 31) + 1),
        (dt.date(2027, 4, 1), dt.date(2027, 4, 15), Fraction(1, 2)),
        (dt.date(9999, 12, 1), dt.date.max, Fraction(1)),
    ],
)
def test_months_count_each_day_as_its_share_of_its_month(first, last, months):
    assert DayRange(first, last).months == months


@given(first=DAYS, before=st.integers(0, 200), after=st.integers(0, 200))
def test_months_and_weeks_of_two_halves_add_up(first, before, after):
    middle = first + dt.timedelta(days=before)
    last = middle + dt.timedelta(days=1 + after)
    whole = DayRange(first, last)
    halves = DayRange(first, middle), DayRange(middle + dt.timedelta(days=1), last)
    assert whole.months == sum(half.months for half in halves)
    assert whole.weeks == sum(half.weeks for half in halves)


@given(first=DAYS, length=st.integers(1, 366), today=DAYS, after=st.sampled_from(RepeatAfter))
def test_a_repeated_window_begins_today_or_later_and_after_the_old_one(first, length, today, after):
    days = DayRange(first, first + dt.timedelta(days=length - 1))
    moved = next_window(days, after=after, today=today)
    assert moved.first >= today
    assert moved.first > days.first


@given(today=DAYS)
def test_a_new_window_is_four_weeks_from_the_next_monday(today):
    window = default_window(today)
    assert (window.first.weekday(), window.days) == (0, 28)
    assert 1 <= (window.first - today).days <= 7
