"""Workbooks we hand out: templates, exports, and refused rows to correct."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Final

from django.utils.translation import gettext as _

from core.imports.enums import RowOutcome
from core.imports.models import Import
from core.imports.registry import Column, Context, Kind
from core.sheets.cells import Cell, from_wire
from core.sheets.limits import MB
from core.sheets.writing import Sheet, write_csv, write_xlsx

_IN_MEMORY: Final = 2 * MB
_WIDTH: Final = 22
_GUIDE_WIDTHS: Final = (30, 12, 70, 36)
_READ_AT_ONCE: Final = 2000


def template_of(kind: Kind) -> IO[bytes]:
    """Return an empty list with its headings, and a guide to them."""
    return _workbook([_list(kind, ()), _guide(kind)])


def export_of(kind: Kind, *, context: Context, as_csv: bool = False) -> IO[bytes]:
    """Return what is stored in the layout of the template; read in again, nothing changes."""
    rows = (
        [cells.get(column.key, "") for column in kind.columns]
        for cells in kind.export(context=context)
    )
    if as_csv:
        target = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- the answer closes it
        write_csv(target, rows=_with_head(kind.columns, rows))
        target.seek(0)
        return target
    return _workbook([_list(kind, rows), _guide(kind)])


def refused_of(found: Import, *, kind: Kind) -> IO[bytes]:
    """Return the refused rows as they came, each with its reasons, to correct and send again."""
    rows = found.rows.filter(outcome=RowOutcome.REFUSED).order_by("number")
    written: Iterator[Sequence[Cell]] = (
        [
            *(from_wire(row.cells.get(column.key, "")) for column in kind.columns),
            " ".join(row.reasons),
            str(row.number),
        ]
        for row in rows.iterator(_READ_AT_ONCE)
    )
    more = (_("Why it was refused"), _("Row in your file"))
    return _workbook([_list(kind, written, more=more), _guide(kind)])


def _list(kind: Kind, rows: Iterable[Sequence[Cell]], *, more: Sequence[str] = ()) -> Sheet:
    codes = frozenset(at for at, column in enumerate(kind.columns) if column.is_code)
    widths = [max(_WIDTH, len(str(column.header)) + 4) for column in kind.columns]
    return Sheet(
        name=_("List"),
        rows=_with_head(kind.columns, rows, more=more),
        widths=[*widths, *(60 for _more in more)],
        text_columns=codes,
    )


def _with_head(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, more: Sequence[str] = ()
) -> Iterator[Sequence[Cell]]:
    yield [*(f"{c.header} *" if c.is_required else str(c.header) for c in columns), *more]
    yield from rows


def _guide(kind: Kind) -> Sheet:
    rows: list[Sequence[Cell]] = [
        (_("Column"), _("Required"), _("What may stand here"), _("For example"))
    ]
    rows += [
        (str(c.header), _("yes") if c.is_required else "", str(c.help), c.example)
        for c in kind.columns
    ]
    rows += [(), (str(kind.name), "", str(kind.help), "")]
    return Sheet(name=_("Guide"), rows=rows, widths=_GUIDE_WIDTHS, wraps=True)


def _workbook(sheets: Sequence[Sheet]) -> IO[bytes]:
    target = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- the answer closes it
    write_xlsx(target, sheets=sheets)
    target.seek(0)
    return target
