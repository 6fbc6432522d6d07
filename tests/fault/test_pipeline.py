"""Relay, workers, Valkey and PostgreSQL die; no event is lost and none has its effect twice."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest
from django.db import connection

from core.outbox.doorbell import Doorbell
from core.outbox.models import DeadReason, DutyStatus, InboxMessage
from tests.fault.conftest import SCALE, START_S, effects, seconds_until, strike

# Stated bounds in seconds, on two shared cores with everything restarted by hand.
AFTER_KILLED_WORKER_S = 16  # the lease of ten seconds, the sweep, a second worker
AFTER_EMPTIED_VALKEY_S = 14  # the next ring of each duty is at most ten seconds away
WITHOUT_VALKEY_S = 12  # two seconds a worker's chance, then the relay carries
AFTER_POSTGRES_S = 20

pytestmark = pytest.mark.slow


def all_done(things: list[int]):
    return lambda: effects() == sorted(things)


def strikes():
    """Return the duties of these tests; the relay's pulse makes others of its own."""
    return InboxMessage.objects.filter(consumer="fault.strike")


def duty_of(thing: int) -> InboxMessage:
    return strikes().get(message__aggregate_id=thing)


def test_relay_killed_again_and_again(crew, new_things):
    things = new_things(60 * SCALE)
    for first in range(0, len(things), 30):
        strike(things[first : first + 30])
        crew.relay.kill()
        crew.revive()
        time.sleep(random.uniform(0.0, 0.5))
    seconds_until(all_done(things), at_most=START_S)


def test_relay_ends_by_itself_when_asked(crew):
    crew.relay.stop()
    assert crew.relay.returncode == 0


def test_worker_killed_inside_a_handler(crew, new_things, folder):
    (thing, *others) = new_things(6)
    strike([thing], mode="slow")
    strike(others)
    seconds_until((folder / f"{thing}.pid").exists, at_most=10)
    os.kill(int((folder / f"{thing}.pid").read_text()), signal.SIGKILL)
    assert thing not in effects()
    seconds_until(all_done([thing, *others]), at_most=AFTER_KILLED_WORKER_S)
    assert duty_of(thing).start_count == 2


def test_valkey_emptied_with_duties_waiting(crew, valkey, new_things):
    things = new_things(50 * SCALE)
    crew.freeze_workers()
    strike(things)
    seconds_until(lambda: valkey.llen("nc:default") >= 48, at_most=10)  # two hold one each
    valkey.flushall()
    crew.thaw_workers()
    seconds_until(all_done(things), at_most=AFTER_EMPTIED_VALKEY_S * SCALE)


def test_valkey_stopped_and_back(crew, valkey_server, new_things):
    away, back = new_things(20 * SCALE), new_things(10)
    valkey_server.stop(keep_address=True)
    strike(away)
    seconds_until(all_done(away), at_most=WITHOUT_VALKEY_S * SCALE)
    valkey_server.start()
    strike(back)
    seconds_until(all_done(away + back), at_most=AFTER_EMPTIED_VALKEY_S)
    assert all(worker.is_running for worker in crew.workers)


def test_postgres_crashed_and_restarted(crew, postgres_server, new_things):
    before, after = new_things(30 * SCALE), new_things(30)
    strike(before)
    postgres_server.crash()
    postgres_server.start()
    connection.close()
    strike(after)
    seconds_until(all_done(before + after), at_most=AFTER_POSTGRES_S)
    assert all(program.is_running for program in [crew.relay, *crew.workers])
    assert not strikes().filter(status=DutyStatus.DEAD).exists()


def test_each_duty_rung_five_times_in_any_order(crew, valkey, new_things):
    things = new_things(40 * SCALE)
    crew.freeze_workers()
    strike(things)
    seconds_until(lambda: strikes().count() == len(things), at_most=10)
    rings = [*strikes().values_list("pk", flat=True)] * 5
    random.Random(7).shuffle(rings)
    bell = Doorbell()
    for inbox_id in rings:
        bell.ring(inbox_id, queue="default")
    bell.close()
    crew.thaw_workers()
    seconds_until(all_done(things), at_most=START_S)
    seconds_until(lambda: valkey.llen("nc:default") == 0, at_most=START_S)
    assert effects() == sorted(things)
    assert set(strikes().values_list("start_count", "status")) == {(1, "done")}


def test_duties_that_kill_their_worker_are_isolated(crew, start, new_things):
    """One ends the process, one never ends; four of five starts are told, not lived."""
    crew.dismiss()
    start("relay", FAULT_LEASE_S="1")
    killer, endless, *innocent = new_things(12)
    strike([killer], mode="killer")
    strike([endless], mode="endless")
    strike(innocent)
    seconds_until(lambda: strikes().count() == 12, at_most=START_S)
    guilty = strikes().filter(message__aggregate_id__in=[killer, endless])
    guilty.update(start_count=4)
    worker, deaths = start("worker", FAULT_LEASE_S="1", FAULT_LONGEST_RUN_S="2"), 0
    while guilty.filter(dead_reason=DeadReason.KILLED_WORKER).count() < 2:
        seconds_until(lambda w=worker: not w.is_running or _all_buried(guilty), at_most=START_S)
        if not worker.is_running:
            deaths += 1
            worker = start("worker", FAULT_LEASE_S="1", FAULT_LONGEST_RUN_S="2")
    seconds_until(all_done(innocent), at_most=START_S)
    assert deaths == 2
    assert strikes().filter(status=DutyStatus.DEAD).count() == 2


def _all_buried(guilty) -> bool:
    return guilty.filter(dead_reason=DeadReason.KILLED_WORKER).count() == 2
