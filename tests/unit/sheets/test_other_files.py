"""Files that only call themselves spreadsheets are told apart by their bytes."""

from __future__ import annotations

import io
import zipfile

import pytest

from core.sheets.limits import SheetRefusedError, Why
from core.sheets.reading import open_sheet

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
XML_2003 = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><Workbook/>'


def ole(name: str, *, at: int = 0) -> bytes:
    return OLE + b"\0" * at + name.encode("utf-16-le") + b"\0" * 40


def packed(*names: str, **contents: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in {**dict.fromkeys(names, "x"), **contents}.items():
            archive.writestr(name, content)
    return target.getvalue()


FILES = {
    "old xls": (ole("Workbook"), Why.OLD_XLS),
    "xls of Excel 4": (b"\x09\x04\x06\x00\x00\x00", Why.OLD_XLS),
    "xlsx with a password": (ole("EncryptedPackage"), Why.ENCRYPTED),
    "its contents at the end": (ole("EncryptedPackage", at=2_000_000), Why.ENCRYPTED),
    "doc": (ole("WordDocument"), Why.WORD),
    "docx": (packed("[Content_Types].xml", "word/document.xml"), Why.WORD),
    "rtf": (rb"{\rtf1 Cam}", Why.WORD),
    "odt": (packed(mimetype="application/vnd.oasis.opendocument.text"), Why.WORD),
    "ods": (packed(mimetype="application/vnd.oasis.opendocument.spreadsheet"), Why.ODS),
    "xlsb": (packed("[Content_Types].xml", "xl/workbook.bin"), Why.XLSB),
    "pptx": (packed("[Content_Types].xml", "ppt/presentation.xml"), Why.NOT_A_SHEET),
    "numbers": (packed("Index/Document.iwa"), Why.NUMBERS),
    "zip": (packed("danh sách.xlsx"), Why.PACKED),
    "rar": (b"Rar!\x1a\x07\x01\x00", Why.PACKED),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00", Why.PACKED),
    "page": (b"\xef\xbb\xbf\r\n <HTML><table><tr><td>Cam</table>", Why.WEB_PAGE),
    "page with a type": (b"<!DOCTYPE html>\n<title>x</title>", Why.WEB_PAGE),
    "page in utf-16": ("<table><tr><td>Cam".encode("utf-16"), Why.WEB_PAGE),
    "xhtml": (b'<?xml version="1.0"?>\n<html xmlns="x">', Why.WEB_PAGE),
    "mhtml": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", Why.WEB_PAGE),
    "xml of Excel 2003": (XML_2003.encode(), Why.XML_SHEET),
    "other xml": (b"<?xml version='1.0'?><rss/>", Why.NOT_A_SHEET),
    "pdf": (b"%PDF-1.7\n", Why.PDF),
    "png": (b"\x89PNG\r\n\x1a\n", Why.IMAGE),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF", Why.IMAGE),
    "heic": (b"\0\0\0\x18ftypheic\0\0", Why.IMAGE),
    "webp": (b"RIFF\x10\0\0\0WEBPVP8 ", Why.IMAGE),
    "bmp": (b"BM\x10\x20\0\0\0\0\0\0", Why.IMAGE),
}


def test_each_file_is_named_for_what_it_is(tmp_path):
    path = tmp_path / "danh sách.xlsx"
    said = {}
    for name, (content, _why) in FILES.items():
        path.write_bytes(content)
        said[name] = refusal(path)
    assert said == {name: why for name, (_content, why) in FILES.items()}


def refusal(path):
    from core.sheets.child import _lines
    from core.sheets.limits import LIMITS

    try:
        list(_lines(path, sheet="", limits=LIMITS))
    except SheetRefusedError as error:
        return error.why
    return None


@pytest.mark.parametrize("start", ["BM;ten", "<5 sao;ten", "%;ten", "PK;ten", "GIF;ten"])
def test_a_list_that_begins_like_another_file_is_read(tmp_path, start):
    path = tmp_path / "a.csv"
    path.write_text(f"{start}\n1;Cam\n", encoding="utf-8")
    with open_sheet(path) as found:
        assert len(list(found.rows)) == 2
