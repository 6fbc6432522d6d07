"""Lists of addresses as CSV: read however they were saved, every row kept as it was."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final, NamedTuple

from core.places.resolver.kinds import DISTRICT, PROVINCE, WARD
from core.places.resolver.letters import words_of
from core.places.resolver.resolution import Resolution
from core.places.resolver.resolver import Resolver

ADDED: Final = ("province_code", "commune_code", "candidates", "confidence", "basis")
BAD_ROW: Final = "bad_row"
ADDRESS: Final = "address"
_COLUMNS: Final[Mapping[str, str]] = {
    "ward": WARD, "commune": WARD, "phuong": WARD, "xa": WARD, "phuong xa": WARD,
    "xa phuong": WARD, "district": DISTRICT, "huyen": DISTRICT, "quan": DISTRICT,
    "quan huyen": DISTRICT, "huyen quan": DISTRICT, "province": PROVINCE, "tinh": PROVINCE,
    "tinh thanh": PROVINCE, "tinh thanh pho": PROVINCE, "tinh tp": PROVINCE, "address": ADDRESS,
    "dia chi": ADDRESS,
}  # fmt: skip
_PARTS: Final = (WARD, DISTRICT, PROVINCE)
_DELIMITERS: Final = ",;\t|"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT: Final = 1 << 20
_LONGEST_CELL: Final = 1 << 24
_STRAY_BYTES: Final = 0.02


class TableError(Exception):
    """A file that cannot be read as a list of addresses; the message says what to do."""


class Line(NamedTuple):
    """One row with the number of its last line, and what is wrong with it, if anything."""

    number: int
    cells: list[str]
    problem: str


@dataclass(frozen=True, slots=True)
class Table:
    """A list of addresses ready to be read: its header, and where the parts stand."""

    header: tuple[str, ...]
    delimiter: str
    encoding: str
    places: Mapping[str, int]
    lines: Iterator[Line]

    @property
    def names_communes(self) -> bool:
        """Whether a column can hold more than a district or province."""
        return WARD in self.places or ADDRESS in self.places

    @property
    def shadowed(self) -> tuple[str, ...]:
        """Columns of the input that the result adds once more, behind them."""
        return tuple(name for name in self.header if name.strip().lower() in ADDED)

    def resolve(
        self, cells: Sequence[str], resolver: Resolver, *, on: dt.date | None = None
    ) -> Resolution:
        """Return where the address of a row lies.

        A row with any of ward, district and province is read from these; `address` counts where
        they are empty.
        """
        part = {name: cells[place] for name, place in self.places.items()}
        columns = {level: part.get(level, "") for level in _PARTS}
        if any(text.strip() for text in columns.values()):
            return resolver.resolve(
                ward=columns[WARD],
                district=columns[DISTRICT],
                province=columns[PROVINCE],
                on=on,
            )
        return resolver.resolve(part.get(ADDRESS, ""), on=on)


def open_table(file: BinaryIO) -> Table:
    """Return the list in a file that can be read from its start again.

    Raises:
        TableError: Empty, not text, or without a column that holds addresses.
    """
    encoding = _encoding_of(file)
    file.seek(0)
    lines = _text_lines(file, encoding)
    first = next(lines, "")
    if not first.strip():
        raise TableError("The file is empty: it needs a header line and rows.")
    delimiter, header = _header_of(first)
    places = _places_of(header)
    if not places:
        raise TableError(
            "No column is called ward, district, province or address. The header is: "
            + ", ".join(header)[:200]
        )
    csv.field_size_limit(_LONGEST_CELL)
    return Table(header, delimiter, encoding, places, _rows(lines, delimiter, header))


def added_cells(resolution: Resolution) -> tuple[str, str, str, str, str]:
    """Return the cells of the added columns, in the order of `ADDED`."""
    labels = " | ".join([part.label for part in resolution.understood])
    basis = " ".join(resolution.basis)
    return (
        resolution.province_code or "",
        resolution.commune_code or "",
        "|".join(resolution.candidates),
        f"{resolution.confidence:.2f}",
        f"{basis}: {labels}" if labels else basis,
    )


def cells_of_bad_row(problem: str) -> tuple[str, str, str, str, str]:
    """Return the added cells of a row that could not be read."""
    return "", "", "", "0.00", f"{BAD_ROW}: {problem}"


def _encoding_of(file: BinaryIO) -> str:
    """Return how the text is stored; a stray byte in UTF-8 is a bad row, not another encoding."""
    head = file.read(_LOOKED_AT)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if b"\x00" in head[:1000]:
        even, odd = head[0:1000:2].count(0), head[1:1000:2].count(0)
        if max(even, odd) < len(head[:1000]) // 8:
            raise TableError("The file is not text: it holds zero bytes. Save it as CSV UTF-8.")
        return "utf-16-le" if odd > even else "utf-16-be"
    strays = head.decode("utf-8", errors="surrogateescape")
    n_strays = sum("\udc80" <= c <= "\udcff" for c in strays[:-4])
    n_marked = sum(not c.isascii() for c in strays)
    if n_strays <= max(_STRAY_BYTES * n_marked, 0):
        return "utf-8"
    return "cp1258" if n_strays > n_marked / 2 else "utf-8"


def _text_lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    text = io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")
    try:
        yield from text
    finally:
        if not file.closed:
            text.detach()  # the file is its opener's to close


def _header_of(first: str) -> tuple[str, tuple[str, ...]]:
    best: tuple[str, tuple[str, ...]] = (",", ())
    for delimiter in _DELIMITERS:
        header = tuple(next(csv.reader([first], delimiter=delimiter), []))
        if (len(_places_of(header)), len(header)) > (len(_places_of(best[1])), len(best[1])):
            best = delimiter, header
    return best


def _places_of(header: Sequence[str]) -> dict[str, int]:
    """Return where the parts stand; a heading in the words of the manual beats another."""
    keys = [" ".join([word.bare for word in words_of(name)]) for name in header]
    places = {name: keys.index(name) for name in (*_PARTS, ADDRESS) if name in keys}
    for place, key in enumerate(keys):
        part = _COLUMNS.get(key)
        if part is not None:
            places.setdefault(part, place)
    return places


def _rows(lines: Iterator[str], delimiter: str, header: Sequence[str]) -> Iterator[Line]:
    reader = csv.reader(lines, delimiter=delimiter)
    n_blank = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Line(reader.line_num + 1, [""] * len(header), f"not CSV: {error}")
            continue
        if cells is None:
            return  # blank lines at the end are no rows
        if not cells:
            n_blank += 1
            continue
        for ago in range(n_blank, 0, -1):
            yield Line(reader.line_num + 1 - ago, [""] * len(header), "a blank line")
        n_blank = 0
        yield _line(reader.line_num + 1, cells, delimiter, len(header))


def _line(number: int, cells: list[str], delimiter: str, n_columns: int) -> Line:
    problem = ""
    if n_columns == 1:  # a plain list, one address a line: its commas part nothing
        cells = [delimiter.join(cells)]
    if len(cells) != n_columns:
        problem = f"{len(cells)} columns instead of {n_columns}"
        rest = delimiter.join(cells[n_columns - 1 :])
        cells = [*cells[: n_columns - 1], rest] if len(cells) > n_columns else cells
        cells += [""] * (n_columns - len(cells))
    if any("\udc80" <= c <= "\udcff" for cell in cells if not cell.isascii() for c in cell):
        problem = "a character that is not UTF-8"
    return Line(number, cells, problem)
