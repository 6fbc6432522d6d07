"""Signs of life of work that must be done every day, whoever does it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models.functions import Now

from core.outbox.models import Heartbeat

STALE_AFTER_HOURS: Final = 36
"""A day and a half: a daily job that missed one whole day is stale before the next evening."""

_expected: set[str] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """When some work was last done; `beat_at` None means never."""

    name: str
    beat_at: dt.datetime | None
    age_hours: float | None
    is_stale: bool


def expect(name: str) -> None:
    """Make known that this work is to be done daily; called from `AppConfig.ready()`."""
    _expected.add(name)


def beat(name: str) -> None:
    """Note that the work was done just now, in the transaction that did it."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": Now()})


def signs() -> list[Sign]:
    """Return the sign of life of all expected work, by name.

    Work that was never done is stale once the service has been announcing hours for as long.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT name, beat_at, extract(epoch FROM statement_timestamp() - coalesce(beat_at,
              (SELECT min(occurred_at) FROM outbox_outboxmessage
                WHERE dedupe_key LIKE 'kernel.hour.began.v1:%%'))) / 3600
              FROM unnest(%s::text[]) AS name LEFT JOIN outbox_heartbeat USING (name)
             ORDER BY name
            """,
            [sorted(_expected)],
        )
        rows = cursor.fetchall()
    return [
        Sign(
            name=name,
            beat_at=beat_at,
            age_hours=None if beat_at is None else round(float(hours), 1),
            is_stale=hours is not None and hours > STALE_AFTER_HOURS,
        )
        for name, beat_at, hours in rows
    ]


def sign_of(name: str) -> Sign:
    """Return the sign of life of one expected piece of work."""
    return next(sign for sign in signs() if sign.name == name)
