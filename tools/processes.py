"""Child processes that end with their parent, however the parent ends."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

Command = Sequence[str | Path]
_PR_SET_PDEATHSIG = 1


def end_with_parent(signal_number: signal.Signals) -> Callable[[], None] | None:
    """Return a ``preexec_fn`` asking the kernel for ``signal_number`` once this process is gone.

    Linux only; elsewhere None, and what a SIGKILL leaves is cleared at the next start.
    The kernel watches the *thread* that started the child: start children from a thread that stays.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def arrange() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal_number))
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return arrange


def is_alive(pid: int) -> bool:
    """Tell whether a process with this id exists and is not a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def wait_until(
    condition: Callable[[], bool], *, seconds: float, every_seconds: float = 0.02
) -> bool:
    """Poll ``condition`` until it holds; False when it did not within ``seconds``."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= end:
            return False
        time.sleep(every_seconds)
    return True


def stop_process(
    process: subprocess.Popen[bytes], *, first: signal.Signals, patience_seconds: float
) -> None:
    """Ask a child to stop with ``first``; SIGKILL when it has not after ``patience_seconds``."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(first)
        try:
            process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
