"""Lunar feasts on solar days."""

from __future__ import annotations

import datetime as dt

from core.catalogue.selectors import feasts_between, tet_of
from core.catalogue.services import DATA
from core.kernel.reference import read_rows


def test_tet_2030_is_the_second_of_february_a_day_before_china():
    assert tet_of(2030) == dt.date(2030, 2, 2)


def test_tet_of_a_year_outside_the_reckoned_ones_is_not_guessed():
    assert tet_of(2050) == dt.date(2050, 1, 23)
    assert tet_of(2071) is None


def test_feasts_are_those_of_the_reference_file_and_go_on_beyond_it():
    rows = read_rows(DATA / "lunar_peaks.csv")
    days = [dt.date.fromisoformat(row["solar_date"]) for row in rows]
    found = feasts_between(min(days), last=max(days))
    assert [(f.day.isoformat(), f.name) for f in found] == sorted(
        (row["solar_date"], row["feast"]) for row in rows
    )
    assert len(feasts_between(dt.date(2050, 1, 1), last=dt.date(2050, 12, 31))) == 7


def test_both_ends_of_a_stretch_of_days_count():
    day = dt.date(2026, 9, 25)
    assert [feast.name for feast in feasts_between(day, last=day)] == ["Trung thu 15/8"]
    assert feasts_between(day + dt.timedelta(days=1), last=day + dt.timedelta(days=2)) == []
