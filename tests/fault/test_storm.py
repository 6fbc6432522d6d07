"""Faults of every kind, dealt from a reshuffled deck while events keep coming, then quiet."""

from __future__ import annotations

import os
import random
import time

import pytest
from django.db import OperationalError, connection

from core.kernel import clock
from core.notifications.models import OutgoingEmail
from core.outbox.models import DutyStatus, InboxMessage, OutboxMessage
from matchmaking.enums import MatchStatus
from matchmaking.models import Match
from matchmaking.selectors import matches_without_papers
from producers import services
from producers.enums import EvidenceGrade, PaperStatus
from producers.models import Paper
from tests.fault.conftest import SCALE, effects, seconds_until, strike
from tests.fault.pairs import make_pair

SEED = int(os.environ.get("FAULT_SEED", "1"))
DRAINED_S = 120

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SCALE == 1, reason="the storm belongs to the full length, ./dev fault"),
]


class World:
    """What can break, and how each part is put up again."""

    def __init__(self, start, valkey, valkey_server, postgres_server, sink) -> None:
        self.start, self.valkey, self.sink = start, valkey, sink
        self.valkey_server, self.postgres_server = valkey_server, postgres_server
        self.running = {kind: start(kind) for kind in ("relay", "worker", "mailer")}

    def kill_relay(self) -> None:
        self._replace("relay")

    def kill_worker(self) -> None:
        self._replace("worker")

    def kill_mailer(self) -> None:
        self._replace("mailer")

    def empty_valkey(self) -> None:
        self.valkey.flushall()

    def stop_valkey(self) -> None:
        self.valkey_server.stop(keep_address=True)
        time.sleep(3)
        self.valkey_server.start()

    def crash_postgres(self) -> None:
        self.postgres_server.crash()
        self.postgres_server.start()
        connection.close()

    def refuse_mail(self) -> None:
        self.sink.close()
        time.sleep(2)
        self.sink.open()

    def revive(self) -> None:
        for kind, program in self.running.items():
            if not program.is_running:
                self.running[kind] = self.start(kind)

    def _replace(self, kind: str) -> None:
        self.running[kind].kill()
        self.running[kind] = self.start(kind)


def test_nothing_lost_and_nothing_twice_after_a_storm(
    start, valkey, valkey_server, postgres_server, sink, new_things
):
    from tests.factories.accounts import UserFactory

    luck = random.Random(SEED)
    user = UserFactory(email=f"bao{new_things(1)[0]}@vidu.example")
    world = World(start, valkey, valkey_server, postgres_server, sink)
    faults = [
        world.kill_relay,
        world.kill_worker,
        world.kill_mailer,
        world.empty_valkey,
        world.stop_valkey,
        world.crash_postgres,
        world.refuse_mail,
    ]
    acknowledged: list[int] = []
    pairs = [make_pair() for _ in range(3)]
    codes = [code.pk for code, _match in pairs]
    for _ in range(SCALE):
        luck.shuffle(faults)
        for fault in faults:
            acknowledged += _strike_some(new_things(5), user_id=user.pk)
            _turn(luck.choice(codes))
            fault()
            acknowledged += _strike_some(new_things(5), user_id=user.pk)
            time.sleep(luck.uniform(0, 1.5))
            world.revive()
    seconds_until(lambda: set(effects()) >= set(acknowledged), at_most=DRAINED_S)
    seconds_until(lambda: not OutgoingEmail.objects.exclude(state="sent"), at_most=DRAINED_S)
    seconds_until(_papers_were_followed, at_most=DRAINED_S)
    assert matches_without_papers(day=clock.today()) == []
    assert [_is_suspended(match.pk) for _code, match in pairs] == [not _counts(pk) for pk in codes]
    assert len(effects()) == len(set(effects()))
    assert OutgoingEmail.objects.count() == len(effects())
    ids = OutgoingEmail.objects.values_list("message_id", flat=True)
    assert dict(sink.accepted) == dict.fromkeys(ids, 1)
    assert not InboxMessage.objects.filter(consumer="fault.strike").exclude(status=DutyStatus.DONE)


def _is_suspended(match_id: int) -> bool:
    return Match.objects.get(pk=match_id).status == MatchStatus.SUSPENDED


def _counts(paper_id: int) -> bool:
    return Paper.objects.get(pk=paper_id).status == PaperStatus.VERIFIED


def _turn(paper_id: int) -> None:
    """Suspend a code, or verify a suspended one again, if the database is there to ask."""
    try:
        if Paper.objects.get(pk=paper_id).status == PaperStatus.VERIFIED:
            services.suspend_paper(paper_id=paper_id, reason="bão")
        else:
            services.verify_paper(paper_id=paper_id, grade=EvidenceGrade.REGISTER)
    except OperationalError:
        connection.close()


def _papers_were_followed() -> bool:
    duties = InboxMessage.objects.filter(
        consumer="matchmaking.rank", message__type__startswith="producers.paper."
    )
    announced = OutboxMessage.objects.filter(type__startswith="producers.paper.")
    has_all = duties.count() == announced.filter(type__regex="(suspended|verified)").count()
    return has_all and not duties.exclude(status=DutyStatus.DONE).exists()


def _strike_some(things: list[int], *, user_id: int) -> list[int]:
    """Return the things whose event was acknowledged."""
    done = []
    for thing in things:
        try:
            strike([thing], mode="mail", user_id=user_id)
        except OperationalError:
            connection.close()
        else:
            done.append(thing)
    return done
