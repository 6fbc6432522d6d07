"""Saying what happened, in the transaction in which it happened."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from core.kernel import clock, context
from core.kernel.events import DomainEvent
from core.outbox.models import DutyStatus, InboxMessage, OutboxMessage

_PURGE_CHUNK = 1000
_APPENDED_AT_ONCE = 500
_APPEND_MANY = """
INSERT INTO outbox_outboxmessage (event_id, type, aggregate_id, aggregate_version, owner_id,
                                  payload, headers, correlation_id)
SELECT gen_random_uuid(), type, aggregate_id, aggregate_version, owner_id, payload, %s, %s
  FROM unnest(%s::text[], %s::bigint[], %s::int[], %s::bigint[], %s::jsonb[]) WITH ORDINALITY
    AS event (type, aggregate_id, aggregate_version, owner_id, payload, place)
 ORDER BY place
"""


def append(event: DomainEvent) -> None:
    """Store an event; it exists exactly if the surrounding transaction commits.

    Raises:
        TransactionManagementError: There is no surrounding transaction.
    """
    _require_transaction()
    _message_of(event, dedupe_key=None).save(force_insert=True)


def append_all(events: Iterable[DomainEvent]) -> None:
    """Store several events in their order; they exist exactly if the transaction commits.

    Raises:
        TransactionManagementError: There is no surrounding transaction.
    """
    _require_transaction()
    waiting = list(events)
    now_in = context.current()
    headers = json.dumps(_headers(now_in))
    for first in range(0, len(waiting), _APPENDED_AT_ONCE):
        rows = [_row_of(event) for event in waiting[first : first + _APPENDED_AT_ONCE]]
        with connection.cursor() as cursor:
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(_APPEND_MANY, [headers, now_in.correlation_id, *columns])


def append_once(event: DomainEvent, *, key: str) -> bool:
    """Store an event unless one with this key exists; return whether it was stored.

    Args:
        event: The fact.
        key: Unique for ever, e.g. ``fairs.reminder:7:2026-11-21``; at most 200 characters.

    Raises:
        TransactionManagementError: There is no surrounding transaction.
    """
    _require_transaction()
    message = _message_of(event, dedupe_key=key)
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    return OutboxMessage.objects.filter(event_id=message.event_id).exists()


def settle_once(event: DomainEvent, *, key: str) -> None:
    """Store an event of the past that nobody shall react to any more; its key is then used up.

    Args:
        event: The fact.
        key: As in `append_once`.
    """
    _require_transaction()
    message = _message_of(event, dedupe_key=key)
    message.relayed_at = clock.now()
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)


def purge(*, older_than_days: int = 90) -> int:
    """Delete relayed messages whose every duty is done or skipped; return how many.

    An open or dead duty keeps its message whatever its age.
    """
    open_or_dead = InboxMessage.objects.filter(
        message=OuterRef("pk"), status__in=[DutyStatus.PENDING, DutyStatus.DEAD]
    )
    settled = OutboxMessage.objects.filter(
        ~Exists(open_or_dead),
        Q(relayed_at__lt=Now() - dt.timedelta(days=older_than_days)),
    )
    purged = 0
    while ids := list(settled.values_list("pk", flat=True)[:_PURGE_CHUNK]):
        with transaction.atomic():
            InboxMessage.objects.filter(message_id__in=ids).delete()
            OutboxMessage.objects.filter(pk__in=ids).delete()
        purged += len(ids)
    return purged


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "An event belongs into the transaction of its change; open one around both."
        )


def _message_of(event: DomainEvent, *, dedupe_key: str | None) -> OutboxMessage:
    now_in = context.current()
    return OutboxMessage(
        type=event.type,
        aggregate_id=event.aggregate_id,
        aggregate_version=event.aggregate_version,
        owner_id=event.owner_id,
        payload=event.to_payload(),
        headers=_headers(now_in),
        correlation_id=now_in.correlation_id,
        dedupe_key=dedupe_key,
    )


def _row_of(event: DomainEvent) -> tuple[str, int | None, int | None, int | None, str]:
    payload = json.dumps(event.to_payload(), ensure_ascii=False)
    return (event.type, event.aggregate_id, event.aggregate_version, event.owner_id, payload)


def _headers(now_in: context.Context) -> dict[str, Any]:
    return {
        "actor_id": now_in.actor_id,
        "causation_id": str(now_in.causation_id) if now_in.causation_id else None,
    }
