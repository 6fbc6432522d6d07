"""Carrying out a duty: claim in a commit of its own, then effect and "done" in one transaction."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import time
import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pghistory
import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from psycopg.errors import QueryCanceled

from core.kernel import context
from core.kernel.errors import PermanentError
from core.outbox import registry
from core.outbox.models import DeadReason, DutyStatus, InboxMessage
from core.outbox.registry import Consumer, Delivery, understood

log = structlog.get_logger(__name__)

LEASE = dt.timedelta(seconds=10)
MAX_STARTS = 5
MAX_FAILURES = 5
_TRIES_IN_PLACE = 3
_GIVE_BACK_FOR_S = 20.0
_LONGEST_WAIT_S = 600.0
_ADDRESS = re.compile(r"\S+@\S+")
_LONG_NUMBER = re.compile(r"\d{6,}")


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run one duty, for as long as its `start_count` is still this one."""

    id: int
    start_count: int
    fail_count: int


@dataclass(frozen=True, slots=True)
class _Held:
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


def consume(inbox_id: int) -> int:
    """Carry out a duty, for a batch consumer also others that are due; return how many got done.

    A duty that is not due, taken, finished or unknown to this release is left alone, so being
    rung once too often is harmless.
    """
    name = InboxMessage.objects.filter(pk=inbox_id).values_list("consumer", flat=True).first()
    consumer = registry.consumer_named(name) if name else None
    if consumer is None:
        return 0
    claims = _claim(inbox_id, consumer)
    if len(claims) > 1:
        return _run_many(consumer, claims)
    return sum(_run_one(consumer, claim) for claim in claims)


def due() -> Q:
    """Return the condition of a duty somebody may start now, by the database's clock."""
    return Q(status=DutyStatus.PENDING, next_attempt_at__lte=Now()) & (
        Q(lease_until=None) | Q(lease_until__lte=Now())
    )


@transaction.atomic(durable=True)
def _claim(inbox_id: int, consumer: Consumer) -> list[Claim]:
    """Take the rung duty, or a batch; one with an unexplained start always comes alone."""
    free = InboxMessage.objects.select_for_update(skip_locked=True, no_key=True).filter(due())
    rows = free.filter(pk=inbox_id).values_list("pk", "start_count", "fail_count")
    rung = [Claim(*row) for row in rows]
    if consumer.handle_many is not None and all(r.start_count == r.fail_count for r in rung):
        return [Claim(*row) for row in _rows(_CLAIM_MANY, [consumer.name, consumer.batch, LEASE])]
    killers = [row.id for row in rung if row.start_count - row.fail_count >= MAX_STARTS]
    if killers:
        _bury(killers, reason=DeadReason.KILLED_WORKER)
        return []
    InboxMessage.objects.filter(pk__in=[row.id for row in rung]).update(
        start_count=F("start_count") + 1, lease_until=Now() + LEASE, next_ring_at=Now() + LEASE
    )
    return [Claim(row.id, row.start_count + 1, row.fail_count) for row in rung]


def _run_many(consumer: Consumer, claims: list[Claim]) -> int:
    for last in (False, False, True):
        try:
            return _attempt_many(consumer, claims)
        except Exception as error:  # noqa: BLE001 -- each duty alone shows whose error it is
            if not _is_infrastructure(error):
                log.warning("outbox.batch_split", consumer=consumer.name, error=_scrubbed(error))
                return sum(_run_one(consumer, claim) for claim in claims)
            connection.close()
            if last:
                _give_back(claims, error)
    return 0


def _run_one(consumer: Consumer, claim: Claim) -> int:
    for last in (False, False, True):
        try:
            return _attempt(consumer, claim)
        except Exception as error:  # noqa: BLE001 -- whatever a handler raises belongs to its row
            if not _is_infrastructure(error):
                _record_failure(consumer, claim, error)
                return 0
            connection.close()
            if last:
                _give_back([claim], error)
    return 0


@transaction.atomic(durable=True)
def _attempt(consumer: Consumer, claim: Claim) -> int:
    held = _held([claim])
    for duty in held:
        delivery = _delivery(consumer, duty)
        with context.scope(delivery.context), _history_of(delivery):
            consumer.handle(delivery.event)
    return _finish(held)


def _history_of(delivery: Delivery) -> AbstractContextManager[object]:
    """Name the first cause in whatever history the handler's changes leave."""
    cause = delivery.context
    return pghistory.context(actor=cause.actor_id, correlation=str(cause.correlation_id))


@transaction.atomic(durable=True)
def _attempt_many(consumer: Consumer, claims: list[Claim]) -> int:
    held = _held(claims)
    if held and consumer.handle_many is not None:
        consumer.handle_many([_delivery(consumer, duty) for duty in held])
    return _finish(held)


def _held(claims: list[Claim]) -> list[_Held]:
    """Lock the duties and keep those whose claim still stands.

    The lock is waited for. A worker rung twice may hold it just while it sees the lease; were the
    row skipped then, its true owner would give up until the lease ends.
    """
    claimed = {claim.id: claim.start_count for claim in claims}
    held = [_Held(*row) for row in _rows(_HOLD, [list(claimed)])]
    return [
        duty
        for duty in held
        if duty.status == DutyStatus.PENDING and duty.start_count == claimed[duty.id]
    ]


def _finish(duties: list[_Held]) -> int:
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


def _delivery(consumer: Consumer, duty: _Held) -> Delivery:
    event_class = consumer.event_class(duty.type)
    if event_class is None:
        raise PermanentError(f"{consumer.name} no longer reacts to {duty.type}.")
    cause = context.Context(
        actor_id=json.loads(duty.headers).get("actor_id"),
        correlation_id=duty.correlation_id,
        causation_id=duty.event_id,
    )
    return Delivery(understood(event_class, json.loads(duty.payload)), cause)


def _record_failure(consumer: Consumer, claim: Claim, error: Exception) -> None:
    log.warning("outbox.duty_failed", duty=claim.id, consumer=consumer.name, error=_scrubbed(error))
    mine = InboxMessage.objects.filter(
        pk=claim.id, status=DutyStatus.PENDING, start_count=claim.start_count
    )
    wait = dt.timedelta(seconds=_wait_s(claim.fail_count))
    failed = mine.update(
        fail_count=F("fail_count") + 1,
        lease_until=None,
        next_attempt_at=Now() + wait,
        next_ring_at=Now() + wait,
        last_error=_scrubbed(error),
    )
    if failed and isinstance(error, PermanentError):
        _bury([claim.id], reason=DeadReason.PERMANENT)
    elif failed and claim.fail_count + 1 >= MAX_FAILURES:
        _bury([claim.id], reason=DeadReason.FAILED)


def _wait_s(failures_before: int) -> float:
    """Return half a second doubled per failure, spread over ±50 %, ten minutes at most."""
    spread = random.uniform(0.5, 1.5)  # noqa: S311 -- spreads load, hides nothing
    return min(_LONGEST_WAIT_S, 0.5 * 2.0 ** min(failures_before + 1, 12) * spread)


def _bury(inbox_ids: list[int], *, reason: DeadReason) -> None:
    log.error("outbox.duty_dead", duties=inbox_ids, reason=str(reason))
    InboxMessage.objects.filter(pk__in=inbox_ids, status=DutyStatus.PENDING).update(
        status=DutyStatus.DEAD, dead_reason=reason, finished_at=Now(), lease_until=None
    )


def _is_infrastructure(error: Exception) -> bool:
    """Tell a database that is away, or busy with others, from a handler that is wrong.

    A statement cancelled for its length is the handler's own fault.
    """
    if isinstance(error, InterfaceError):
        return True
    return isinstance(error, OperationalError) and not isinstance(error.__cause__, QueryCanceled)


def _give_back(claims: list[Claim], error: Exception) -> None:
    """Take the starts back, so that an outage never counts against an innocent duty."""
    log.warning("outbox.start_given_back", duties=[c.id for c in claims], error=_scrubbed(error))
    give_up_at = time.monotonic() + _GIVE_BACK_FOR_S
    while time.monotonic() < give_up_at:
        try:
            for claim in claims:
                _return_start(claim)
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.5)
        else:
            return


def _return_start(claim: Claim) -> None:
    soon = Now() + dt.timedelta(seconds=1)
    InboxMessage.objects.filter(
        pk=claim.id, status=DutyStatus.PENDING, start_count=claim.start_count
    ).update(
        start_count=F("start_count") - 1, lease_until=None, next_attempt_at=soon, next_ring_at=soon
    )


def _scrubbed(error: Exception) -> str:
    """Return class and first line of an error without addresses, numbers and row contents."""
    first_line = next(iter(str(error).splitlines()), "")
    text = _LONG_NUMBER.sub("[number]", _ADDRESS.sub("[address]", first_line))
    return f"{type(error).__name__}: {text}"[:500]


@transaction.atomic
def retry(inbox_ids: list[int], *, by_user_id: int | None) -> int:
    """Give dead duties a fresh start and overdue ones a start now; return how many.

    Effects are bound to unique keys, so a duty that had its effect after all has none again.
    """
    rows = InboxMessage.objects.select_for_update(no_key=True).filter(
        pk__in=inbox_ids, status__in=[DutyStatus.DEAD, DutyStatus.PENDING]
    )
    ids = [row.pk for row in rows]
    retried = InboxMessage.objects.filter(pk__in=ids).update(
        status=DutyStatus.PENDING,
        dead_reason="",
        finished_at=None,
        start_count=0,
        fail_count=0,
        ring_count=0,
        lease_until=None,
        next_attempt_at=Now(),
        next_ring_at=Now(),
        decided_by_id=by_user_id,
    )
    log.info("outbox.duties_retried", duties=ids, by=by_user_id)
    return retried


@transaction.atomic
def skip(inbox_ids: list[int], *, reason: str, by_user_id: int | None) -> int:
    """Discard dead or open duties for a stated reason; return how many.

    Raises:
        ValueError: The reason is empty.
    """
    if not reason.strip():
        raise ValueError("Say why the duty may be skipped.")
    rows = InboxMessage.objects.select_for_update(no_key=True).filter(
        pk__in=inbox_ids, status__in=[DutyStatus.DEAD, DutyStatus.PENDING]
    )
    ids = [row.pk for row in rows]
    skipped = InboxMessage.objects.filter(pk__in=ids).update(
        status=DutyStatus.SKIPPED,
        dead_reason="",
        finished_at=Now(),
        lease_until=None,
        decision_reason=reason.strip()[:200],
        decided_by_id=by_user_id,
    )
    log.info("outbox.duties_skipped", duties=ids, by=by_user_id, reason=reason)
    return skipped
