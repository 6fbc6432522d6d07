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
_HOUR = dt.timedelta(hours=1)


@transaction.atomic
def announce_time() -> int:
    """Append the hours and days that began and were not announced yet; return how many.

    The database says what time it is: a process with a fast clock must not announce tomorrow.
    Missed ones are made up for three days back, except before the very first announcement.

    Emits:
        HourBegan, DayBegan.
    """
    now = _database_now()
    slots = dict(_slots(now))
    announced = set(
        OutboxMessage.objects.filter(dedupe_key__in=slots).values_list("dedupe_key", flat=True)
    )
    if not announced and not OutboxMessage.objects.filter(type=HourBegan.type).exists():
        slots = dict(_slots(now, days_back=0))
    missing = [key for key in slots if key not in announced]
    return sum(outbox.append_once(slots[key], key=key) for key in missing)


def _slots(now: dt.datetime, *, days_back: int = _DAYS_BACK) -> Iterator[tuple[str, DomainEvent]]:
    """Yield key and event of each slot, oldest first, so that consumers see time pass."""
    this_hour = now.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    today = now.astimezone(VIETNAM).date()
    for back in range(days_back * 24, -1, -1):
        hour = (this_hour - back * _HOUR).isoformat()
        yield f"{HourBegan.type}:{hour}", HourBegan(hour=hour)
    for back in range(days_back, -1, -1):
        day = today - dt.timedelta(days=back)
        yield f"{DayBegan.type}:{day.isoformat()}", DayBegan(day=day)


def _database_now() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: dt.datetime = cursor.fetchone()[0]
    return now
