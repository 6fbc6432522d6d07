from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import OperationalError, connection

from core.outbox import claims, inbox, outbox
from core.outbox.models import DutyStatus, InboxMessage, OutboxMessage
from core.outbox.registry import Consumer
from core.outbox.relay import relay_batch
from tests.factories.outbox import ROOM, Happened, announce, duties_for

pytestmark = pytest.mark.django_db(transaction=True)


def in_threads(count: int, work) -> list:
    def closing(number: int):
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(closing, range(count)))


def test_relays_side_by_side_write_each_duty_once(heard):
    announce(*range(300))
    relayed = in_threads(8, lambda _: sum(relay_batch(room=ROOM)[1] for _ in range(4)))
    assert sum(relayed) == 300
    assert InboxMessage.objects.count() == 300


def test_workers_rung_together_do_each_duty_once_and_nobody_waits_for_the_lease(subscribe):
    """Skipping the locked row in the run would lose some rounds to the lease; it must not."""

    def effect(event: Happened) -> None:
        outbox.append(Happened(thing_id=event.thing_id + 1000))

    subscribe(Consumer("tests.effect", (Happened,), effect))
    for round_number in range(15):
        announce(round_number)
        ((inbox_id, _),) = relay_batch(room=ROOM)[0]
        done = in_threads(8, lambda _, pk=inbox_id: inbox.consume(pk))
        assert sum(done) == 1
        OutboxMessage.objects.filter(relayed_at=None).update(relayed_at="2026-01-01T00:00Z")
    assert OutboxMessage.objects.count() == 30


def test_a_lost_connection_gives_the_start_back(subscribe, settings):
    attempts: list[int] = []

    def lose_connection(_event: object) -> None:
        attempts.append(connection.connection.info.backend_pid)
        _terminate(attempts[-1])
        connection.cursor().execute("SELECT 1")

    subscribe(Consumer("tests.lose", (Happened,), lose_connection))
    (duty,) = duties_for(1)
    assert inbox.consume(duty.pk) == 0
    duty.refresh_from_db()
    assert len(attempts) == 3
    assert (duty.status, duty.start_count, duty.fail_count) == (DutyStatus.PENDING, 0, 0)
    assert duty.lease_until is None


def test_a_passing_deadlock_or_outage_is_tried_again_in_place(subscribe):
    attempts: list[int] = []

    def recover_on_third(_event: object) -> None:
        attempts.append(1)
        if len(attempts) < 3:
            raise OperationalError("deadlock detected")

    subscribe(Consumer("tests.deadlock", (Happened,), recover_on_third))
    (duty,) = duties_for(1)
    assert inbox.consume(duty.pk) == 1
    duty.refresh_from_db()
    assert duty.start_count == 1


def test_a_handler_that_runs_into_the_statement_timeout_has_failed(subscribe):
    def slow(_event: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '50ms'")
            cursor.execute("SELECT pg_sleep(1)")

    subscribe(Consumer("tests.slow", (Happened,), slow))
    (duty,) = duties_for(1)
    inbox.consume(duty.pk)
    duty.refresh_from_db()
    assert (duty.fail_count, duty.status) == (1, DutyStatus.PENDING)


def test_a_long_handler_keeps_its_duty_beyond_the_lease(subscribe):
    running, finish = threading.Event(), threading.Event()

    def long(_event: object) -> None:
        running.set()
        finish.wait(10)

    subscribe(Consumer("tests.long", (Happened,), long))
    (duty,) = duties_for(1)
    owner = threading.Thread(target=lambda: (inbox.consume(duty.pk), connection.close()))
    owner.start()
    running.wait(5)
    # The lease is over for everybody who looks, but the row stays locked by its owner.
    started = time.monotonic()
    taken = claims.claim(duty.pk, inbox.registry.consumer_named("tests.long"))
    assert (taken, time.monotonic() - started < 1) == ([], True)
    finish.set()
    owner.join()
    duty.refresh_from_db()
    assert (duty.status, duty.start_count) == (DutyStatus.DONE, 1)


def _terminate(backend_pid: int) -> None:
    params = connection.get_connection_params()
    with psycopg.connect(
        **{
            key: params[key]
            for key in ("dbname", "user", "host", "port", "password")
            if key in params
        },
        autocommit=True,
    ) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", [backend_pid])
