"""The chain alone: commit → outbox → relay → inbox → Celery → claim → done, with idle consumers.

Real processes on the database and the broker of the environment: one relay and one solo worker,
as in production. `measure` is the ceiling of whatever `./dev bench events` does with real work;
it expects Django to be set up with `tests.bench.chain_settings`.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from report import Aim, Measured, Row

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = "tests.bench.chain_settings"
AIM_EVENTS_PER_S = 6_000
AIM_IDLE_P50_MS = 50
PER_COMMIT = 100
_PATIENCE_S = 120.0
_LOOK_AGAIN_S = 0.02  # the look itself takes time from those it looks at
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_SOMETHING_OPEN = """
    SELECT 1 WHERE EXISTS (SELECT FROM outbox_outboxmessage WHERE relayed_at IS NULL)
        OR EXISTS (SELECT FROM outbox_inboxmessage
                    WHERE status = 'pending' AND consumer LIKE 'bench.%')
"""
Programs = dict[str, subprocess.Popen[bytes]]
_PROGRAMS = {
    "relay": ["manage.py", "run_relay"],
    "worker": [
        *("-m", "celery", "-A", "config.celery", "worker", "-P", "solo", "-Q", "matching"),
        *("-l", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"),
    ],
}


def measure(
    *, events: int = 20_000, alone: int = 200, idle: int = 100, rounds: int = 3
) -> Measured:
    """Run the chain as fast as it goes, from a standing queue, one by one, and idle.

    Args:
        events: How many a batch consumer is given per round.
        alone: How many a consumer without batches is given, a task each.
        idle: How many single events are committed with pauses between them.
        rounds: The best of so many counts.
    """
    from tests.bench.chain_app import TakenAlone, TakenTogether

    with _running() as programs:
        _drain(TakenTogether, PER_COMMIT)
        _drain(TakenAlone, 1)
        flowing = max(_flow(events, programs) for _ in range(rounds))
        standing = max(_drain(TakenTogether, events, held=programs) for _ in range(rounds))
        single_commits = _drain(TakenTogether, events // 10, per_commit=1)
        batch_of_singles = _mean_batch(events // 10)
        alone_per_s = _drain(TakenAlone, alone, held=programs)
        _wait_until_silent()
        waits_ms = _idle_waits_ms(TakenTogether, idle)
    p50_ms, p99_ms = statistics.median(waits_ms), statistics.quantiles(waits_ms, n=100)[98]
    case, singles = f"{events} events, {PER_COMMIT} a commit", f"{events // 10} events, 1 a commit"
    rows = (
        *(Row("cpu per event", part, used, "µs") for part, used in flowing.cpu_us.items()),
        Row(case, "chain beside its writer", flowing.per_s, "events/s"),
        Row(case, "mean batch beside its writer", flowing.mean_batch, "events"),
        Row(case, "chain from a standing queue", standing, "events/s"),
        Row(singles, "chain beside its writer", single_commits, "events/s"),
        Row(singles, "mean batch beside its writer", batch_of_singles, "events"),
        Row(f"{alone} events", "a task per event", alone_per_s, "events/s"),
        Row("idle", "commit → done, p50", p50_ms, "ms"),
        Row("idle", "commit → done, p99", p99_ms, "ms"),
    )
    aims = (
        Aim("events.chain_per_second", standing, AIM_EVENTS_PER_S),
        Aim("events.chain_idle_p50_ms", p50_ms, AIM_IDLE_P50_MS, "lower"),
    )
    return Measured(rows, aims, _disagreements())


class _Flow(NamedTuple):
    """What one round beside its writer came to; compared by its speed."""

    per_s: float
    mean_batch: float
    cpu_us: dict[str, float]


def _flow(events: int, programs: Programs) -> _Flow:
    from tests.bench.chain_app import TakenTogether

    before = _cpu_s(programs)
    per_s = _drain(TakenTogether, events)
    used_s = {part: now - before.get(part, 0.0) for part, now in _cpu_s(programs).items()}
    cpu_us = {part: 1e6 * seconds / events for part, seconds in used_s.items()}
    return _Flow(per_s, _mean_batch(events), cpu_us)


def _drain(
    kind: type, count: int, *, per_commit: int = PER_COMMIT, held: Programs | None = None
) -> float:
    """Commit events and wait until all are done; return events per second.

    Args:
        kind: Class of the events.
        count: How many.
        per_commit: How many in one transaction.
        held: These processes stand still until everything is committed.
    """
    for program in (held or {}).values():
        program.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    for first in range(0, count, per_commit):
        _commit(kind, range(first, min(count, first + per_commit)))
    if held:
        began = time.monotonic()
        for program in held.values():
            program.send_signal(signal.SIGCONT)
    _wait_until_done(began + _PATIENCE_S)
    return count / (time.monotonic() - began)


def _commit(kind: type, things: range) -> None:
    from django.db import transaction

    from core.outbox import outbox

    with transaction.atomic():
        outbox.append_all(kind(thing_id=thing, organisation_id=1) for thing in things)


def _wait_until_done(give_up_at: float) -> None:
    while _count(_SOMETHING_OPEN):
        if time.monotonic() > give_up_at:
            raise TimeoutError("The chain stands still; see var/log.")
        time.sleep(_LOOK_AGAIN_S)


def _mean_batch(last: int) -> float:
    """Return how many duties of the last so many were done together on average."""
    return last / _count(
        "SELECT count(DISTINCT finished_at) FROM (SELECT finished_at FROM outbox_inboxmessage"
        f" WHERE consumer = 'bench.together' ORDER BY id DESC LIMIT {last}) AS lately"
    )


def _wait_until_silent() -> None:
    """Wait until the worker has heard the repeats that a long queue of single tasks causes."""
    from core.outbox.doorbell import Doorbell

    bell = Doorbell()
    while bell.waiting("matching"):
        time.sleep(0.05)
    bell.close()


def _idle_waits_ms(kind: type, count: int) -> list[float]:
    """Commit single events at any moment of the relay's round; return commit → done."""
    from django.db import connection

    rng = random.Random(7)
    waits = []
    for thing in range(count):
        time.sleep(rng.uniform(0.05, 0.3))
        _commit(kind, range(thing, thing + 1))
        committed_at = time.time()
        _wait_until_done(time.monotonic() + _PATIENCE_S)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT extract(epoch FROM finished_at) FROM outbox_inboxmessage"
                " ORDER BY id DESC LIMIT 1"
            )
            waits.append(1000 * (float(cursor.fetchone()[0]) - committed_at))
    return waits


def _disagreements() -> list[str]:
    """Nothing lost and nothing twice: a duty per event, each started once and done."""
    lost = _count(
        "SELECT count(*) FROM outbox_outboxmessage m WHERE type LIKE 'bench.%' AND NOT EXISTS"
        " (SELECT 1 FROM outbox_inboxmessage d WHERE d.message_id = m.id AND d.status = 'done')"
    )
    again = _count(
        "SELECT count(*) FROM outbox_inboxmessage"
        " WHERE consumer LIKE 'bench.%' AND (start_count <> 1 OR fail_count <> 0)"
    )
    found = {f"{lost} events were lost": lost, f"{again} duties were not started once": again}
    return [words for words, number in found.items() if number]


@contextlib.contextmanager
def _running() -> Iterator[Programs]:
    """Start the processes of the chain; end them whatever happens."""
    logs = ROOT / "var" / "log"
    logs.mkdir(parents=True, exist_ok=True)
    started: Programs = {}
    try:
        for name, arguments in _PROGRAMS.items():
            with (logs / f"bench-{name}.log").open("ab") as log:
                environment = {
                    **os.environ,
                    "DJANGO_SETTINGS_MODULE": SETTINGS,
                    "PGAPPNAME": f"bench-{name}",
                }
                started[name] = subprocess.Popen(
                    [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=log, stderr=log
                )
        yield started
    finally:
        for program in started.values():
            program.kill()
            program.wait()


def _cpu_s(programs: Programs) -> dict[str, float]:
    """Return the seconds of processor each part has used, where the system tells."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name, pid FROM pg_stat_activity"
            " WHERE application_name LIKE 'bench-%'"
        )
        backends = [(f"postgres for {name.removeprefix('bench-')}", pid) for name, pid in cursor]
        cursor.execute("SELECT pg_backend_pid()")
        backends.append(("postgres for writer and watcher", cursor.fetchone()[0]))
    pids = [(name, program.pid) for name, program in programs.items()] + backends
    pids.append(("writer and watcher", os.getpid()))
    return {name: _used_s(pid) for name, pid in pids if Path(f"/proc/{pid}/stat").exists()}


def _used_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def _count(statement: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
