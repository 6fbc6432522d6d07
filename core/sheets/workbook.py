"""What a workbook says of itself: its sheets, its shared texts and its number formats."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Final

from core.sheets.limits import Limits, SheetRefusedError, Why
from core.sheets.markup import Attributes, local, parsed
from core.sheets.sniffing import refuse_other_archive
from core.sheets.texts import read_texts

_BUILT_IN_DAYS: Final = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
_NOT_LETTERS: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_LONGEST_TYPE: Final = 100
_ZEROS: Final = re.compile(r"0{2,40}")


@dataclass(slots=True)
class Workbook:
    """The parts that reading a sheet needs.

    `formats` says for each cell style what its numbers are: "day", or a count of digits to
    fill with zeros, or None.
    """

    names: list[str] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    counts_from_1904: bool = False
    texts: list[str] = field(default_factory=list)
    formats: list[str | int | None] = field(default_factory=list)

    def chosen(self, name: str) -> str:
        """Return the name of the sheet to read: the one asked for, else the first visible.

        Raises:
            SheetRefusedError: There is none of that name.
        """
        if name and name not in self.parts:
            raise SheetRefusedError(Why.NO_SUCH_SHEET, name)
        visible = [one for one in self.names if one not in self.hidden]
        if not name and not visible:
            raise SheetRefusedError(Why.NO_SUCH_SHEET)
        return name or visible[0]


def read_workbook(archive: zipfile.ZipFile, *, limits: Limits) -> Workbook:
    """Read everything but the sheets themselves.

    Raises:
        SheetRefusedError: A part is missing, broken or hostile.
    """
    entries = set(archive.namelist())
    _check_types(archive, entries)
    book = Workbook()
    targets = _targets(archive, entries)
    _read_sheets(archive, book, targets)
    if "xl/sharedStrings.xml" in entries:
        book.texts = read_texts(archive, limits=limits)
    if "xl/styles.xml" in entries:
        book.formats = _read_formats(archive)
    return book


def _check_types(archive: zipfile.ZipFile, entries: set[str]) -> None:
    if "[Content_Types].xml" not in entries or "xl/workbook.xml" not in entries:
        refuse_other_archive(entries, mimetype=_mimetype(archive))

    def start(_tag: str, attributes: Attributes) -> None:
        said = attributes.get("ContentType", "").lower()
        if "macroenabled" in said or "vbaproject" in said:
            raise SheetRefusedError(Why.MACROS)

    parsed(archive, "[Content_Types].xml", start=start)


def _mimetype(archive: zipfile.ZipFile) -> bytes:
    try:
        with archive.open("mimetype") as part:
            return part.read(_LONGEST_TYPE)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError):
        return b""


def _targets(archive: zipfile.ZipFile, entries: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" not in entries:
        raise SheetRefusedError(Why.BROKEN, "xl/_rels/workbook.xml.rels")

    def start(tag: str, attributes: Attributes) -> None:
        if local(tag) != "Relationship":
            return
        if attributes.get("Type", "").endswith("/externalLink"):
            raise SheetRefusedError(Why.EXTERNAL_LINKS)
        target = attributes.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        found[attributes.get("Id", "")] = posixpath.normpath(path)

    parsed(archive, "xl/_rels/workbook.xml.rels", start=start)
    return found


def _read_sheets(archive: zipfile.ZipFile, book: Workbook, targets: dict[str, str]) -> None:
    def start(tag: str, attributes: Attributes) -> None:
        tag = local(tag)
        if tag == "workbookPr":
            book.counts_from_1904 = attributes.get("date1904", "0") in {"1", "true"}
        if tag != "sheet":
            return
        name = attributes.get("name", "")
        relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
        if target := targets.get(relation):
            book.names.append(name)
            book.parts[name] = target
        if attributes.get("state", "visible") != "visible":
            book.hidden.add(name)

    parsed(archive, "xl/workbook.xml", start=start)


def _read_formats(archive: zipfile.ZipFile) -> list[str | int | None]:
    own: dict[int, str | int | None] = {}
    found: list[str | int | None] = []
    state = {"in_cells": False}

    def start(tag: str, attributes: Attributes) -> None:
        tag = local(tag)
        if tag == "numFmt":
            number = _number(attributes.get("numFmtId", ""))
            own[number] = _meaning(attributes.get("formatCode", ""))
        elif tag == "cellXfs":
            state["in_cells"] = True
        elif tag == "xf" and state["in_cells"]:
            number = _number(attributes.get("numFmtId", ""))
            found.append("day" if number in _BUILT_IN_DAYS else own.get(number))

    def end(tag: str) -> None:
        if local(tag) == "cellXfs":
            state["in_cells"] = False

    parsed(archive, "xl/styles.xml", start=start, end=end)
    return found


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else -1  # noqa: PLR2004 -- any id has fewer digits


def _meaning(code: str) -> str | int | None:
    """Say what a number format makes of its numbers: 0000000000 fills up, dd/mm/yyyy is a day."""
    first = code.partition(";")[0]
    if _ZEROS.fullmatch(first):
        return len(first)
    letters = _NOT_LETTERS.sub("", first).lower()
    is_general = letters.startswith(("general", "standard"))
    return "day" if not is_general and ("d" in letters or "y" in letters) else None
