"""How large a file may be, and why one is refused."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

MB: Final = 1024 * 1024


class Why(enum.StrEnum):
    """Why a file is not read."""

    TOO_LARGE = "too_large"
    NOT_A_SHEET = "not_a_sheet"
    OLD_XLS = "old_xls"
    XLSB = "xlsb"
    XML_SHEET = "xml_sheet"
    ODS = "ods"
    NUMBERS = "numbers"
    WEB_PAGE = "web_page"
    WORD = "word"
    PDF = "pdf"
    IMAGE = "image"
    PACKED = "packed"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    EXTERNAL_LINKS = "external_links"
    DOCTYPE = "doctype"
    BOMB = "bomb"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    LONG_CELL = "long_cell"
    BROKEN = "broken"
    NUL = "nul"
    ENCODING = "encoding"
    NO_SUCH_SHEET = "no_such_sheet"
    TOO_SLOW = "too_slow"


class SheetRefusedError(Exception):
    """A file is not read; `detail` names the cell, row, sheet or part at fault, or is empty."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why} {detail}".strip())
        self.why = why
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may cost.

    `lines_above` are headings and titles, which count as no rows of the list;
    `unpacked_bytes` and `ratio` are those of the whole archive and of each large entry in it;
    the last three hold for the child process that parses.
    """

    file_bytes: int = 20 * MB
    entries: int = 200
    unpacked_bytes: int = 200 * MB
    ratio: int = 100
    rows: int = 50_000
    lines_above: int = 10
    columns: int = 200
    cell_characters: int = 32_767
    memory_bytes: int = 512 * MB
    cpu_seconds: int = 30
    wall_seconds: int = 60


LIMITS: Final = Limits()
