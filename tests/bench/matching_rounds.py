"""Engines that take turns, with the wall clock and the processor's clock beside them."""

from __future__ import annotations

import os
import statistics
import time
from typing import Any

from report import Row


class Turns:
    """Runs every engine once a round, in the same order."""

    def __init__(self, engines: dict[str, Any]) -> None:
        """Take engines with `run`, and `cpu_seconds` where others work for them."""
        self.engines = engines
        self.seconds: dict[str, list[float]] = {name: [] for name in engines}
        self.cpu: dict[str, list[float]] = {name: [] for name in engines}
        self.load: list[float] = []

    def take(self, rounds: int) -> None:
        """Run all, after one turn that does not count."""
        for number in range(rounds + 1):
            self.load.append(os.getloadavg()[0])
            for name, engine in self.engines.items():
                seconds, cpu = _timed(engine)
                if number:
                    self.seconds[name].append(seconds)
                    self.cpu[name].append(cpu)

    def median(self, name: str) -> float:
        """Median seconds of an engine."""
        return statistics.median(self.seconds[name])

    def share(self, limit: str, name: str) -> float:
        """How near an engine's walk comes to the limit's, both without laying columns out."""
        walks = (statistics.median(self.engines[one].walks[1:]) for one in (limit, name))
        fastest, ours = walks
        return fastest / ours

    def rows(self, case: str) -> list[Row]:
        """What each engine needed."""
        rows = [Row(case, "load average", statistics.median(self.load), "")]
        for name, times in self.seconds.items():
            rows += [
                Row(case, name, statistics.median(times)),
                Row(case, f"{name}, least", min(times)),
                Row(case, f"{name}, most", max(times)),
                Row(case, f"{name}, processor", statistics.median(self.cpu[name])),
            ]
            walks = getattr(self.engines[name], "walks", [])[1:]
            if walks:
                rows.append(Row(case, f"{name}, walk alone", statistics.median(walks)))
        return rows


def _timed(engine: Any) -> tuple[float, float]:
    others = getattr(engine, "cpu_seconds", lambda: 0.0)
    cpu = time.process_time() + others()
    began = time.perf_counter()
    engine.run()
    seconds = time.perf_counter() - began
    return seconds, time.process_time() + others() - cpu
