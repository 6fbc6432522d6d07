"""Keeps the parts of a running portal alive, and ends them all together."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.console import Console
from tools.processes import end_with_parent, is_alive, wait_until

_LONGEST_PAUSE_SECONDS = 30.0
_STABLE_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One program to keep running."""

    name: str
    command: Sequence[str | Path]


@dataclass(slots=True)
class _Child:
    part: Part
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    due_at: float = field(default=0.0)


class Supervisor:
    """Starts parts, starts again what dies, stops everything."""

    def __init__(
        self,
        *,
        folder: Path,
        environment: Mapping[str, str],
        logs: Path,
        notes: Path,
        console: Console,
    ) -> None:
        self.folder, self.environment, self.logs = folder, dict(environment), logs
        self.notes, self.console = notes, console
        self.children: list[_Child] = []

    def start(self, part: Part) -> None:
        """Start ``part`` with its own log and session."""
        child = _Child(part)
        self.children.append(child)
        self._launch(child)

    def look_after(self) -> None:
        """Start again what ended, after a pause that grows with each quick death."""
        now = time.monotonic()
        for child in self.children:
            if child.process is None:
                if now >= child.due_at:
                    self._launch(child)
                continue
            status = child.process.poll()
            if status is None:
                continue
            lasted = now - child.started_at
            child.failures = 1 if lasted > _STABLE_SECONDS else child.failures + 1
            pause = min(0.5 * 2 ** (child.failures - 1), _LONGEST_PAUSE_SECONDS)
            self.console.say(
                f"! {child.part.name} ended ({_describe(status)}); starting it again in {pause:g} s"
                f" - its log: {self.log_of(child.part.name)}"
            )
            child.process, child.due_at = None, now + pause

    def running(self) -> dict[str, int]:
        """Process ids by part."""
        return {
            child.part.name: child.process.pid
            for child in self.children
            if child.process is not None and child.process.poll() is None
        }

    def stop(self, *, patience_seconds: float = 12.0) -> None:
        """Ask every part to end, then make sure of it; their own children go with them."""
        alive = [child.process for child in self.children if child.process is not None]
        for process in alive:
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + patience_seconds
        for process in alive:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.05, end - time.monotonic()))
            _end_session(process.pid)
            process.wait()
        self.children.clear()
        self.notes.unlink(missing_ok=True)

    def log_of(self, name: str) -> Path:
        """Where the part writes."""
        return self.logs / f"{name}.log"

    def _launch(self, child: _Child) -> None:
        with self.log_of(child.part.name).open("ab") as log:
            child.process = subprocess.Popen(
                list(child.part.command),
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGTERM),  # main thread only
            )
        child.started_at = time.monotonic()
        self._write_notes()

    def _write_notes(self) -> None:
        known = [
            [pid, _birth(pid)]
            for pid in (child.process.pid for child in self.children if child.process is not None)
        ]
        fresh = self.notes.with_suffix(".new")
        fresh.write_text(json.dumps(known), encoding="utf-8")
        fresh.replace(self.notes)


def end_survivors(notes: Path) -> int:
    """End parts whose supervisor was killed and which have not ended by themselves yet."""
    try:
        known = json.loads(notes.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0
    left = [pid for pid, birth in known if is_alive(pid) and _birth(pid) == birth]
    wait_until(lambda: not any(is_alive(pid) for pid in left), seconds=3 if left else 0)
    survivors = [pid for pid in left if is_alive(pid)]
    for pid in survivors:
        _end_session(pid)
    wait_until(lambda: not any(is_alive(pid) for pid in survivors), seconds=5)
    notes.unlink(missing_ok=True)
    return len(survivors)


def _end_session(pid: int) -> None:
    """SIGKILL the process group a part leads: prefork children do not outlive it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _birth(pid: int) -> str:
    """When the process started, in the kernel's ticks: tells a reused id from the old process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]


def _describe(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-status).name
    return f"signal {-status}"
