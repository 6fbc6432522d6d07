"""What pages and the API say of an import, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.imports.enums import ImportState, RowOutcome, RowState
from core.imports.models import Import, ImportRow
from core.imports.registry import Kind
from core.sheets.limits import Why

_PROBLEMS: Final[dict[str, str | Promise]] = {
    Why.TOO_LARGE: _("The file is larger than 20 MB. Split it into several."),
    Why.NOT_A_SHEET: _("This is no spreadsheet. Send an .xlsx or a .csv file."),
    Why.OLD_XLS: _("This is an old .xls file. Open it and save it as .xlsx, then send that."),
    Why.XLSB: _(
        "This is a binary Excel file (.xlsb). Open it and save it as .xlsx, then send that."
    ),
    Why.XML_SHEET: _(
        "This is an old XML file of Excel. Open it and save it as .xlsx, then send that."
    ),
    Why.ODS: _("This is an OpenDocument file (.ods). Save it as .xlsx, then send that."),
    Why.NUMBERS: _("This is a Numbers file. Export it as Excel (.xlsx), then send that."),
    Why.WEB_PAGE: _(
        "This is a web page that only carries the name of a spreadsheet, as some sites hand out. "
        "Open it in Excel and save it as .xlsx, then send that."
    ),
    Why.WORD: _("This is a Word document. Copy its table into the template and send that."),
    Why.PDF: _(
        "This is a PDF. Ask for the spreadsheet it was made from, or fill in the template, and "
        "send that."
    ),
    Why.IMAGE: _("This is a picture. Type its rows into the template and send that."),
    Why.PACKED: _("This is a packed file (.zip, .rar, .7z). Unpack it and send the list in it."),
    Why.ENCRYPTED: _("The file has a password. Save a copy without one and send that."),
    Why.MACROS: _("The file holds macros, which we never open. Save it as .xlsx without macros."),
    Why.EXTERNAL_LINKS: _(
        "The file takes values from other files or holds embedded ones. Copy everything, paste it "
        "as values into a new file, and send that."
    ),
    Why.DOCTYPE: _("The file holds a definition no spreadsheet needs. Save it anew in Excel."),
    Why.BOMB: _("The file would grow too large when opened. Save only the list in a new file."),
    Why.TOO_MANY_ROWS: _("The list has more than 50,000 rows. Split it into several."),
    Why.TOO_MANY_COLUMNS: _(
        "A row has cells far to the right (row %(detail)s). Delete what does not belong to the "
        "list, or copy the list into a new file."
    ),
    Why.LONG_CELL: _("A cell holds more text than any spreadsheet keeps. Shorten it."),
    Why.BROKEN: _("The file is damaged. Open it, save it anew, and send that."),
    Why.NUL: _("This is no text file. Save the list as .xlsx or as CSV UTF-8."),
    Why.ENCODING: _("Some letters cannot be read. Save the list as .xlsx or as CSV UTF-8."),
    Why.NO_SUCH_SHEET: _("The file has no sheet of that name. Leave it empty for the first one."),
    Why.TOO_SLOW: _("Reading the file took too long. Save only the list in a new file."),
    "missing_columns": _(
        "These columns are missing: %(detail)s. Take the headings of the template."
    ),
    "double_column": _("Two columns mean the same: %(detail)s. Remove or rename one."),
    "no_rows": _("The file has no rows below its headings."),
}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One field of a row, with the heading of its column."""

    header: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row as pages show it."""

    row: ImportRow
    status: str
    changes: list[ShownChange]


@dataclass(frozen=True, slots=True)
class Figure:
    """How many rows came to something, in words; `state` finds them on the page."""

    count: int
    words: str
    state: RowState


def problem_of(found: Import) -> str:
    """Return why a file was refused and what to do."""
    words = _PROBLEMS.get(found.problem)
    return str(words) % {"detail": found.problem_detail} if words else ""


def figures_of(found: Import) -> list[Figure]:
    """Return what became of the rows that were to be taken over; the counts add up to these."""
    standing, undone, kept = found.standing_count, found.undone_count, found.kept_count
    said = (
        (standing, _("taken over"), RowState.APPLIED),
        (undone, _("taken over and undone again"), RowState.UNDONE),
        (kept, _("taken over and not undone, because changed since"), RowState.KEPT),
        (
            found.not_reached_count,
            _("not reached, because the list was stopped"),
            RowState.PLANNED,
        ),
    )
    return [Figure(count, str(words), state) for count, words, state in said if count]


def shown_rows(rows: list[ImportRow], *, found: Import, kind: Kind) -> list[ShownRow]:
    """Return rows with their fields by heading; empty fields of new rows are left out."""
    headers = {column.key: str(column.header) for column in kind.columns}
    return [
        ShownRow(
            row,
            _status_of(row, found=found),
            [
                ShownChange(headers.get(key, key), old, new)
                for key, old, new in row.changes
                if old or new
            ],
        )
        for row in rows
    ]


def _status_of(row: ImportRow, *, found: Import) -> str:
    """Return what a row came to: what was done with it, else what it would do."""
    if row.state in {RowState.UNDONE, RowState.KEPT}:
        return row.state
    is_to_do = row.state == RowState.PLANNED and row.outcome in {RowOutcome.NEW, RowOutcome.CHANGED}
    return "not_reached" if is_to_do and found.state != ImportState.CHECKED else row.outcome
