"""Reading a file into pieces that wait to be checked.

Only the parsing is done in one go. Everything that takes long per row happens piece by piece
afterwards, so that the lists of others come in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.catalogue.typed.dates import FIRST, LAST
from core.imports.enums import ImportState
from core.imports.events import ImportAdvanced
from core.imports.models import Import, ImportPiece
from core.imports.registry import Kind
from core.imports.services.headers import LOOKED_AT, Header, header_in
from core.imports.services.steps import finish, go_on, locked
from core.imports.services.uploading import on_disk
from core.sheets.cells import Cell, Wire, counted_day, day_to_wire, to_wire
from core.sheets.limits import SheetRefusedError, Why
from core.sheets.reading import OpenSheet, SheetRow, open_sheet

MISSING_COLUMNS: Final = "missing_columns"
DOUBLE_COLUMN: Final = "double_column"
NO_ROWS: Final = "no_rows"
ROWS_OF_A_PIECE: Final = 500
_LONGEST_DETAIL: Final = 500
_LONGEST_SHEET: Final = 60
Staged = tuple[int, dict[str, Wire]]


class _UnusableListError(Exception):
    """The file can be read, but is not a list of this kind."""

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(problem)
        self.problem, self.detail = problem, detail


def stage(import_id: int, *, version: int, kind: Kind) -> None:
    """Parse the file; the import is locked only at the end, so that it can be stopped.

    Emits:
        ImportAdvanced, or ImportFinished when the file is refused.
    """
    found = Import.objects.get(pk=import_id)
    problem = detail = ""
    count = 0
    try:
        with on_disk(found) as path, open_sheet(path, sheet=found.sheet) as sheet:
            found.sheet = sheet.name[:_LONGEST_SHEET]
            header, rows = _below_header(sheet, kind)
            found.ignored_headers = header.ignored
            days = frozenset(column.key for column in kind.columns if column.is_day)
            count = _write(found, _staged(rows, header, days=days, from_1904=sheet.from_1904))
        if not count:
            problem = NO_ROWS
    except SheetRefusedError as error:
        problem, detail = error.why.value, error.detail
    except _UnusableListError as error:
        problem, detail = error.problem, error.detail
    except FileNotFoundError:
        problem = Why.BROKEN.value
    _settle(found, version=version, count=count, problem=problem, detail=detail)


def _settle(found: Import, *, version: int, count: int, problem: str, detail: str) -> None:
    now = locked(found.pk)
    if now.version != version:
        ImportPiece.objects.filter(of=found.pk).delete()
        return
    now.sheet, now.ignored_headers = found.sheet, found.ignored_headers
    if problem:
        now.problem, now.problem_detail = problem, detail[:_LONGEST_DETAIL].replace("\0", "")
        finish(now, ImportState.REFUSED)
        return
    now.state, now.row_count, now.done_count = ImportState.CHECKING, count, 0
    go_on(now, ImportAdvanced)


def _below_header(sheet: OpenSheet, kind: Kind) -> tuple[Header, Iterator[SheetRow]]:
    """Return the header, which titles may stand above, and the rows below it."""
    best: Header | None = None
    for at, row in enumerate(sheet.rows):
        header = header_in(row.cells, columns=kind.columns)
        if header.is_complete:
            return header, sheet.rows
        if best is None or len(header.places) > len(best.places):
            best = header
        if at + 1 == LOOKED_AT:
            break
    if best is None:
        raise _UnusableListError(NO_ROWS)
    if best.missing:
        raise _UnusableListError(MISSING_COLUMNS, ", ".join(best.missing))
    raise _UnusableListError(DOUBLE_COLUMN, best.double)


def _staged(
    rows: Iterator[SheetRow], header: Header, *, days: frozenset[str], from_1904: bool
) -> Iterator[Staged]:
    """Yield the rows that hold anything in a known column."""
    for row in rows:
        cells: dict[str, Wire] = {}
        for key, at in header.places.items():
            cell = row.cells[at] if at < len(row.cells) else ""
            cells[key] = _day_or(cell, from_1904=from_1904) if key in days else _stored(cell)
        if any(cells.values()):
            yield row.number, cells


def _write(found: Import, rows: Iterator[Staged]) -> int:
    piece: list[Staged] = []
    count = 0
    for row in rows:
        piece.append(row)
        count += 1
        if len(piece) == ROWS_OF_A_PIECE:
            ImportPiece.objects.create(of=found, rows=piece)
            piece = []
    if piece:
        ImportPiece.objects.create(of=found, rows=piece)
    return count


def _day_or(cell: Cell, *, from_1904: bool) -> Wire:
    """Read a number in a column of days as spreadsheets count days, where it can be one."""
    day = counted_day(cell, from_1904=from_1904)
    return day_to_wire(day, cell) if day and FIRST <= day <= LAST else _stored(cell)


def _stored(cell: Cell) -> Wire:
    """Leave out what no database stores: NUL and half characters."""
    wire = to_wire(cell)
    if isinstance(wire, str):
        return wire.replace("\0", "").encode("utf-8", "replace").decode()
    return wire
