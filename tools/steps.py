"""Runs the main job step by step, measures each, and says what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tools.console import Console
from tools.failure import Failure


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done or waited for."""

    name: str
    seconds: float
    outcome: str


@dataclass(slots=True)
class Summary:
    """What the main job saw."""

    ok: bool = False
    offers: int = 0
    requests: int = 0
    matches: int = 0
    mails: int = 0
    revoked_to_suspended_seconds: float | None = None
    steps: list[Step] = field(default_factory=list)
    problem: str = ""

    def as_json(self) -> dict[str, object]:
        """The object printed by ``./dev run --json``."""
        counted = {"offers": self.offers, "requests": self.requests}
        counted |= {"matches": self.matches, "mails": self.mails}
        steps = [{"name": step.name, "seconds": round(step.seconds, 3)} for step in self.steps]
        problem = {"problem": self.problem} if self.problem else {}
        latency = self.revoked_to_suspended_seconds
        measured = {} if latency is None else {"revoked_to_suspended_seconds": round(latency, 3)}
        return {"ok": self.ok, **counted, **measured, "steps": steps, **problem}


class StepRunner:
    """Times steps into a summary; the first failure ends the job."""

    def __init__(self, console: Console) -> None:
        self.console, self.summary = console, Summary()
        self._outcome = ""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step; ``note`` inside it says what was seen."""
        began, self._outcome = time.monotonic(), ""
        try:
            yield
        except Failure as failure:
            self._outcome = f"FAILED: {failure}"
            raise
        finally:
            self.summary.steps.append(Step(name, time.monotonic() - began, self._outcome))

    def note(self, outcome: str) -> None:
        """Say what the current step saw."""
        self._outcome = outcome

    def show(self) -> None:
        """Print the table of steps and the counts."""
        rows = [
            (str(number), step.name, f"{step.seconds:.2f}", step.outcome)
            for number, step in enumerate(self.summary.steps, start=1)
        ]
        self.console.say()
        self.console.table(rows, header=("#", "step", "seconds", "seen"))
        found = self.summary
        self.console.say(
            f"\n  {found.offers} offer(s), {found.requests} request(s), {found.matches} match(es), "
            f"{found.mails} mail(s): {'all as expected' if found.ok else found.problem}"
        )
