"""A database of their own for the fault tests, and the processes that work on it."""

from __future__ import annotations

import itertools
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

from tests.fault.programs import MAILER, RELAY, SECOND_SHARD, WORKER, Program
from tests.fault.sink import Sink

NAME = "fault"
_TRIES = 5
START_S = 90  # a process loads Django and does its first work, on two cores that do more besides
SCALE = int(os.environ.get("FAULT_SCALE", "1"))


@pytest.fixture(scope="package")
def _database(django_db_setup, django_db_blocker) -> Iterator[str]:
    """Copy the migrated test database; its commits survive a crash of the server."""
    with django_db_blocker.unblock():
        original = connection.settings_dict["NAME"]
        if not original.startswith("test_"):  # no other test of this run asked for a database
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        template = connection.settings_dict["NAME"]
        connection.close()
        _drop_and_copy(template)
        connection.settings_dict["NAME"] = NAME
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE fault_effect (thing_id bigint, at timestamptz DEFAULT now())"
            )
        parts = urlsplit(os.environ["DATABASE_URL"])
        yield urlunsplit(parts._replace(path=f"/{NAME}"))
        connection.close()
        connection.settings_dict["NAME"] = template
        if template != original:
            connection.creation.destroy_test_db(original, verbosity=0)


def _drop_and_copy(template: str) -> None:
    params = connection.get_connection_params() | {"dbname": "postgres"}
    params = {k: params[k] for k in ("dbname", "user", "host", "port", "password") if k in params}
    with psycopg.connect(**params, autocommit=True) as admin:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        admin.execute(others, [template])
        admin.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        admin.execute(f'CREATE DATABASE {NAME} TEMPLATE "{template}"')
        admin.execute(f"ALTER DATABASE {NAME} SET synchronous_commit = on")


@pytest.fixture(autouse=True)
def _may_use_database(_database) -> Iterator[None]:
    """Begin with nothing open, so that each test owns what it sees."""
    empty()
    yield
    connection.close()


def empty() -> None:
    """Empty the tables; relay and workers look into them meanwhile, and may be chosen to wait."""
    for _ in range(_TRIES):
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "TRUNCATE fault_effect, outbox_outboxmessage, outbox_inboxmessage,"
                    " notifications_notification, notifications_outgoingemail,"
                    " notifications_deliveryattempt"
                )
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
        else:
            return
    pytest.fail(f"the tables could not be emptied in {_TRIES} tries")


@pytest.fixture(scope="package")
def sink(tmp_path_factory) -> Iterator[Sink]:
    server = Sink(tmp_path_factory.mktemp("mail"))
    yield server
    server.released.set()
    server.close()


@pytest.fixture(autouse=True)
def _sink_behaves(sink) -> Iterator[None]:
    yield
    sink.reset()


@pytest.fixture(scope="package")
def folder(tmp_path_factory) -> Path:
    """Where handlers leave their process ids and processes their logs."""
    return tmp_path_factory.mktemp("fault")


@pytest.fixture(scope="package")
def launch(_database, folder, sink) -> Callable[..., Program]:
    """Return a function that starts a program on the database of the fault tests."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.fault.settings",
        "DATABASE_URL": _database,
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "MAILBOX_DIR": str(sink.new.parent),
        "FAULT_DIR": str(folder),
        "LOG_JSON": "true",
    }
    kinds = {"relay": RELAY, "worker": WORKER, "second shard": SECOND_SHARD, "mailer": MAILER}

    def start(kind: str, **more: str) -> Program:
        return Program(kinds[kind], environment | more, folder / f"{kind}.log")

    return start


@pytest.fixture
def start(launch) -> Iterator[Callable[..., Program]]:
    """Start programs for one test and kill what is left of them at its end."""
    started: list[Program] = []

    def own(kind: str, **more: str) -> Program:
        started.append(launch(kind, **more))
        return started[-1]

    yield own
    for program in started:
        program.kill()


class Crew:
    """One relay and two workers that stand by for all tests; whoever fell is replaced."""

    def __init__(self, launch: Callable[..., Program]) -> None:
        self._launch = launch
        self.relay = launch("relay")
        self.workers = [launch("worker"), launch("worker")]

    def revive(self) -> None:
        if not self.relay.is_running:
            self.relay = self._launch("relay")
        self.workers = [w if w.is_running else self._launch("worker") for w in self.workers]

    def freeze_workers(self) -> None:
        for worker in self.workers:
            os.kill(worker.pid, signal.SIGSTOP)

    def thaw_workers(self) -> None:
        for worker in self.workers:
            if worker.is_running:
                os.kill(worker.pid, signal.SIGCONT)

    def dismiss(self) -> None:
        for program in [self.relay, *self.workers]:
            program.kill()


@pytest.fixture(scope="package")
def _standing_crew(launch) -> Iterator[Crew]:
    crew = Crew(launch)
    yield crew
    crew.dismiss()


@pytest.fixture
def crew(_standing_crew, valkey) -> Iterator[Crew]:
    """The crew, complete and at work."""
    _standing_crew.revive()
    for _ in _standing_crew.workers:
        strike([0])
    seconds_until(lambda: effects() == [0, 0], at_most=START_S)
    empty()
    yield _standing_crew
    _standing_crew.thaw_workers()


@pytest.fixture
def valkey(valkey_server) -> Iterator[redis.Redis]:
    """A client of the broker, emptied before and after."""
    client = redis.Redis.from_url(valkey_server.url)
    client.flushall()
    yield client
    client.flushall()
    client.close()


@pytest.fixture
def new_things() -> Callable[[int], list[int]]:
    """Return fresh thing ids."""
    return lambda count: list(itertools.islice(_THINGS, count))


_THINGS = itertools.count(1)


def strike(thing_ids: list[int], *, mode: str = "plain", user_id: int = 0) -> None:
    """Acknowledge one event per thing, each in a transaction of its own."""
    from core.outbox import outbox
    from tests.fault.app.strikes import Struck

    for thing_id in thing_ids:
        with transaction.atomic():
            outbox.append(Struck(thing_id=thing_id, mode=mode, user_id=user_id))


def effects() -> list[int]:
    """Return the thing ids of all committed effects, doubles included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT thing_id FROM fault_effect ORDER BY thing_id")
        return [thing_id for (thing_id,) in cursor.fetchall()]


def seconds_until(condition: Callable[[], bool], *, at_most: float) -> float:
    """Wait for a condition and return how long it took; fail beyond the stated bound."""
    began = time.monotonic()
    while True:
        try:
            if condition():
                return time.monotonic() - began
        except OperationalError:
            connection.close()
        waited = time.monotonic() - began
        assert waited < at_most, f"no progress within {at_most} s; effects so far: {_so_far()}"
        time.sleep(0.05)


def _so_far() -> str:
    try:
        return str(effects()[-20:])
    except OperationalError as error:
        return str(error)
