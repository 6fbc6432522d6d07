"""Reading a file into rows that wait to be checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.imports.enums import ImportState
from core.imports.events import ImportAdvanced
from core.imports.models import Import, ImportRow
from core.imports.registry import Kind
from core.imports.services.headers import LOOKED_AT, Header, header_in
from core.imports.services.steps import finish, go_on, locked
from core.imports.services.uploading import on_disk
from core.sheets.cells import to_wire
from core.sheets.limits import SheetRefusedError, Why
from core.sheets.reading import OpenSheet, SheetRow, open_sheet

MISSING_COLUMNS: Final = "missing_columns"
DOUBLE_COLUMN: Final = "double_column"
NO_ROWS: Final = "no_rows"
_WRITTEN_AT_ONCE: Final = 1000
_LONGEST_DETAIL: Final = 500
_LONGEST_SHEET: Final = 60


class _UnusableListError(Exception):
    """The file can be read, but is not a list of this kind."""

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(problem)
        self.problem, self.detail = problem, detail


def stage(import_id: int, *, version: int, kind: Kind) -> None:
    """Read the whole file; the import is locked only at the end, so that it can be stopped.

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
            count = _write(found, header, rows)
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
    if now.version != version or problem:
        ImportRow.objects.filter(of=found.pk).delete()
    if now.version != version:
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


def _write(found: Import, header: Header, rows: Iterator[SheetRow]) -> int:
    waiting: list[ImportRow] = []
    count = 0
    for row in rows:
        cells = {
            key: to_wire(row.cells[at]) if at < len(row.cells) else ""
            for key, at in header.places.items()
        }
        if not any(cells.values()):
            continue
        count += 1
        waiting.append(ImportRow(of_id=found.pk, number=row.number, cells=_storable(cells)))
        if len(waiting) == _WRITTEN_AT_ONCE:
            ImportRow.objects.bulk_create(waiting)
            waiting.clear()
    ImportRow.objects.bulk_create(waiting)
    return count


def _storable(cells: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
    """Leave out what no database stores: NUL and half characters."""
    return {
        key: value.replace("\0", "").encode("utf-8", "replace").decode()
        if isinstance(value, str)
        else value
        for key, value in cells.items()
    }
