"""The one place that asks what time it is."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> dt.datetime:
    """Return this moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251 -- this is the function everybody else asks


def today() -> dt.date:
    """Return the calendar day in Vietnam, where every window, season and deadline is meant."""
    return now().astimezone(VIETNAM).date()
