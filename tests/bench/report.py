"""What every bench prints: rows, aims, and one JSON object as the last line when asked."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Row(NamedTuple):
    """One figure: of which case, by which engine, in which unit (`s` for seconds)."""

    case: str
    engine: str
    value: float
    unit: str = "s"

    def as_json(self) -> dict[str, Any]:
        """Return the row with its seconds under that name, as all benches write them."""
        measure = {"seconds": self.value} if self.unit == "s" else {"value": self.value}
        unit = {} if self.unit == "s" else {"unit": self.unit}
        return {"case": self.case, "engine": self.engine, **measure, **unit}


class Aim(NamedTuple):
    """What the product promises of a figure, and what it is in this run."""

    name: str
    value: float
    aim: float
    better: Literal["higher", "lower"] = "higher"

    @property
    def met(self) -> bool:
        """Whether the figure keeps the promise."""
        return self.value >= self.aim if self.better == "higher" else self.value <= self.aim

    def as_json(self) -> dict[str, Any]:
        """Return the aim with its verdict."""
        return {**self._asdict(), "met": self.met}


@dataclass(frozen=True)
class Measured:
    """Rows and aims of one part of a bench; `disagreements` say where engines differ."""

    rows: Sequence[Row]
    aims: Sequence[Aim] = ()
    disagreements: Sequence[str] = ()


def publish(bench: str, parts: Sequence[Measured], *, rounds: int, as_json: bool) -> int:
    """Print all parts; return the exit status: 0 when the engines agreed, whatever the ratios."""
    rows = [row for part in parts for row in part.rows]
    aims = [aim for part in parts for aim in part.aims]
    disagreements = [one for part in parts for one in part.disagreements]
    lines = [f"{row.case:>32}  {row.engine:<34}{row.value:14,.3f} {row.unit}" for row in rows]
    lines += [
        f"{aim.name:<38} {aim.value:12.4g}  aim {aim.aim:g}{'' if aim.met else '  NOT MET'}"
        for aim in aims
    ]
    lines += [f"DISAGREEMENT: {one}" for one in disagreements] or ["All engines agree."]
    if as_json:
        result = {
            "bench": bench,
            "revision": _revision(),
            "cores": os.cpu_count(),
            "load": os.getloadavg()[0],
            "python": platform.python_version(),
            "rounds": rounds,
            "agrees": not disagreements,
            "rows": [row.as_json() for row in rows],
            "aims": [aim.as_json() for aim in aims],
        }
        lines.append(json.dumps(result, default=lambda number: number.item()))
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if disagreements else 0


def _revision() -> str:
    command = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
