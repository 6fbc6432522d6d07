"""Waking a sleeping relay: PostgreSQL tells it of a commit that wrote events."""

from __future__ import annotations

from typing import Any

from django.db import connection

SLEEPS = 7235422
"""Number of the advisory lock a relay holds while it sleeps; the trigger of the table tries it."""


class Nudges:
    """Sleeping until somebody commits an event, or for a while.

    NOTIFY takes a lock on the whole database until its transaction is flushed, so writers say it
    only while the lock `SLEEPS` is held; beside a relay at work they commit side by side. A nudge
    can be missed (an event written just before the relay fell asleep, a lost connection), so who
    waits here looks again after the time is up.
    """

    def __init__(self) -> None:
        self._listening: Any = None
        self._says_it_sleeps = False

    def wait(self, seconds: float) -> None:
        """Return after a nudge or so many seconds; afterwards this relay still counts as asleep."""
        with connection.cursor() as cursor:
            if connection.connection is not self._listening:
                cursor.execute("LISTEN outbox")
                self._listening, self._says_it_sleeps = connection.connection, False
            if not self._says_it_sleeps:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [SLEEPS])
                self._says_it_sleeps = cursor.fetchone()[0]
        with connection.wrap_database_errors:
            for _ in self._listening.notifies(timeout=seconds, stop_after=1):
                pass

    def refuse(self) -> None:
        """Let writers commit without a nudge: this relay is awake and will look by itself."""
        if self._says_it_sleeps and connection.connection is self._listening:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SLEEPS])
        self._says_it_sleeps = False
