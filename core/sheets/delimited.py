"""Reading CSV as spreadsheets of any language write it: which letters, which separator."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.sheets.cells import Cell
from core.sheets.limits import Limits, SheetRefusedError, Why

_SEPARATORS: Final = (";", ",", "\t", "|")
_LOOKED_AT: Final = 256 * 1024
_RECORDS_LOOKED_AT: Final = 30
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
VIETNAMESE_WINDOWS: Final = "cp1258"


def csv_rows(path: Path, *, limits: Limits) -> Iterator[tuple[int, list[Cell]]]:
    """Yield the records that hold anything, numbered as a spreadsheet would number them.

    Texts come in NFC; Windows-1258 and many phones write letters and marks apart.

    Raises:
        SheetRefusedError: Unreadable letters, a NUL, too many rows or columns, a broken quote.
    """
    csv.field_size_limit(limits.cell_characters)
    encoding = encoding_of(path)
    separator, skipped = _separator(path, encoding)
    count = 0
    with path.open(encoding=encoding, newline="") as file:
        records = csv.reader(_without_nul(file), delimiter=separator, strict=True)
        try:
            for number, record in enumerate(records, start=1):
                if number <= skipped or not any(cell.strip() for cell in record):
                    continue
                count += 1
                _check(record, count, number=number, limits=limits)
                yield number - skipped, [unicodedata.normalize("NFC", cell) for cell in record]
        except csv.Error as error:
            is_long = "field larger" in str(error)
            why = Why.LONG_CELL if is_long else Why.BROKEN
            raise SheetRefusedError(why, str(records.line_num)) from error
        except UnicodeError as error:
            raise SheetRefusedError(Why.ENCODING, str(records.line_num)) from error


def encoding_of(path: Path) -> str:
    """Return how a text file's letters are stored.

    Raises:
        SheetRefusedError: It is no text.
    """
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
    for bom, name in _BOMS:
        if start.startswith(bom):
            return name
    if b"\0" in start:
        return _without_bom(start)
    return "utf-8" if _is_utf8(path) else VIETNAMESE_WINDOWS


def _without_bom(start: bytes) -> str:
    """Tell UTF-16 without its mark, every second byte of whose ASCII is NUL, from a binary file."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    for few, many, name in ((even, odd, "utf-16-le"), (odd, even, "utf-16-be")):
        if few == 0 and many * 2 > len(start) // 2:
            return name
    raise SheetRefusedError(Why.NUL)


def _is_utf8(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            while file.read(_LOOKED_AT):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _separator(path: Path, encoding: str) -> tuple[str, int]:
    """Return the separator and how many records before the header belong to the format."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            start = file.read(_LOOKED_AT)
    except UnicodeError as error:
        raise SheetRefusedError(Why.ENCODING) from error
    first = start.partition("\n")[0].strip().strip('"')
    if first.lower().startswith("sep=") and first[4:] in _SEPARATORS:
        return first[4:], 1
    return max(_SEPARATORS, key=lambda separator: _fit(start, separator)), 0


def _fit(start: str, separator: str) -> tuple[int, int]:
    """Score a separator by how many records have as many cells as the first, and how many cells."""
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(start, newline=""), delimiter=separator):
            if any(record):
                records.append(record)
            if len(records) == _RECORDS_LOOKED_AT:
                break
    except csv.Error:
        return 0, 0
    if not records or len(records[0]) == 1:
        return 0, 0
    alike = sum(len(record) == len(records[0]) for record in records)
    return alike * 10 // len(records), len(records[0])


def _without_nul(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if "\0" in line:
            raise SheetRefusedError(Why.NUL)
        yield line


def _check(record: list[str], count: int, *, number: int, limits: Limits) -> None:
    if count > limits.rows + limits.lines_above:
        raise SheetRefusedError(Why.TOO_MANY_ROWS, str(limits.rows))
    if len(record) > limits.columns and any(record[limits.columns :]):
        raise SheetRefusedError(Why.TOO_MANY_COLUMNS, str(number))
