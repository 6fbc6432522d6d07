"""The processes of the chain as `./dev run` starts them, and the writers before them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from django.db import connection
from processor import cpu_seconds_of

from tools.checkout import Checkout
from tools.parts import parts
from tools.processes import end_with_parent, stop_process

ROOT = Path(__file__).resolve().parents[2]
CHAIN = ("relay", "worker")
"""Names of the parts, or how they begin: a worker of each queue."""


class Written(NamedTuple):
    """What a writer committed."""

    ids: list[int]
    cpu_seconds: dict[str, float]


class Crew:
    """Relay and workers, with the bench's tasks known to them."""

    def __init__(self) -> None:
        """Start them on the database and broker of this environment."""
        checkout = Checkout(ROOT)
        checkout.make_folders()
        self._logs = checkout.logs
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._sessions: dict[int, tuple[str, float]] = {}
        for part in parts(checkout, port=0):
            if part.name.startswith(CHAIN):
                command = [str(word) for word in part.command]
                if "worker" in command:
                    command += ["--include", "events_tasks", "-l", "WARNING"]
                self._start(part.name, command)

    def __enter__(self) -> Self:
        """End them with the bench."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Ask them to end."""
        for process in self._processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self._processes.values():
            stop_process(process, first=signal.SIGTERM, patience_seconds=15)

    def check(self) -> None:
        """Refuse to measure a chain of which a part has died."""
        dead = [name for name, one in self._processes.items() if one.poll() is not None]
        if dead:
            raise SystemExit(f"{', '.join(dead)} ended; {self._logs} says why.")

    def cpu_seconds(self) -> dict[str, float]:
        """Processor time so far of each part with its children, and of its database sessions."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT application_name, pid FROM pg_stat_activity")
            self._sessions.update(
                {pid: (name, cpu_seconds_of(pid)) for name, pid in cursor.fetchall()}
            )
        found = {name: cpu_seconds_of(one.pid) for name, one in self._processes.items()}
        for name in self._processes:
            used = (seconds for of, seconds in self._sessions.values() if of == name)
            found[f"postgresql for {name}"] = sum(used)
        return found

    def _start(self, name: str, command: list[str]) -> None:
        path = f"{ROOT / 'tests/bench'}{os.pathsep}{os.environ.get('PYTHONPATH', ROOT)}"
        with (self._logs / f"bench-{name}.log").open("wb") as log:
            self._processes[name] = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path, "PGAPPNAME": name},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509 -- main thread only
            )  # fmt: skip


class Writers:
    """Processes that commit offers; they draw them before the clock runs."""

    def __init__(self, number: int, *, offers: int, seed: int, rate: int = 0) -> None:
        """Start them and wait until they are ready."""
        script = str(ROOT / "tests/bench/events_writer.py")
        self._processes = [
            subprocess.Popen(
                [sys.executable, script, *map(str, (offers // number, seed + at, rate // number))],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509 -- main thread only
            )
            for at in range(number)
        ]  # fmt: skip
        for process in self._processes:
            self._answer(process)

    def write(self) -> Written:
        """Let all write at once, and wait until they have committed everything."""
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        done: list[dict[str, Any]] = [json.loads(self._answer(one)) for one in self._processes]
        for process in self._processes:
            process.communicate()
        ids = [one for part in done for one in part["ids"]]
        cpu = {name: sum(part["cpu"][name] for part in done) for name in done[0]["cpu"]}
        return Written(ids, cpu)

    @staticmethod
    def _answer(process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise SystemExit("a writer ended before it had written.")
        return line
