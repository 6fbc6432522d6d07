"""The child process that parses: `python -m core.sheets.child`, limited before it opens the file.

It reads one request as JSON from its input and answers in lines of JSON: first the names of the
sheets, then each row, at last how many there were; or why the file is refused.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from core.sheets.archive import checked_archive
from core.sheets.cells import to_wire
from core.sheets.delimited import csv_rows
from core.sheets.limits import Limits, SheetRefusedError, Why
from core.sheets.sniffing import is_archive
from core.sheets.workbook import read_workbook
from core.sheets.xlsx import sheet_rows


def answer(request: dict[str, Any], out: TextIO) -> None:
    """Read one file and write what it holds."""
    limits = Limits(**request["limits"])
    try:
        lines = _lines(Path(request["path"]), sheet=request["sheet"], limits=limits)
        out.writelines(
            json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines
        )
    except SheetRefusedError as error:
        out.write(json.dumps({"refused": error.why.value, "detail": error.detail}) + "\n")
    except MemoryError:
        out.write(json.dumps({"refused": Why.BOMB.value, "detail": ""}) + "\n")


def confine(limits: Limits) -> None:
    """Give up memory, time and the right to write before anything hostile is read."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _lines(path: Path, *, sheet: str, limits: Limits) -> Iterator[object]:
    if path.stat().st_size > limits.file_bytes:
        raise SheetRefusedError(Why.TOO_LARGE)
    count = 0
    if not is_archive(path):
        if sheet:
            raise SheetRefusedError(Why.NO_SUCH_SHEET, sheet)
        yield {"names": [], "sheet": "", "from_1904": False}
        rows = csv_rows(path, limits=limits)
    else:
        archive = checked_archive(path, limits=limits)
        book = read_workbook(archive, limits=limits)
        chosen = book.chosen(sheet)
        yield {"names": book.names, "sheet": chosen, "from_1904": book.counts_from_1904}
        rows = sheet_rows(archive, book, name=chosen, limits=limits)
    for number, cells in rows:
        count += 1
        yield [number, [to_wire(cell) for cell in cells]]
    yield {"end": count}


def main() -> None:
    """Answer the one request on the input."""
    request = json.load(sys.stdin)
    confine(Limits(**request["limits"]))
    with contextlib.suppress(BrokenPipeError), open(1, "w", encoding="utf-8") as out:
        answer(request, out)


if __name__ == "__main__":
    main()
