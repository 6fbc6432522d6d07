from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from core.kernel import context
from core.kernel.errors import PermanentError
from core.outbox import claims, inbox, outbox
from core.outbox.models import DeadReason, DutyStatus, InboxMessage, OutboxMessage
from core.outbox.registry import Consumer
from tests.factories.outbox import Happened, duties_for

pytestmark = pytest.mark.django_db


def boom(_event: object) -> None:
    raise RuntimeError("lan@vidu.example owes 1234567890")


def make_due() -> None:
    past = Now() - dt.timedelta(seconds=1)
    InboxMessage.objects.update(next_attempt_at=past, lease_until=None)


def test_a_duty_is_done_once_however_often_it_is_rung(heard):
    (duty,) = duties_for(5)
    assert [inbox.consume(duty.pk) for _ in range(5)] == [1, 0, 0, 0, 0]
    duty.refresh_from_db()
    assert heard == [5]
    assert (duty.status, duty.start_count, duty.lease_until) == (DutyStatus.DONE, 1, None)


def test_the_handler_runs_in_the_context_of_its_event(subscribe):
    seen: list[context.Context] = []
    subscribe(Consumer("tests.see", (Happened,), lambda _: seen.append(context.current())))
    with context.scope(context.Context(actor_id=9)) as cause:
        (duty,) = duties_for(1)
    inbox.consume(duty.pk)
    assert seen == [
        context.Context(
            actor_id=9,
            correlation_id=cause.correlation_id,
            causation_id=duty.message.event_id,
        )
    ]


def test_effect_and_done_fail_together(subscribe):
    def half(_event: object) -> None:
        outbox.append(Happened(thing_id=99))
        raise RuntimeError

    subscribe(Consumer("tests.half", (Happened,), half))
    (duty,) = duties_for(1)
    inbox.consume(duty.pk)
    assert OutboxMessage.objects.count() == 1


def test_a_failure_waits_and_the_fifth_is_final(subscribe):
    subscribe(Consumer("tests.boom", (Happened,), boom))
    (duty,) = duties_for(1)
    waits = []
    for _ in range(5):
        make_due()
        inbox.consume(duty.pk)
        duty.refresh_from_db()
        waits.append((duty.next_attempt_at, duty.status))
    assert [status for _, status in waits] == ["pending"] * 4 + ["dead"]
    assert (duty.dead_reason, duty.fail_count) == (DeadReason.FAILED, 5)
    assert duty.last_error == "RuntimeError: [address] owes [number]"
    assert inbox.consume(duty.pk) == 0


def test_the_wait_doubles_and_ends_at_ten_minutes():
    waits = [inbox._wait_s(failures) for failures in range(14)]
    assert 0.5 <= waits[0] <= 1.5
    assert 4 <= waits[3] <= 12
    assert max(waits) == 600


def test_a_failed_duty_is_not_started_before_its_time(subscribe):
    subscribe(Consumer("tests.boom", (Happened,), boom))
    (duty,) = duties_for(1)
    inbox.consume(duty.pk)
    inbox.consume(duty.pk)
    duty.refresh_from_db()
    assert (duty.start_count, duty.fail_count) == (1, 1)
    assert duty.next_ring_at == duty.next_attempt_at


def test_a_permanent_error_is_final_at_once(subscribe):
    def never(_event: object) -> None:
        raise PermanentError("No such thing.")

    subscribe(Consumer("tests.never", (Happened,), never))
    (duty,) = duties_for(1)
    inbox.consume(duty.pk)
    duty.refresh_from_db()
    assert (duty.status, duty.dead_reason) == (DutyStatus.DEAD, DeadReason.PERMANENT)


def test_a_payload_that_does_not_fit_is_final_at_once(heard):
    (duty,) = duties_for(1)
    OutboxMessage.objects.update(payload={"nothing": 1})
    inbox.consume(duty.pk)
    duty.refresh_from_db()
    assert (duty.dead_reason, heard) == (DeadReason.PERMANENT, [])


def test_five_starts_without_an_end_are_a_killed_worker(heard):
    (duty,) = duties_for(1)
    InboxMessage.objects.update(start_count=5, fail_count=0)
    inbox.consume(duty.pk)
    duty.refresh_from_db()
    assert (duty.status, duty.dead_reason) == (DutyStatus.DEAD, DeadReason.KILLED_WORKER)
    assert heard == []


def test_recorded_failures_do_not_count_as_killed_workers(heard):
    (duty,) = duties_for(1)
    InboxMessage.objects.update(start_count=8, fail_count=4)
    assert inbox.consume(duty.pk) == 1


def test_a_leased_duty_is_left_to_its_owner(heard):
    (duty,) = duties_for(1)
    InboxMessage.objects.update(lease_until=Now() + dt.timedelta(seconds=5))
    assert (inbox.consume(duty.pk), heard) == (0, [])


def test_an_owner_that_lost_its_claim_has_no_effect(heard):
    (duty,) = duties_for(1)
    (claim,) = claims.claim(duty.pk, inbox.registry.consumer_named("tests.hear"))
    InboxMessage.objects.update(start_count=F("start_count") + 1)
    assert inbox._run_one(inbox.registry.consumer_named("tests.hear"), claim) == 0
    assert heard == []


def test_an_interrupted_start_is_not_recorded_as_a_failure_of_the_next_owner(subscribe):
    subscribe(Consumer("tests.boom", (Happened,), boom))
    (duty,) = duties_for(1)
    consumer = inbox.registry.consumer_named("tests.boom")
    (claim,) = claims.claim(duty.pk, consumer)
    InboxMessage.objects.update(start_count=F("start_count") + 1)
    inbox._record_failure(consumer, claim, RuntimeError())
    duty.refresh_from_db()
    assert duty.fail_count == 0


class TestBatches:
    def test_one_ring_carries_out_all_that_is_due(self, subscribe):
        batches: list[list[int]] = []
        subscribe(_many(batches))
        duties = duties_for(1, 2, 3)
        assert inbox.consume(duties[2].pk) == 3
        assert batches == [[1, 2, 3]]

    def test_one_bad_event_costs_only_itself(self, subscribe):
        alone: list[int] = []

        def one(event: Happened) -> None:
            if event.thing_id == 2:
                raise RuntimeError
            alone.append(event.thing_id)

        def many(deliveries: object) -> None:
            raise RuntimeError

        subscribe(Consumer("tests.many", (Happened,), one, handle_many=many))
        duties = duties_for(1, 2, 3)
        assert inbox.consume(duties[0].pk) == 2
        assert alone == [1, 3]
        assert InboxMessage.objects.get(pk=duties[1].pk).fail_count == 1

    def test_a_suspect_runs_alone_and_leaves_its_neighbours_in_peace(self, subscribe):
        batches: list[list[int]] = []
        subscribe(_many(batches))
        suspect, *others = duties_for(1, 2, 3)
        InboxMessage.objects.filter(pk=suspect.pk).update(start_count=1)
        assert inbox.consume(others[0].pk) == 2
        assert inbox.consume(suspect.pk) == 1
        assert batches == [[2, 3]]
        assert InboxMessage.objects.get(pk=suspect.pk).start_count == 2


def _many(batches: list[list[int]]) -> Consumer:
    def many(deliveries) -> None:
        batches.append([delivery.event.thing_id for delivery in deliveries])

    return Consumer("tests.many", (Happened,), lambda _: None, handle_many=many)


class TestDecisions:
    def test_retry_gives_a_dead_duty_a_fresh_start(self, heard):
        (duty,) = duties_for(1)
        InboxMessage.objects.update(start_count=5, fail_count=0)
        inbox.consume(duty.pk)
        assert inbox.retry([duty.pk], by_user_id=3) == 1
        assert inbox.consume(duty.pk) == 1
        duty.refresh_from_db()
        assert (heard, duty.decided_by_id, duty.dead_reason) == ([1], 3, "")

    def test_skip_keeps_reason_and_person(self, heard):
        (duty,) = duties_for(1)
        inbox.skip([duty.pk], reason="The thing is gone.", by_user_id=3)
        duty.refresh_from_db()
        assert (duty.status, duty.decision_reason) == (DutyStatus.SKIPPED, "The thing is gone.")
        assert (inbox.consume(duty.pk), duty.decided_by_id) == (0, 3)

    def test_skip_without_a_reason_is_refused(self, heard):
        (duty,) = duties_for(1)
        with pytest.raises(ValueError, match="Say why"):
            inbox.skip([duty.pk], reason="  ", by_user_id=3)

    def test_a_done_duty_is_neither_retried_nor_skipped(self, heard):
        (duty,) = duties_for(1)
        inbox.consume(duty.pk)
        assert inbox.retry([duty.pk], by_user_id=None) == 0
        assert inbox.skip([duty.pk], reason="late", by_user_id=None) == 0


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"status": "odd", "finished_at": Now()}, "inbox_status_known"),
        ({"status": "done"}, "inbox_pending_or_finished"),
        ({"finished_at": Now()}, "inbox_pending_or_finished"),
        ({"status": "dead", "finished_at": Now()}, "inbox_dead_has_reason"),
        (
            {"status": "done", "finished_at": Now(), "dead_reason": "failed"},
            "inbox_dead_has_reason",
        ),
        ({"status": "skipped", "finished_at": Now()}, "inbox_skipped_has_reason"),
    ],
)
def test_the_database_refuses_impossible_duties(heard, values, constraint):
    duties_for(1)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        InboxMessage.objects.update(**values)


def test_the_database_refuses_a_second_duty_for_one_consumer(heard):
    (duty,) = duties_for(1)
    with pytest.raises(IntegrityError, match="one_duty_per_consumer"), transaction.atomic():
        InboxMessage.objects.create(message=duty.message, consumer="tests.hear")


@pytest.mark.parametrize("index", ["inbox_to_ring", "inbox_batch_of_consumer", "inbox_dead"])
def test_partial_indexes_are_partial(index):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [index])
        (definition,) = cursor.fetchone()
    assert "WHERE" in definition
