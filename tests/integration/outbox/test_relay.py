from __future__ import annotations

import datetime as dt

import pytest
from django.db.models.functions import Now

from core.outbox import inbox, registry, relay
from core.outbox.doorbell import BrokerError
from core.outbox.models import DutyStatus, InboxMessage, OutboxMessage
from core.outbox.registry import Consumer
from core.outbox.relay import BrokerWedgedError, Relay, due_rings, relay_batch
from tests.factories.outbox import ROOM, Happened, announce, duties_for

pytestmark = pytest.mark.django_db


class Bell:
    """A broker in memory that can be taken away."""

    def __init__(self, *, waiting: int = 0) -> None:
        self.rung: list[int] = []
        self.queues: list[str] = []
        self.is_away = False
        self.refuses_rings = False
        self.count = waiting

    def ring(self, inbox_id: int, *, queue: str) -> None:
        if self.is_away or self.refuses_rings:
            raise BrokerError("away")
        self.rung.append(inbox_id)
        self.queues.append(queue)

    def waiting(self, queue: str) -> int:
        if self.is_away:
            raise BrokerError("away")
        return self.count

    def answers(self) -> bool:
        return not self.is_away


def nothing(_event: object) -> None:
    pass


def make_all_due() -> None:
    past = Now() - dt.timedelta(seconds=5)
    InboxMessage.objects.update(next_ring_at=past, next_attempt_at=past)


def test_each_consumer_gets_one_duty_and_one_ring(subscribe):
    subscribe(Consumer("tests.a", (Happened,), nothing), Consumer("tests.b", (Happened,), nothing))
    announce(1, 2)
    rings, relayed = relay_batch(room=ROOM)
    assert relayed == 2
    assert [ring for ring, _ in sorted(rings)] == sorted(
        InboxMessage.objects.values_list("pk", flat=True)
    )
    assert relay_batch(room=ROOM) == ([], 0)


def test_an_event_type_of_a_later_release_is_left_for_it(heard):
    announce(1)
    OutboxMessage.objects.update(type="tests.thing.of_tomorrow.v1")
    assert relay_batch(room=ROOM) == ([], 0)
    assert OutboxMessage.objects.get().relayed_at is None


def test_an_event_nobody_reacts_to_is_relayed(subscribe):
    subscribe()
    announce(1)
    assert relay_batch(room=ROOM) == ([], 1)


def test_rings_beyond_the_window_are_left_to_the_sweep(heard):
    announce(1, 2, 3)
    rings, _ = relay_batch(room={"default": 2, "matching": 2})
    assert len(rings) == 2
    assert len(due_rings("default", limit=10)) == 1


def test_sweep_rings_nothing_while_the_queue_is_full(heard):
    bell = Bell(waiting=relay.WINDOW)
    duties_for(1, 2)
    make_all_due()
    Relay(bell).step()
    assert bell.rung == []
    bell.count = relay.WINDOW - 1
    Relay(bell).step()
    assert len(bell.rung) == 1


def test_a_ring_is_due_again_later_each_time(heard):
    (duty,) = duties_for(1)
    waits = []
    for _ in range(4):
        duty.refresh_from_db()
        waits.append((duty.next_ring_at - duty.next_attempt_at).total_seconds())
        InboxMessage.objects.update(next_ring_at=Now())
        InboxMessage.objects.update(next_attempt_at=Now())
        assert due_rings("default", limit=10) == [(duty.pk, "default")]
    assert 6.4 <= waits[0] <= 9.7
    assert 12.8 <= waits[1] <= 19.3
    assert 25.6 <= waits[2] <= 38.5
    assert 48 <= waits[3] <= 72.1


def test_a_batch_consumer_is_rung_once_per_batch(subscribe):
    subscribe(Consumer("tests.many", (Happened,), nothing, handle_many=lambda _: None, batch=100))
    announce(*range(150))
    rings, relayed = relay_batch(room=ROOM)
    assert (relayed, len(rings)) == (150, 2)
    make_all_due()
    assert len(due_rings("default", limit=300)) == 2


def test_each_shard_is_rung_in_its_own_queue(subscribe, settings):
    settings.MATCHING_SHARDS = 2
    subscribe(
        Consumer("tests.first", (Happened,), nothing, queue="matching"),
        Consumer("tests.second", (Happened,), nothing, queue="matching.1"),
    )
    bell = Bell()
    announce(1, 2)
    Relay(bell).step()
    assert sorted(bell.queues) == ["matching", "matching", "matching.1", "matching.1"]
    make_all_due()
    Relay(bell).step()
    assert bell.queues.count("matching.1") == 4


def test_duties_of_an_unknown_consumer_are_neither_rung_nor_touched(heard, monkeypatch):
    (duty,) = duties_for(1)
    make_all_due()
    monkeypatch.setattr(registry, "_consumers", {})
    assert due_rings("default", limit=10) == []
    assert inbox.consume(duty.pk) == 0
    duty.refresh_from_db()
    assert (duty.status, duty.start_count) == (DutyStatus.PENDING, 0)


def test_relay_carries_overdue_duties_itself_while_the_broker_is_away(heard):
    bell = Bell()
    bell.is_away = True
    carrier = Relay(bell)
    announce(1, 2)
    carrier.step()
    assert heard == []  # two seconds are a worker's chance
    make_all_due()
    carrier.step()
    assert heard == [1, 2]


def test_a_refused_ring_is_due_in_about_a_second_and_not_counted(heard):
    bell = Bell()
    bell.refuses_rings = True
    announce(1)
    Relay(bell).step()
    duty = InboxMessage.objects.get()
    wait_s = (duty.next_ring_at - duty.next_attempt_at).total_seconds()
    assert 0.4 <= wait_s <= 2
    assert duty.ring_count == 0


def test_relay_leaves_after_twenty_failed_rings_while_the_broker_answers(heard):
    bell = Bell()
    bell.refuses_rings = True
    carrier = Relay(bell)
    announce(*range(30))
    relay_batch(room={"default": 0, "matching": 0})
    InboxMessage.objects.update(lease_until=Now() + dt.timedelta(hours=1))  # nothing to carry
    for _ in range(relay._FAILED_RINGS_BEFORE_EXIT - 1):
        _one_more_round(carrier)
    with pytest.raises(BrokerWedgedError):
        _one_more_round(carrier)


def _one_more_round(carrier: Relay) -> None:
    carrier._silent_until = 0
    InboxMessage.objects.update(next_ring_at=Now())
    carrier.step()


def test_relay_pulses_when_no_beat_runs(heard):
    Relay(Bell()).step()
    assert OutboxMessage.objects.filter(type="kernel.hour.began.v1").count() == 1
