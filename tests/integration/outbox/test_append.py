from __future__ import annotations

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from core.kernel import context
from core.kernel.calendar import DayBegan, HourBegan
from core.outbox import claims, inbox, outbox, ticks
from core.outbox.models import DeadReason, InboxMessage, OutboxMessage
from tests.factories.outbox import Happened, announce, duties_for


@pytest.mark.django_db(transaction=True)
def test_append_outside_a_transaction_raises_and_stores_nothing():
    with pytest.raises(transaction.TransactionManagementError):
        outbox.append(Happened(thing_id=1))
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_append_vanishes_with_its_transaction():
    def change_and_fail() -> None:
        with transaction.atomic():
            outbox.append(Happened(thing_id=1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_append_copies_record_owner_and_the_chain_of_causes():
    cause = context.Context(actor_id=7, causation_id=uuid.uuid4())
    with context.scope(cause):
        outbox.append(Happened(thing_id=3, version=4))
    message = OutboxMessage.objects.get()
    assert (message.aggregate_id, message.aggregate_version) == (3, 4)
    assert message.correlation_id == cause.correlation_id
    assert message.headers == {"actor_id": 7, "causation_id": str(cause.causation_id)}
    assert message.payload == {"thing_id": 3, "version": 4}


@pytest.mark.django_db
def test_append_once_stores_the_first_and_refuses_the_second():
    assert outbox.append_once(Happened(thing_id=1), key="k")
    assert not outbox.append_once(Happened(thing_id=2), key="k")
    assert OutboxMessage.objects.get().aggregate_id == 1


@pytest.mark.django_db(transaction=True)
def test_time_is_announced_once_however_many_pulse_together():
    with transaction.atomic():
        outbox.append_once(
            HourBegan(hour="2026-01-01T00:00:00+00:00"),
            key="kernel.hour.began.v1:2026-01-01T00:00:00+00:00",
        )

    def pulse(_: int) -> int:
        try:
            return ticks.announce_time()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        announced = sum(pool.map(pulse, range(6)))
    hours = OutboxMessage.objects.filter(type=HourBegan.type)
    days = OutboxMessage.objects.filter(type=DayBegan.type)
    assert (announced, hours.count(), days.count()) == (77, 73 + 1, 4)


@pytest.mark.django_db
def test_first_announcement_ever_does_not_make_up_for_the_past():
    assert ticks.announce_time() == 2
    assert ticks.announce_time() == 0


@pytest.mark.django_db
def test_purge_keeps_messages_with_open_or_dead_duties(heard):
    done, dead, still_open = duties_for(1, 2, 3)
    inbox.consume(done.pk)
    claims.bury([dead.pk], reason=DeadReason.FAILED)
    announce(4)
    OutboxMessage.objects.filter(relayed_at__isnull=False).update(
        relayed_at=Now() - dt.timedelta(days=91)
    )
    assert outbox.purge() == 1
    assert set(InboxMessage.objects.values_list("pk", flat=True)) == {dead.pk, still_open.pk}
    assert OutboxMessage.objects.filter(relayed_at=None).count() == 1
