"""Waits of single steps, gathered round by round."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from processor import cpu_seconds_of


class Waits:
    """What each engine's single steps took, apart for every round; the first round only warms."""

    def __init__(self, rounds: int, *, sessions: Iterable[int] = ()) -> None:
        """Count so many rounds, and the processor time of these sessions of the database too."""
        self._rounds, self._sessions = rounds, tuple(sessions)
        self._seconds: dict[str, list[list[float]]] = {}
        self._processor: dict[str, list[float]] = {}

    def rounds(self) -> Iterator[int]:
        """Number of each round; zero is forgotten when it is over."""
        for number in range(self._rounds + 1):
            for rounds in self._seconds.values():
                rounds.append([])
            yield number
            if number == 0:
                self._seconds.clear()
                self._processor.clear()

    def each(self, name: str, step: Callable[[Any], Any], given: Iterable[Any]) -> list[Any]:
        """Take a step for each, and note what each took."""
        seconds, found = self._seconds.setdefault(name, [[]])[-1], []
        before = self._used()
        for one in given:
            began = time.perf_counter()
            found.append(step(one))
            seconds.append(time.perf_counter() - began)
        self._processor.setdefault(name, []).append(self._used() - before)
        return found

    def names(self) -> list[str]:
        """Whose waits are known."""
        return list(self._seconds)

    def percentile(self, name: str, share: float) -> float:
        """Seconds within which so many of a hundred steps ended, in the median round."""
        return statistics.median(float(np.percentile(one, share)) for one in self._seconds[name])

    def processor(self, name: str) -> float:
        """Seconds of processor time of all rounds together, ours and the sessions', for a step."""
        return sum(self._processor[name]) / sum(map(len, self._seconds[name]))

    def total(self, name: str) -> float:
        """Seconds of all steps of the median round."""
        return statistics.median(sum(one) for one in self._seconds[name])

    def _used(self) -> float:
        return time.process_time() + sum(map(cpu_seconds_of, self._sessions))
