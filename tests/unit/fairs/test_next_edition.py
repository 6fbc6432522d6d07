"""The next edition: whole years later, same weekdays, new year in the name."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from fairs.services import FairTerms, next_edition


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-21T05:00:00+07:00", tick=False):
        yield


def terms(**changed) -> FairTerms:
    values = {
        "kind": "ocop_fair",
        "name": "Hội chợ OCOP 2025",
        "province_id": 1,
        "opens_on": dt.date(2025, 4, 26),
        "closes_on": dt.date(2025, 5, 2),
    }
    return FairTerms(**values | changed)


def test_it_opens_on_the_same_weekday_in_the_first_year_to_come():
    moved = next_edition(terms())
    assert moved.opens_on == dt.date(2027, 4, 24)
    assert moved.opens_on.weekday() == dt.date(2025, 4, 26).weekday()
    assert (moved.closes_on - moved.opens_on).days == 6
    assert moved.name == "Hội chợ OCOP 2027"


def test_a_fair_still_to_come_moves_by_one_year():
    moved = next_edition(terms(opens_on=dt.date(2027, 4, 24), closes_on=dt.date(2027, 4, 30)))
    assert moved.opens_on == dt.date(2028, 4, 22)


def test_a_name_without_a_year_has_to_be_given_anew():
    assert next_edition(terms(name="Tuần hàng Đông Triều")).name == ""


def test_the_days_for_applications_move_along():
    moved = next_edition(
        terms(applications_from=dt.date(2025, 1, 4), applications_to=dt.date(2025, 2, 4))
    )
    assert (moved.applications_from, moved.applications_to) == (
        dt.date(2027, 1, 2),
        dt.date(2027, 2, 2),
    )
