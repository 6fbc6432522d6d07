"""Time as events: each hour and each day is announced once, by whoever pulses first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import connection, transaction

from core.kernel.calendar import DayBegan, HourBegan
from core.kernel.clock import VIETNAM
from core.kernel.events import DomainEvent
from core.outbox import outbox
from core.outbox.models import OutboxMessage

_DAYS_BACK = 3
_HOUR_KEY = f"{HourBegan.type}:"


@transaction.atomic
def announce_time() -> int:
    """Append the hours and days that began and were not announced yet; return how many.

    The database says what time it is: a process with a fast clock must not announce tomorrow.
    Missed ones are made up for three days back, except before the very first announcement.

    Emits:
        HourBegan, DayBegan.
    """
    now = _database_now()
    slots = dict(_slots(now, since=_first_announced() or now))
    announced = set(
        OutboxMessage.objects.filter(dedupe_key__in=slots).values_list("dedupe_key", flat=True)
    )
    missing = [key for key in slots if key not in announced]
    return sum(outbox.append_once(slots[key], key=key) for key in missing)


def _slots(now: dt.datetime, *, since: dt.datetime) -> Iterator[tuple[str, DomainEvent]]:
    """Yield key and event of each slot, oldest first, so that consumers see time pass."""
    since = max(since.astimezone(dt.UTC), now - dt.timedelta(days=_DAYS_BACK))
    hour = since.replace(minute=0, second=0, microsecond=0)
    while hour <= now:
        yield _HOUR_KEY + hour.isoformat(), HourBegan(hour=hour.isoformat())
        hour += dt.timedelta(hours=1)
    day, today = since.astimezone(VIETNAM).date(), now.astimezone(VIETNAM).date()
    while day <= today:
        yield f"{DayBegan.type}:{day.isoformat()}", DayBegan(day=day)
        day += dt.timedelta(days=1)


def _first_announced() -> dt.datetime | None:
    hours = OutboxMessage.objects.filter(dedupe_key__startswith=_HOUR_KEY).order_by("dedupe_key")
    key = hours.values_list("dedupe_key", flat=True).first()
    return dt.datetime.fromisoformat(key.removeprefix(_HOUR_KEY)) if key else None


def _database_now() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: dt.datetime = cursor.fetchone()[0]
    return now
