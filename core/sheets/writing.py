"""Writing XLSX and CSV row by row; nothing in a cell is ever a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Final

from core.sheets.cells import Cell, harmless, plain_number, text_of

_GENERAL, _HEAD, _DAY, _TEXT, _WRAPPED = range(5)
_NOT_IN_XML: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\r]|_(?=x[0-9A-Fa-f]{4}_)"
)
_MARKUP: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKUP_IN_QUOTES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;"}
)
_SPREADSHEET_DIGITS: Final = 15
_FIRST_DAY: Final = dt.date(1899, 12, 30)
_EARLIEST: Final = dt.date(1900, 3, 1)
_HEAD_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_PART: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES: Final = (
    f'{_HEAD_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FF0B6B4F"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="5"><xf/>'
    '<xf fontId="1" fillId="2" applyFont="1" applyFill="1" applyAlignment="1">'
    '<alignment vertical="center" wrapText="1"/></xf>'
    '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="49" applyNumberFormat="1"/>'
    '<xf applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs></styleSheet>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    r"""One sheet to write; the first row is its header.

    Args:
        name: At most 31 characters without []:*?/\\.
        rows: Header and rows, read once.
        widths: Width of each column in characters.
        text_columns: Columns, from 0, whose cells a spreadsheet keeps as typed: codes.
        wraps: Whether long texts are broken into lines.
    """

    name: str
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()
    text_columns: frozenset[int] = frozenset()
    wraps: bool = False


def write_xlsx(target: IO[bytes], *, sheets: Sequence[Sheet]) -> int:
    """Write a workbook; return how many rows below the headers.

    Rows go straight into the archive: memory does not grow with them.
    """
    count = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("[Content_Types].xml", _types(len(sheets)))
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        archive.writestr("xl/workbook.xml", _workbook(sheets))
        parts = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
        related = _relations([*parts, ("styles", "styles.xml")])
        archive.writestr("xl/_rels/workbook.xml.rels", related)
        archive.writestr("xl/styles.xml", _STYLES)
        for number, sheet in enumerate(sheets, start=1):
            with archive.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as part:
                for written in _sheet_xml(sheet):
                    part.write(written.encode("utf-8", "replace"))
                    count += written.startswith("<row")
    return count - len(sheets)


def write_csv(target: IO[bytes], *, rows: Iterable[Sequence[Cell]]) -> int:
    """Write UTF-8 with its mark, semicolons and decimal commas, as Vietnamese Excel opens it.

    Returns how many rows below the header.
    """
    count = -1
    text = io.TextIOWrapper(target, encoding="utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_MINIMAL)
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        count += 1
    text.flush()
    text.detach()
    return count


def _csv_cell(cell: Cell) -> str:
    written = cell.replace("\0", "") if isinstance(cell, str) else text_of(cell)
    return harmless(written)


def _sheet_xml(sheet: Sheet) -> Iterator[str]:
    yield f'{_HEAD_XML}<worksheet xmlns="{_MAIN}">'
    yield '<sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    yield "</sheetView></sheetViews>"
    if sheet.widths:
        yield f"<cols>{''.join(_columns(sheet))}</cols>"
    yield "<sheetData>"
    for number, row in enumerate(sheet.rows, start=1):
        style = _HEAD if number == 1 else _WRAPPED if sheet.wraps else _GENERAL
        cells = [
            _xml_cell(cell, where=f"{_letters(at)}{number}", style=_style(sheet, at, style))
            for at, cell in enumerate(row)
        ]
        yield f'<row r="{number}">{"".join(cells)}</row>'
    yield "</sheetData></worksheet>"


def _style(sheet: Sheet, column: int, style: int) -> int:
    return _TEXT if style == _GENERAL and column in sheet.text_columns else style


def _columns(sheet: Sheet) -> Iterator[str]:
    for at, width in enumerate(sheet.widths):
        style = f' style="{_TEXT}"' if at in sheet.text_columns else ""
        yield f'<col min="{at + 1}" max="{at + 1}" width="{width}" customWidth="1"{style}/>'


def _xml_cell(cell: Cell, *, where: str, style: int) -> str:
    if cell == "" and isinstance(cell, str):
        return ""
    if isinstance(cell, bool):
        return f'<c r="{where}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, Decimal) and len(cell.as_tuple().digits) <= _SPREADSHEET_DIGITS:
        return f'<c r="{where}"><v>{plain_number(cell)}</v></c>'
    if isinstance(cell, dt.date) and cell >= _EARLIEST:
        return f'<c r="{where}" s="{_DAY}"><v>{(cell - _FIRST_DAY).days}</v></c>'
    text = harmless(cell) if isinstance(cell, str) else text_of(cell)
    kept = _NOT_IN_XML.sub(lambda m: f"_x{ord(m[0]):04X}_", text).translate(_MARKUP)
    return (
        f'<c r="{where}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'
    )


def _letters(column: int) -> str:
    letters, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def _types(sheets: int) -> str:
    parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    parts += [(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in range(1, sheets + 1)]
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{_PART}.{kind}+xml"/>' for name, kind in parts
    )
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{_HEAD_XML}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{relations}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_HEAD_XML}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _workbook(sheets: Sequence[Sheet]) -> str:
    names = [sheet.name[:31].translate(_MARKUP_IN_QUOTES) for sheet in sheets]
    lines = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, start=1)
    )
    spaces = f'xmlns="{_MAIN}" xmlns:r="{_OFFICE}"'
    return f"{_HEAD_XML}<workbook {spaces}><sheets>{lines}</sheets></workbook>"
