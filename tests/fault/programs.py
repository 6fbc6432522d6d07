"""Relay, workers and mailer as real processes that a test may kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tools.processes import end_with_parent, stop_process

ROOT = Path(__file__).resolve().parents[2]
_WORKER = ["-m", "celery", "-A", "config", "worker", "-P", "solo", "-l", "WARNING"]
_WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat", "-Q"]
WORKER = [*_WORKER, "default,matching"]
SECOND_SHARD = [*_WORKER, "matching.1"]
RELAY = ["manage.py", "run_relay", "--poll", "0.1"]
MAILER = ["manage.py", "run_mailer", "--poll", "0.1", "--lease", "6", "--handing-lease", "2"]
MAILER += ["--look-up-after", "1", "--first-outage", "1"]


class Program:
    """One process, with its log beside the others."""

    def __init__(self, arguments: list[str], environment: dict[str, str], log: Path) -> None:
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=end_with_parent(signal.SIGKILL),  # noqa: PLW1509 -- main thread only
            )
        self.pid = self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def returncode(self) -> int | None:
        return self._process.returncode

    def kill(self) -> None:
        """Let it die without a word."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end."""
        stop_process(self._process, first=signal.SIGTERM, patience_seconds=15)
