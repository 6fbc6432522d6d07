"""What Celery carries: one integer for a duty, and a pulse."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from celery import shared_task
from django.db import close_old_connections

from core.outbox import inbox, ticks

log = structlog.get_logger(__name__)

LONGEST_RUN_S = 110.0


@shared_task(name="outbox.consume", acks_late=True, ignore_result=True)
def consume(inbox_id: int) -> None:
    """Carry out one duty; retries are the inbox's, not Celery's."""
    close_old_connections()
    with _watchdog(inbox_id):
        inbox.consume(inbox_id)


@shared_task(name="outbox.pulse", acks_late=True, ignore_result=True)
def pulse() -> None:
    """Announce the hours and days that have begun; two schedulers or none do no harm."""
    close_old_connections()
    ticks.announce_time()


@contextmanager
def _watchdog(inbox_id: int) -> Iterator[None]:
    """End this process if one run takes too long: the solo pool drops Celery's time limits.

    The duty's lease hands it out again; five such ends and it is dead as `killed_worker`.
    """

    def end() -> None:
        log.critical("outbox.run_took_too_long", duty=inbox_id, seconds=LONGEST_RUN_S)
        os._exit(9)

    timer = threading.Timer(LONGEST_RUN_S, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
