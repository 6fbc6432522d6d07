"""Many events at once are what as many events one after the other would be."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction
from django.forms.models import model_to_dict

from core.kernel import context
from core.outbox import outbox
from core.outbox.models import InboxMessage, OutboxMessage
from core.outbox.relay import relay_batch
from tests.factories.outbox import ROOM, Happened, deliver_all

MANY = 501
"""One more than a statement carries."""


def things(count: int) -> list[Happened]:
    return [Happened(thing_id=count - at) for at in range(count)]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_they_raise_and_store_nothing():
    for events in (things(2), []):
        with pytest.raises(transaction.TransactionManagementError):
            outbox.append_all(events)
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_they_vanish_with_their_transaction_and_only_with_it():
    def change_and_fail() -> None:
        with transaction.atomic():
            outbox.append_all(things(MANY))
            raise RuntimeError

    outbox.append_all([Happened(thing_id=7)])
    with pytest.raises(RuntimeError):
        change_and_fail()
    assert OutboxMessage.objects.get().aggregate_id == 7


@pytest.mark.django_db
def test_they_keep_their_order_and_cost_a_statement_for_five_hundred(django_assert_num_queries):
    with django_assert_num_queries(2):
        outbox.append_all(event for event in things(MANY))
    stored = OutboxMessage.objects.order_by("pk")
    assert [row.aggregate_id for row in stored] == list(range(MANY, 0, -1))
    assert len({row.event_id for row in stored}) == MANY


@pytest.mark.django_db
def test_none_at_all_asks_nothing_of_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        outbox.append_all(iter([]))


@pytest.mark.django_db
def test_one_of_many_says_what_one_alone_says():
    with context.scope(context.Context(actor_id=7, causation_id=uuid.uuid4())):
        outbox.append(Happened(thing_id=3, version=4))
        outbox.append_all([Happened(thing_id=3, version=4), Happened(thing_id=5)])
    alone, among_many, _other = (
        model_to_dict(row, exclude=["id", "occurred_at"])
        for row in OutboxMessage.objects.order_by("pk")
    )
    assert among_many == alone
    assert alone["headers"]["actor_id"] == 7


@pytest.mark.django_db
def test_they_carry_no_key_so_none_is_taken_for_another():
    assert outbox.append_once(Happened(thing_id=1), key="k")
    outbox.append_all([Happened(thing_id=1), Happened(thing_id=1)])
    assert not outbox.append_once(Happened(thing_id=1), key="k")
    keys = OutboxMessage.objects.order_by("pk").values_list("dedupe_key", flat=True)
    assert list(keys) == ["k", None, None]


@pytest.mark.django_db
def test_each_is_rung_and_heard_once(heard):
    outbox.append_all(things(3))
    rings, relayed = relay_batch(room=ROOM)
    assert (len(rings), relayed) == (3, 3)
    assert relay_batch(room=ROOM) == ([], 0)
    deliver_all()
    assert heard == [3, 2, 1]
    assert InboxMessage.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_nobody_is_rung_before_they_are_committed(heard):
    with transaction.atomic():
        outbox.append_all(things(2))
        assert _relayed_elsewhere() == 0
    assert _relayed_elsewhere() == 2


def _relayed_elsewhere() -> int:
    """Relay on a connection of its own, as the relay's process does."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    def relay() -> int:
        try:
            return len(relay_batch(room=ROOM)[0])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(relay).result()
