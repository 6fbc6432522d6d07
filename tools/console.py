"""What ./dev prints: a line per step, a sign of life while it lasts, the time it took."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

_SIGN_OF_LIFE_SECONDS = 5.0
_WORTH_A_TIME_SECONDS = 1.0


class Console:
    """Prints for people; to standard error when standard output carries JSON."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout

    def say(self, text: str = "") -> None:
        """Print one line at once."""
        try:
            print(text, file=self.stream, flush=True)
        except (BrokenPipeError, OSError):
            return  # the terminal is gone; stopping cleanly matters more

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """Announce ``label``, show that it still runs, and say how long it took if it was long."""
        began, ended = time.monotonic(), threading.Event()
        self.say(f"• {label}")

        def show_life() -> None:
            while not ended.wait(_SIGN_OF_LIFE_SECONDS):
                self.say(f"    … {time.monotonic() - began:.0f} s")

        thread = threading.Thread(target=show_life, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
        seconds = time.monotonic() - began
        if seconds >= _WORTH_A_TIME_SECONDS:
            self.say(f"    done in {seconds:.1f} s")

    def table(self, rows: Sequence[Sequence[str]], *, header: Sequence[str]) -> None:
        """Print rows in aligned columns; columns of numbers to the right."""
        widths = [max(len(line[i]) for line in [header, *rows]) for i in range(len(header))]
        for line in [header, ["─" * width for width in widths], *rows]:
            cells = [
                cell.rjust(width) if _is_number(cell) else cell.ljust(width)
                for cell, width in zip(line, widths, strict=True)
            ]
            self.say("  " + "  ".join(cells).rstrip())


def _is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).replace(",", "").isdigit()
