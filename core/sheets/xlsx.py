"""Reading one sheet of an XLSX file row by row; what it claims to hold is never believed."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from typing import Final

from core.sheets.cells import Cell, counted_day, number_from, plain_number
from core.sheets.limits import Limits, SheetRefusedError, Why
from core.sheets.markup import Attributes, local, streamed
from core.sheets.texts import unescaped
from core.sheets.workbook import Workbook

NO_VALUE: Final = "#FORMULA!"
"""Stands where a formula has no stored result."""
_MOST_SERIAL_DIGITS: Final = 7
NumberedRow = tuple[int, list[Cell]]


def sheet_rows(
    archive: zipfile.ZipFile, book: Workbook, *, name: str, limits: Limits
) -> Iterator[NumberedRow]:
    """Yield the rows of a sheet that hold anything, numbered as the spreadsheet numbers them.

    Raises:
        SheetRefusedError: Too many rows or columns, or a broken sheet.
    """
    reader = _Reader(book, limits)
    pieces = streamed(
        archive,
        book.parts[name],
        start=reader.start,
        end=reader.end,
        text=reader.pieces.append,
    )
    for _piece in pieces:
        if reader.done:
            yield from reader.done
            reader.done.clear()


class _Reader:
    """Collects cells into rows while the parser runs."""

    def __init__(self, book: Workbook, limits: Limits) -> None:
        self.book, self.limits = book, limits
        self.done: list[NumberedRow] = []
        self.pieces: list[str] = []
        self._row: list[Cell] = []
        self._row_number = self._column = self._count = 0
        self._type = self._value = ""
        self._style = -1
        self._has_formula = self._in_reading_aid = False
        self._text: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        """Open a row or a cell."""
        tag = local(tag)
        if tag == "c":
            self._open_cell(attributes)
        elif tag == "row":
            written = attributes.get("r", "")
            is_plain = (
                written.isascii() and written.isdigit() and len(written) <= _MOST_SERIAL_DIGITS
            )
            claimed = int(written) if is_plain else 0
            self._row_number = max(claimed, self._row_number + 1)
            self._row, self._column = [], 0
        elif tag in {"t", "v"}:
            self.pieces.clear()
        elif tag == "rPh":
            self._in_reading_aid = True
        elif tag == "f":
            self._has_formula = True

    def end(self, tag: str) -> None:
        """Close a text, a value, a cell or a row."""
        tag = local(tag)
        if tag == "v":
            self._value = "".join(self.pieces)
        elif tag == "t" and not self._in_reading_aid:
            self._text.append("".join(self.pieces))
        elif tag == "c":
            self._close_cell()
        elif tag == "row":
            self._close_row()
        elif tag == "rPh":
            self._in_reading_aid = False
        self.pieces.clear()

    def _open_cell(self, attributes: Attributes) -> None:
        where = attributes.get("r")
        self._column = _column_of(where) if where else self._column + 1
        self._type = attributes.get("t", "n")
        style = attributes.get("s", "")
        self._style = int(style) if style.isdigit() and len(style) <= _MOST_SERIAL_DIGITS else -1
        self._value, self._has_formula = "", False
        self._text.clear()

    def _close_cell(self) -> None:
        cell = self._cell()
        if cell == "":
            return
        if self._column > self.limits.columns or self._column < 1:
            raise SheetRefusedError(Why.TOO_MANY_COLUMNS, str(self._row_number))
        if isinstance(cell, str) and len(cell) > self.limits.cell_characters:
            raise SheetRefusedError(Why.LONG_CELL, str(self._row_number))
        missing = self._column - len(self._row)
        if missing > 0:
            self._row.extend([""] * missing)
        self._row[self._column - 1] = cell

    def _close_row(self) -> None:
        if not self._row:
            return
        self._count += 1
        if self._count > self.limits.rows + self.limits.lines_above:
            raise SheetRefusedError(Why.TOO_MANY_ROWS, str(self.limits.rows))
        self.done.append((self._row_number, self._row))
        self._row = []

    def _cell(self) -> Cell:
        kind, value = self._type, self._value
        if self._has_formula and not value and kind != "inlineStr":
            return "" if kind == "str" else NO_VALUE
        if kind == "s":
            return self._shared(value)
        if kind == "n":
            return self._number(value)
        if kind == "b":
            return value.strip() == "1"
        if kind == "d":
            return _iso_day(value)
        return unescaped("".join(self._text) if kind == "inlineStr" else value)

    def _shared(self, value: str) -> str:
        texts = self.book.texts
        at = int(value) if value.isascii() and value.isdigit() and len(value) < 9 else -1  # noqa: PLR2004 -- more texts do not fit
        if not 0 <= at < len(texts):
            raise SheetRefusedError(Why.BROKEN, str(self._row_number))
        return texts[at]

    def _number(self, value: str) -> Cell:
        if not value:
            return ""
        number = number_from(value.strip())
        if number is None:
            return value
        formats = self.book.formats
        meaning = formats[self._style] if 0 <= self._style < len(formats) else None
        if meaning == "day":
            return counted_day(number, from_1904=self.book.counts_from_1904) or number
        if isinstance(meaning, int) and number == number.to_integral_value() and number >= 0:
            return plain_number(number).zfill(meaning)
        return number


def _iso_day(value: str) -> Cell:
    try:
        return dt.date.fromisoformat(value[:10])
    except ValueError:
        return value


def _column_of(where: str) -> int:
    """Return the column of a cell's name, 1 for A; 0 where it is no name."""
    column = 0
    for letter in where:
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - 64
    return column
