"""Reading from a horizon misses nothing, in whatever order transactions end."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from core.kernel import clock
from core.outbox import outbox
from core.outbox.horizon import (
    _SINCE,
    cluster,
    events_since,
    events_to_come,
    horizon,
    same_cluster,
)
from core.outbox.models import InboxMessage, OutboxMessage
from tests.factories.outbox import Happened, announce

pytestmark = pytest.mark.django_db(transaction=True)


def since(start: int, **more: int) -> list[int]:
    return [event.thing_id for event in events_since(start, types=[Happened], **more)]


@contextmanager
def written_elsewhere(thing_id: int) -> Iterator[Callable[[], None]]:
    """Append on another connection and leave it open until the yielded function is called."""
    appended, may_commit = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                outbox.append(Happened(thing_id=thing_id))
                appended.set()
                may_commit.wait(10)
        finally:
            connection.close()

    def commit() -> None:
        may_commit.set()
        writer.join(10)

    writer = threading.Thread(target=write)
    writer.start()
    assert appended.wait(10)
    try:
        yield commit
    finally:
        commit()


def test_what_began_first_and_committed_last_is_not_lost():
    """By ids it is: 1 is written before 2 and commits after whoever pages has seen 2."""
    with written_elsewhere(1) as commit:
        announce(2)
        start = horizon()
        last_id = OutboxMessage.objects.latest("pk").pk
        assert since(start) == [2]
        commit()
    assert not OutboxMessage.objects.filter(pk__gt=last_id).exists()
    assert since(start) == [1, 2]


def test_every_event_is_met_whatever_the_order_of_ends():
    for order in itertools.permutations(range(3)):
        start, met = horizon(), set()
        with written_elsewhere(0) as a, written_elsewhere(1) as b, written_elsewhere(2) as c:
            for turn in order:
                following = horizon()
                met |= set(since(start))
                start = following
                (a, b, c)[turn]()
        assert met | set(since(start)) == {0, 1, 2}, order


def test_what_had_ended_before_the_horizon_does_not_come_again():
    announce(1)
    start = horizon()
    announce(2, 3)
    assert since(start) == [2, 3]
    assert since(horizon()) == []


def test_what_was_rolled_back_never_comes():
    start = horizon()
    with transaction.atomic():
        outbox.append(Happened(thing_id=1))
        transaction.set_rollback(True)
    assert since(start) == []


def test_savepoints_and_many_at_once_belong_to_their_transaction():
    start = horizon()
    with transaction.atomic():
        outbox.append_all(Happened(thing_id=thing) for thing in (1, 2))
        with transaction.atomic():
            outbox.append(Happened(thing_id=3))
        assert since(start) == [1, 2, 3]  # its own, though not committed
    assert OutboxMessage.objects.values("xid").distinct().count() == 1
    assert since(start) == [1, 2, 3]


def test_the_oldest_come_first_and_no_more_than_asked_for():
    start = horizon()
    announce(4, 2)
    announce(3)
    assert since(start) == [4, 2, 3]
    assert since(start, limit=2) == [4, 2]


def test_only_the_types_asked_for_and_only_what_fits_its_type():
    start = horizon()
    announce(1, 2, 3)
    first, second, _ = OutboxMessage.objects.order_by("pk")
    OutboxMessage.objects.filter(pk=first.pk).update(type="tests.thing.of_tomorrow.v1")
    OutboxMessage.objects.filter(pk=second.pk).update(payload={"nothing": 1})
    assert since(start) == [3]


def test_events_of_another_cluster_and_from_before_transactions_were_kept_are_left_out():
    start = horizon()
    announce(1, 2)
    rows = list(OutboxMessage.objects.order_by("pk"))
    OutboxMessage.objects.filter(pk=rows[0].pk).update(xid=start + 1_000_000)
    OutboxMessage.objects.filter(pk=rows[1].pk).update(xid=0)
    assert since(start) == []
    assert since(0) == []


def test_a_horizon_means_something_only_in_its_cluster():
    here, now = cluster(), horizon()
    assert same_cluster(now, in_cluster=here)
    assert not same_cluster(now, in_cluster=here + 1)
    assert not same_cluster(now + 1_000_000, in_cluster=here)  # counted further than this one has
    assert not same_cluster(0, in_cluster=here)  # nothing was ever read


def test_a_long_table_is_read_by_the_numbers_alone():
    announce(1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {_SINCE}", [horizon(), [Happened.type], None])
        assert any("outbox_xid" in line for (line,) in cursor.fetchall())


def test_to_come_is_what_was_not_relayed_yet_or_is_not_done():
    announce(1, 2, 3, 4)
    messages = OutboxMessage.objects.order_by("pk")
    messages.exclude(payload__thing_id=1).update(relayed_at=clock.now())
    duties = {2: ("mine", None), 3: ("mine", clock.now()), 4: ("another's", None)}
    for thing, (consumer, finished_at) in duties.items():
        InboxMessage.objects.create(
            message=messages.get(payload__thing_id=thing),
            consumer=consumer,
            status="done" if finished_at else "pending",
            finished_at=finished_at,
        )
    to_come = events_to_come(0, types=[Happened], consumer="mine")
    assert {event.thing_id for event in to_come} == {1, 2}
