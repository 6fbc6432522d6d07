"""Tasks of the events bench, included by the very worker that matches: nothing, and one event."""

from __future__ import annotations

import os
from functools import lru_cache

import redis
from celery import shared_task
from django.db import close_old_connections, transaction

from core.outbox import inbox, registry
from core.outbox.models import OutboxMessage

RANK = "matchmaking.rank"


@lru_cache(maxsize=1)
def _valkey() -> redis.Redis:
    return redis.Redis.from_url(os.environ["REDIS_URL"])


@shared_task(name="bench.nothing", acks_late=True, ignore_result=True)
def nothing(key: str) -> None:
    """Say that it ran."""
    _valkey().rpush(key, b"1")


@shared_task(name="bench.one_event", acks_late=True, ignore_result=True)
def one_event(message_id: int) -> None:
    """React to one event in a task and a transaction of its own, as most would build it."""
    close_old_connections()
    consumer = registry.consumer_named(RANK)
    if consumer is None:
        raise LookupError(RANK)
    with transaction.atomic():
        message = OutboxMessage.objects.get(pk=message_id)
        consumer.handle(inbox._delivery(consumer, message).event)
