"""What processes have used of the processor."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds_of(pid: int) -> float:
    """Processor time of a process and its children so far; 0 where it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    children = (
        int(one) for task in Path(f"/proc/{pid}/task").iterdir()
        for one in (task / "children").read_text().split()
    )  # fmt: skip
    return (int(fields[11]) + int(fields[12])) / _TICKS + sum(
        cpu_seconds_of(child) for child in children
    )
