"""A day begins at midnight in Việt Nam, which is 17:00 of the day before in UTC."""

from __future__ import annotations

import datetime as dt

import pytest

from core.kernel.calendar import DayBegan
from core.outbox.ticks import _slots

HOUR = dt.timedelta(hours=1)


def days(now: str, *, since: dt.timedelta) -> list[str]:
    moment = dt.datetime.fromisoformat(f"{now}+00:00")
    events = (event for _key, event in _slots(moment, since=moment - since))
    return [event.day.isoformat() for event in events if isinstance(event, DayBegan)]


@pytest.mark.parametrize(
    ("now", "begun"),
    [
        ("2026-12-31T16:59:59", ["2026-12-31"]),
        ("2026-12-31T17:00:00", ["2026-12-31", "2027-01-01"]),
        ("2028-02-28T17:00:00", ["2028-02-28", "2028-02-29"]),
        ("2028-02-29T16:59:59", ["2028-02-29"]),
        ("2028-02-29T17:00:00", ["2028-02-29", "2028-03-01"]),
    ],
)
def test_a_day_begins_at_17_00_utc_and_not_a_second_before(now, begun):
    assert days(now, since=HOUR) == begun


def test_days_off_are_made_up_for_three_days_back():
    assert days("2026-12-31T17:00:00", since=240 * HOUR) == [
        "2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01"
    ]  # fmt: skip
