"""A sleeping relay wakes for a commit; beside a busy one nobody says a word."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from core.outbox.models import InboxMessage
from core.outbox.nudges import SLEEPS, Nudges
from core.outbox.relay import Relay
from tests.factories.outbox import announce
from tests.integration.outbox.test_relay import Bell

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def nudges() -> Iterator[Nudges]:
    yield Nudges()
    connection.close()


def seconds_asleep(nudges: Nudges, at_most: float) -> float:
    began = time.monotonic()
    nudges.wait(at_most)
    return time.monotonic() - began


def announce_elsewhere(*things: int) -> None:
    def write() -> None:
        announce(*things)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    writer.join()


def test_a_commit_wakes_who_sleeps(nudges):
    nudges.wait(0)
    announce_elsewhere(1, 2)
    assert seconds_asleep(nudges, 5) < 2


def test_without_a_commit_the_time_runs_out(nudges):
    assert 0.1 <= seconds_asleep(nudges, 0.1) < 2


def test_who_is_awake_is_not_nudged(nudges):
    nudges.wait(0)
    nudges.refuse()
    with _listener() as heard:
        announce_elsewhere(1)
        assert heard() == 0
        nudges.wait(0)
        announce_elsewhere(2)
        assert heard() == 1


def test_many_events_of_one_commit_nudge_once(nudges):
    nudges.wait(0)
    with _listener() as heard:
        announce_elsewhere(1, 2, 3)
        assert heard() == 1


def test_a_new_connection_is_listened_on_as_well(nudges):
    nudges.wait(0)
    connection.close()
    nudges.wait(0)
    announce_elsewhere(1)
    assert seconds_asleep(nudges, 5) < 2


def test_a_lost_connection_leaves_nobody_believed_asleep(nudges):
    nudges.wait(0)
    connection.close()
    nudges.refuse()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SLEEPS])
        assert cursor.fetchone() == (True,)


def test_a_relay_that_polls_rarely_still_relays_at_once(heard):
    stopping = threading.Event()

    def run() -> None:
        try:
            Relay(Bell()).run(is_stopping=stopping.is_set, poll_s=30)
        finally:
            connection.close()

    relay = threading.Thread(target=run)
    relay.start()
    try:
        time.sleep(0.3)  # it has pulsed and fallen asleep
        began = time.monotonic()
        announce(7)
        while not InboxMessage.objects.filter(message__aggregate_id=7).exists():
            assert time.monotonic() - began < 10
            time.sleep(0.01)
    finally:
        stopping.set()
        announce(8)
        relay.join(30)


@contextmanager
def _listener() -> Iterator:
    keys = ("dbname", "user", "host", "port", "password")
    params = connection.get_connection_params()
    chosen = {key: params[key] for key in keys if key in params}
    with psycopg.connect(**chosen, autocommit=True) as raw:
        raw.execute("LISTEN outbox")
        yield lambda: len(list(raw.notifies(timeout=0.2)))
