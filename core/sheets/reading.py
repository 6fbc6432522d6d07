"""Reading XLSX and CSV files without trusting them: parsed in a child, streamed row by row.

with open_sheet(path) as sheet:
    for row in sheet.rows: ...
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from core.sheets.cells import Cell, as_typed, from_wire
from core.sheets.limits import LIMITS, Limits, SheetRefusedError, Why

_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that holds anything; `number` as the spreadsheet counts, from 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A sheet being read.

    `names` are all sheets of the workbook, none for CSV; `from_1904` says how it counts days.
    """

    names: tuple[str, ...]
    name: str
    rows: Iterator[SheetRow]
    from_1904: bool = False


@contextmanager
def open_sheet(path: Path, *, sheet: str = "", limits: Limits = LIMITS) -> Iterator[OpenSheet]:
    """Read a file in a child process that has little memory, little time and no settings of ours.

    Rows come through a pipe, so that neither side ever holds many of them.

    Args:
        path: The file; its name counts for nothing.
        sheet: Which sheet; the first visible one when empty.
        limits: What the file may cost.

    Raises:
        SheetRefusedError: On opening, or later while rows are read.
    """
    request = {"path": str(path), "sheet": sheet, "limits": dataclasses.asdict(limits)}
    child = _started(json.dumps(request))
    overdue = threading.Event()
    timer = threading.Timer(limits.wall_seconds, _kill, [child, overdue])
    timer.daemon = True
    timer.start()
    try:
        lines = _answers(child, overdue)
        head = next(lines)
        yield OpenSheet(tuple(head["names"]), head["sheet"], _rows(lines), head["from_1904"])
    finally:
        timer.cancel()
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()


def _started(request: str) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-m", "core.sheets.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PYTHONUTF8": "1", "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", "")},
        close_fds=True,
    )
    stdin: IO[bytes] = _pipe(child.stdin)
    stdin.write(request.encode())
    stdin.close()
    return child


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise SheetRefusedError(Why.BROKEN)
    return pipe


def _kill(child: subprocess.Popen[bytes], overdue: threading.Event) -> None:
    overdue.set()
    child.kill()


def _answers(child: subprocess.Popen[bytes], overdue: threading.Event) -> Iterator[Any]:
    """Yield the child's lines up to its last; a child that ends earlier was stopped."""
    for line in _pipe(child.stdout):
        if not line.endswith(b"\n"):
            break
        said = json.loads(line)
        if isinstance(said, dict) and "refused" in said:
            raise SheetRefusedError(Why(said["refused"]), said["detail"])
        yield said
        if isinstance(said, dict) and "end" in said:
            return
    is_late = overdue.is_set() or child.wait() < 0
    raise SheetRefusedError(Why.TOO_SLOW if is_late else Why.BROKEN)


def _rows(lines: Iterator[Any]) -> Iterator[SheetRow]:
    for said in lines:
        if isinstance(said, list):
            number, cells = said
            yield SheetRow(number, tuple(_cell(cell) for cell in cells))


def _cell(said: str | list[str]) -> Cell:
    return as_typed(said) if isinstance(said, str) else from_wire(said)
