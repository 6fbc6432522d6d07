"""Three ways to read a list: ours, openpyxl's and calamine's."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.sheets.reading import open_sheet


def _ours(path: Path) -> str:
    with open_sheet(path) as sheet:
        return _digest(row.cells for row in sheet.rows)


def _openpyxl(path: Path) -> str:
    from openpyxl import load_workbook

    sheet = load_workbook(path).worksheets[0]
    return _digest(sheet.iter_rows(values_only=True))


def _openpyxl_read_only(path: Path) -> str:
    from openpyxl import load_workbook

    sheet = load_workbook(path, read_only=True).worksheets[0]
    return _digest(sheet.iter_rows(values_only=True))


def _calamine(path: Path) -> str:
    from python_calamine import CalamineWorkbook

    return _digest(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())


def _digest(rows: Iterable[Iterable[Any]]) -> str:
    found = hashlib.sha256()
    for row in rows:
        found.update("\x1f".join(_plain(cell) for cell in row).encode())
    return found.hexdigest()[:12]


def _plain(cell: Any) -> str:
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return f"{Decimal(str(cell)).normalize():f}"
    return "" if cell is None else str(cell)


READERS: dict[str, Callable[[Path], str]] = {
    "ours": _ours,
    "openpyxl": _openpyxl,
    "openpyxl read-only": _openpyxl_read_only,
    "calamine": _calamine,
}
