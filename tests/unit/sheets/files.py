"""Spreadsheets made by hand, friendly and hostile."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
WORKBOOK = (
    f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Ẩn" sheetId="1" state="hidden" r:id="rId2"/>'
    '<sheet name="Một" sheetId="2" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/worksheet" Target="/xl/worksheets/sheet2.xml"/>'
    "</Relationships>"
)
STYLES = (
    f'<styleSheet {MAIN}><numFmts count="2"><numFmt numFmtId="164" formatCode="0000000000"/>'
    '<numFmt numFmtId="165" formatCode="[$-42A]dd\\/mm\\/yyyy;@"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="14"/>'
    "</cellXfs></styleSheet>"
)


def sheet(*rows: str) -> str:
    lines = "".join(f'<row r="{at}">{cells}</row>' for at, cells in enumerate(rows, start=1))
    return f"<worksheet {MAIN}><sheetData>{lines}</sheetData></worksheet>"


def text(value: str, where: str = "A1") -> str:
    return f'<c r="{where}" t="inlineStr"><is><t>{value}</t></is></c>'


def book(path: Path, *, parts: dict[str, str | bytes] | None = None, level: int = 6) -> Path:
    """Write a workbook of two sheets; `parts` replace or join its own."""
    own: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": sheet(text("Tên")),
        "xl/worksheets/sheet2.xml": sheet(text("Ẩn")),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in (own | (parts or {})).items():
            archive.writestr(name, content)
    path.write_bytes(target.getvalue())
    return path
