"""Taking duties: the claim, the lock under which it must still stand, and the end."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from core.outbox.models import DeadReason, DutyStatus, InboxMessage
from core.outbox.registry import Consumer

log = structlog.get_logger(__name__)

LEASE = dt.timedelta(seconds=10)
MAX_STARTS = 5


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run one duty, for as long as its `start_count` is still this one."""

    id: int
    start_count: int
    fail_count: int


@dataclass(frozen=True, slots=True)
class Held:
    """A locked duty with what its message says, the two JSON columns as text."""

    id: int
    status: str
    start_count: int
    type: str
    payload: str
    headers: str
    correlation_id: uuid.UUID
    event_id: uuid.UUID


# A batch consumer has thousands of duties a second: as rows of the ORM they would cost more than
# the handler does. A claim need not be flushed: if a crash forgets it, the duty is free again and
# its owner finds another start count; and once "done" is flushed, so is the claim before it.
_CLAIM_MANY = """
WITH free AS MATERIALIZED (
    SELECT id FROM outbox_inboxmessage
     WHERE consumer = %s AND finished_at IS NULL AND start_count = fail_count
       AND next_attempt_at <= statement_timestamp()
       AND (lease_until IS NULL OR lease_until <= statement_timestamp())
     ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED),
lease AS (SELECT statement_timestamp() + %s AS ends_at,
                 set_config('synchronous_commit', 'off', true)),
claimed AS (
    UPDATE outbox_inboxmessage duty
       SET start_count = start_count + 1, lease_until = ends_at, next_ring_at = ends_at
      FROM free, lease WHERE duty.id = free.id
    RETURNING duty.id, duty.start_count, duty.fail_count)
SELECT id, start_count, fail_count FROM claimed ORDER BY id
"""
_HOLD = """
SELECT duty.id, status, start_count, type, payload, headers, correlation_id, event_id
  FROM outbox_inboxmessage duty JOIN outbox_outboxmessage message ON message.id = message_id
 WHERE duty.id = ANY(%s) ORDER BY duty.id FOR NO KEY UPDATE OF duty
"""
_FINISH = """
UPDATE outbox_inboxmessage
   SET status = 'done', finished_at = statement_timestamp(), lease_until = NULL, last_error = ''
 WHERE id = ANY(%s)
"""


def due() -> Q:
    """Return the condition of a duty somebody may start now, by the database's clock."""
    return Q(status=DutyStatus.PENDING, next_attempt_at__lte=Now()) & (
        Q(lease_until=None) | Q(lease_until__lte=Now())
    )


@transaction.atomic(durable=True)
def claim(inbox_id: int, consumer: Consumer) -> list[Claim]:
    """Take the rung duty, or a batch; one with an unexplained start always comes alone."""
    free = InboxMessage.objects.select_for_update(skip_locked=True, no_key=True).filter(due())
    rows = free.filter(pk=inbox_id).values_list("pk", "start_count", "fail_count")
    rung = [Claim(*row) for row in rows]
    if consumer.handle_many is not None and all(r.start_count == r.fail_count for r in rung):
        return [Claim(*row) for row in _rows(_CLAIM_MANY, [consumer.name, consumer.batch, LEASE])]
    killers = [row.id for row in rung if row.start_count - row.fail_count >= MAX_STARTS]
    if killers:
        bury(killers, reason=DeadReason.KILLED_WORKER)
        return []
    InboxMessage.objects.filter(pk__in=[row.id for row in rung]).update(
        start_count=F("start_count") + 1, lease_until=Now() + LEASE, next_ring_at=Now() + LEASE
    )
    return [Claim(row.id, row.start_count + 1, row.fail_count) for row in rung]


def held(claims: list[Claim]) -> list[Held]:
    """Lock the duties and keep those whose claim still stands.

    The lock is waited for. A worker rung twice may hold it just while it sees the lease; were the
    row skipped then, its true owner would give up until the lease ends.
    """
    claimed = {claim.id: claim.start_count for claim in claims}
    held = [Held(*row) for row in _rows(_HOLD, [list(claimed)])]
    return [
        duty
        for duty in held
        if duty.status == DutyStatus.PENDING and duty.start_count == claimed[duty.id]
    ]


def finish(duties: list[Held]) -> int:
    """Note the duties as done; they are locked, so each is still pending."""
    if not duties:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, [[duty.id for duty in duties]])
        return int(cursor.rowcount)


def _rows(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def bury(inbox_ids: list[int], *, reason: DeadReason) -> None:
    """Give duties up until a person decides about them."""
    log.error("outbox.duty_dead", duties=inbox_ids, reason=str(reason))
    InboxMessage.objects.filter(pk__in=inbox_ids, status=DutyStatus.PENDING).update(
        status=DutyStatus.DEAD, dead_reason=reason, finished_at=Now(), lease_until=None
    )
