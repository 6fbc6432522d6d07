"""File locks that vanish with their holder, however it ends."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class LockedError(Exception):
    """Another process of this checkout holds the lock."""


@contextmanager
def exclusive(
    path: Path, *, wait_seconds: float = 0.0, when_waiting: Callable[[], None] | None = None
) -> Iterator[None]:
    """Hold ``path`` exclusively; ``when_waiting`` is called once if somebody else has it.

    Raises:
        LockedError: Still held by another after ``wait_seconds``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + wait_seconds
    with path.open("a") as file:  # closing releases; children do not inherit it
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= end:
                    raise LockedError(str(path)) from None
                if when_waiting is not None:
                    when_waiting()
                    when_waiting = None
                time.sleep(0.1)
        yield


def is_held(path: Path) -> bool:
    """Tell whether somebody holds the lock right now."""
    try:
        with exclusive(path):
            return False
    except LockedError:
        return True
