"""Lunar feasts on solar days."""

from __future__ import annotations

import datetime as dt

from core.catalogue.selectors import feasts_between, tet_of


def test_tet_2030_is_the_second_of_february_a_day_before_china():
    assert tet_of(2030) == dt.date(2030, 2, 2)


def test_tet_of_a_year_outside_the_table_is_not_guessed():
    assert tet_of(2050) is None


def test_both_ends_of_a_stretch_of_days_count():
    day = dt.date(2026, 9, 25)
    assert [feast.name for feast in feasts_between(day, last=day)] == ["Trung thu 15/8"]
    assert feasts_between(day + dt.timedelta(days=1), last=day + dt.timedelta(days=2)) == []
