"""What Celery carries: one integer for a duty, and a pulse."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from core.outbox import inbox, ticks


@shared_task(name="outbox.consume", acks_late=True, ignore_result=True)
def consume(inbox_id: int) -> None:
    """Carry out one duty; retries are the inbox's, not Celery's."""
    close_old_connections()
    inbox.consume(inbox_id)


@shared_task(name="outbox.pulse", acks_late=True, ignore_result=True)
def pulse() -> None:
    """Announce the hours and days that have begun; two schedulers or none do no harm."""
    close_old_connections()
    ticks.announce_time()
