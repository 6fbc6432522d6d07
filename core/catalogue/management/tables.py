"""CSV files as people save them: read whole, written beside, no row lost."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LARGEST_CELL: Final = 50_000_000
_DELIMITERS: Final = (",", ";", "\t")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


class UnreadableTableError(Exception):
    """The file is no CSV that can be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """A header, the rows as they stand with their line numbers, and how cells are divided."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    delimiter: str

    def column(self, name: str) -> int:
        """Return where a column stands.

        Raises:
            UnreadableTableError: There is none.
        """
        names = [head.strip().casefold() for head in self.header]
        if name not in names:
            found = ", ".join(head.strip() for head in self.header) or "none"
            raise UnreadableTableError(f"No column “{name}” in the first line; found: {found}.")
        return names.index(name)


def read_table(path: Path, *, needed: str) -> Table:
    """Read a CSV file; commas, semicolons and tabs divide cells, a byte order mark is dropped.

    Args:
        path: The file.
        needed: A column that must be there; it tells which of the dividers was meant.

    Raises:
        UnreadableTableError: It is empty, not UTF-8, or no CSV.
    """
    text = _decoded(path)
    first = text.partition("\n")[0]
    delimiter = next(
        (d for d in _DELIMITERS if needed in _heads(first, d)),
        max(_DELIMITERS, key=first.count),
    )
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise UnreadableTableError(f"Line {reader.line_num} is no CSV: {error}.") from error
    if not rows:
        raise UnreadableTableError("The file is empty. Give it a first line with column names.")
    return Table(rows[0][1], rows[1:], delimiter)


def _heads(line: str, delimiter: str) -> list[str]:
    return [head.strip().strip('"').casefold() for head in line.split(delimiter)]


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    encoding = "utf-16" if raw.startswith(_UTF16) else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableTableError(
            f"Byte {error.start} is not UTF-8. Save the file as “CSV UTF-8” and try again."
        ) from error


def write_table(path: Path, *, rows: Iterable[Sequence[str]], delimiter: str) -> None:
    """Write rows to a file that appears only when it is whole."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def with_cells(
    row: Sequence[str], *, width: int, added: Sequence[str], delimiter: str = ","
) -> list[str]:
    """Return a row of the header's width with cells added; surplus cells join the last one."""
    short = [""] * max(0, width - len(row))
    kept = [*row[: width - 1], delimiter.join(row[width - 1 :])] if len(row) > width else [*row]
    return [*kept, *short, *added]
