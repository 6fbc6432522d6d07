"""Telling by its bytes what a file is that is neither XLSX nor CSV, whatever it is called."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

from core.sheets.limits import SheetRefusedError, Why

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_OLE: Final = (("EncryptedPackage", Why.ENCRYPTED), ("WordDocument", Why.WORD))
_BEGINNINGS: Final[dict[bytes, Why]] = {
    b"%PDF-": Why.PDF,
    b"\x89PNG\r\n": Why.IMAGE,
    b"\xff\xd8\xff": Why.IMAGE,
    b"GIF8": Why.IMAGE,
    b"II*\0": Why.IMAGE,
    b"MM\0*": Why.IMAGE,
    b"{\\rtf": Why.WORD,
    b"Rar!\x1a\x07": Why.PACKED,
    b"7z\xbc\xaf\x27\x1c": Why.PACKED,
    b"\x1f\x8b\x08": Why.PACKED,
    b"\x09\x00\x04\x00": Why.OLD_XLS,
    b"\x09\x02\x06\x00": Why.OLD_XLS,
    b"\x09\x04\x06\x00": Why.OLD_XLS,
    b"\x09\x08\x08\x00": Why.OLD_XLS,
}
_PHOTOS: Final = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"avif"})
_PARTS: Final = (
    ("xl/workbook.bin", Why.XLSB),
    ("word/document.xml", Why.WORD),
    ("index/document.iwa", Why.NUMBERS),
    ("index.zip", Why.NUMBERS),
)
_TYPES: Final = (("spreadsheet", Why.ODS), ("text", Why.WORD))
_LOOKED_AT: Final = 4096
_MARKUP: Final = re.compile(
    r"<(!doctype html|html|head|body|table|meta|style|div)\b|mime-version:|<\?xml|<!--"
)
_XML_SHEET: Final = ("urn:schemas-microsoft-com:office:spreadsheet", 'progid="excel.sheet"')


def is_archive(path: Path) -> bool:
    """Tell an XLSX file from a text file by its first bytes.

    Raises:
        SheetRefusedError: It is neither, and `why` says what.
    """
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
        if start.startswith(_OLE):
            whole = start + file.read()
            named = (why for name, why in _IN_OLE if name.encode("utf-16-le") in whole)
            raise SheetRefusedError(next(named, Why.OLD_XLS))
    if start.startswith(_ZIP):
        return True
    if why := _beginning(start) or _markup(start):
        raise SheetRefusedError(why)
    return False


def refuse_other_archive(names: Collection[str], *, mimetype: bytes) -> None:
    """Say what an archive is that holds no workbook.

    Args:
        names: Its entries.
        mimetype: The beginning of its entry of that name, by which OpenDocument is known.

    Raises:
        SheetRefusedError: Always.
    """
    lower = {name.lower() for name in names}
    for part, why in _PARTS:
        if part in lower:
            raise SheetRefusedError(why)
    if mimetype.startswith(b"application/vnd.oasis.opendocument."):
        said = mimetype.decode("ascii", "replace")
        raise SheetRefusedError(next((w for word, w in _TYPES if word in said), Why.NOT_A_SHEET))
    is_office = "[content_types].xml" in lower
    raise SheetRefusedError(Why.NOT_A_SHEET if is_office else Why.PACKED)


def _beginning(start: bytes) -> Why | None:
    for beginning, why in _BEGINNINGS.items():
        if start.startswith(beginning):
            return why
    is_photo = start[4:8] == b"ftyp" and start[8:12] in _PHOTOS
    is_webp = start.startswith(b"RIFF") and start[8:12] == b"WEBP"
    is_bitmap = start.startswith(b"BM") and start[6:10] == b"\0\0\0\0"
    return Why.IMAGE if is_photo or is_webp or is_bitmap else None


def _markup(start: bytes) -> Why | None:
    """Tell pages and XML that only carry the name of a spreadsheet."""
    encoding = "utf-16" if start[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    text = start.decode(encoding, "replace").lstrip().lower()
    if not _MARKUP.match(text):
        return None
    if any(sign in text for sign in _XML_SHEET):
        return Why.XML_SHEET
    return Why.NOT_A_SHEET if text.startswith("<?xml") and "<html" not in text else Why.WEB_PAGE
