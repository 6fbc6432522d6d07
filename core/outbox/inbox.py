"""Carrying out a duty: claim in a commit of its own, then effect and "done" in one transaction."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import time
from contextlib import AbstractContextManager

import pghistory
import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from psycopg.errors import QueryCanceled

from core.kernel import context
from core.kernel.errors import PermanentError
from core.outbox import claims, registry
from core.outbox.claims import Claim, Held
from core.outbox.models import DeadReason, DutyStatus, InboxMessage
from core.outbox.registry import Consumer, Delivery, understood

log = structlog.get_logger(__name__)

MAX_FAILURES = 5
_TRIES_IN_PLACE = 3
_GIVE_BACK_FOR_S = 20.0
_LONGEST_WAIT_S = 600.0
_ADDRESS = re.compile(r"\S+@\S+")
_LONG_NUMBER = re.compile(r"\d{6,}")


def consume(inbox_id: int) -> int:
    """Carry out a duty, for a batch consumer also others that are due; return how many got done.

    A duty that is not due, taken, finished or unknown to this release is left alone, so being
    rung once too often is harmless.
    """
    name = InboxMessage.objects.filter(pk=inbox_id).values_list("consumer", flat=True).first()
    consumer = registry.consumer_named(name) if name else None
    if consumer is None:
        return 0
    taken = claims.claim(inbox_id, consumer)
    if len(taken) > 1:
        return _run_many(consumer, taken)
    return sum(_run_one(consumer, claim) for claim in taken)


def _run_many(consumer: Consumer, taken: list[Claim]) -> int:
    for last in (False, False, True):
        try:
            return _attempt_many(consumer, taken)
        except Exception as error:  # noqa: BLE001 -- each duty alone shows whose error it is
            if not _is_infrastructure(error):
                log.warning("outbox.batch_split", consumer=consumer.name, error=_scrubbed(error))
                return sum(_run_one(consumer, claim) for claim in taken)
            connection.close()
            if last:
                _give_back(taken, error)
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
    held = claims.held([claim])
    for duty in held:
        delivery = _delivery(consumer, duty)
        with context.scope(delivery.context), _history_of(delivery):
            consumer.handle(delivery.event)
    return claims.finish(held)


def _history_of(delivery: Delivery) -> AbstractContextManager[object]:
    """Name the first cause in whatever history the handler's changes leave."""
    cause = delivery.context
    return pghistory.context(actor=cause.actor_id, correlation=str(cause.correlation_id))


@transaction.atomic(durable=True)
def _attempt_many(consumer: Consumer, taken: list[Claim]) -> int:
    held = claims.held(taken)
    if held and consumer.handle_many is not None:
        consumer.handle_many([_delivery(consumer, duty) for duty in held])
    return claims.finish(held)


def _delivery(consumer: Consumer, duty: Held) -> Delivery:
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
        claims.bury([claim.id], reason=DeadReason.PERMANENT)
    elif failed and claim.fail_count + 1 >= MAX_FAILURES:
        claims.bury([claim.id], reason=DeadReason.FAILED)


def _wait_s(failures_before: int) -> float:
    """Return half a second doubled per failure, spread over ±50 %, ten minutes at most."""
    spread = random.uniform(0.5, 1.5)  # noqa: S311 -- spreads load, hides nothing
    return min(_LONGEST_WAIT_S, 0.5 * 2.0 ** min(failures_before + 1, 12) * spread)


def _is_infrastructure(error: Exception) -> bool:
    """Tell a database that is away, or busy with others, from a handler that is wrong.

    A statement cancelled for its length is the handler's own fault.
    """
    if isinstance(error, InterfaceError):
        return True
    return isinstance(error, OperationalError) and not isinstance(error.__cause__, QueryCanceled)


def _give_back(taken: list[Claim], error: Exception) -> None:
    """Take the starts back, so that an outage never counts against an innocent duty."""
    log.warning("outbox.start_given_back", duties=[c.id for c in taken], error=_scrubbed(error))
    give_up_at = time.monotonic() + _GIVE_BACK_FOR_S
    while time.monotonic() < give_up_at:
        try:
            for claim in taken:
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
