from __future__ import annotations

import pytest

from core.outbox import registry
from core.outbox.registry import Consumer
from tests.factories.outbox import Happened


def nothing(_event: object) -> None:
    pass


@pytest.fixture(autouse=True)
def _nobody_subscribed(monkeypatch):
    monkeypatch.setattr(registry, "_consumers", {})


def test_two_consumers_of_one_name_are_refused():
    registry.subscribe([Consumer("tests.a", (Happened,), nothing)])
    with pytest.raises(ValueError, match=r"called tests\.a"):
        registry.subscribe([Consumer("tests.a", (Happened,), print)])


def test_a_queue_without_a_worker_is_refused():
    with pytest.raises(ValueError, match="no worker"):
        Consumer("tests.a", (Happened,), nothing, queue="fast")


def test_each_matching_shard_has_a_queue_and_the_first_keeps_its_name(settings):
    settings.MATCHING_SHARDS = 1
    assert registry.queues() == ("default", "matching")
    settings.MATCHING_SHARDS = 3
    assert registry.queues() == ("default", "matching", "matching.1", "matching.2")
    second = Consumer("tests.a", (Happened,), nothing, queue=registry.matching_queue(2))
    registry.subscribe([second])
    assert registry.consumers_in("matching.2") == [second]
    with pytest.raises(ValueError, match="no worker"):
        Consumer("tests.b", (Happened,), nothing, queue=registry.matching_queue(3))


def test_consumers_are_found_by_event_type_and_by_queue():
    first = Consumer("tests.a", (Happened,), nothing)
    second = Consumer("tests.b", (Happened,), nothing, queue="matching")
    registry.subscribe([first, second])
    assert registry.consumers_of(Happened.type) == [first, second]
    assert registry.consumers_in("matching") == [second]
    assert registry.consumers_of("tests.other.v1") == []


@pytest.mark.parametrize(("handle_many", "rings"), [(None, 1), (nothing, 100)])
def test_a_ring_stands_for_a_batch_only_where_there_are_batches(handle_many, rings):
    consumer = Consumer("tests.a", (Happened,), nothing, handle_many=handle_many)
    assert consumer.duties_per_ring == rings
