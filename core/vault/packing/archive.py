"""Writes a packet as a ZIP, piece by piece: what is in memory never exceeds one piece."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from typing import Final

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core.vault.packing.plan import Entry, Plan, Row

INDEX_PAGE: Final = "00 MỤC LỤC.html"
INDEX_TABLE: Final = "00 MỤC LỤC.csv"
_PIECE: Final = 64 * 1024
# The same packet makes the same bytes, whenever it is written.
_MOMENT: Final = (2020, 1, 1, 0, 0, 0)
_READABLE: Final = 0o644 << 16
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class BrokenPacketError(RuntimeError):
    """A stored file is not what it was when it was taken in; the download breaks off."""


class _Outlet(io.RawIOBase):
    """Collects what the ZIP writer writes until it is handed on; cannot be wound back."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # -- bytes are all zipfile writes
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def is_whole(entry: Entry) -> bool:
    """Tell whether a file is there in its full length."""
    stored = entry.document.file
    try:
        return int(stored.storage.size(str(stored.name))) == entry.document.size
    except OSError:
        return False


def streamed(plan: Plan) -> Iterator[bytes]:
    """Yield the bytes of the ZIP: the index first, then the files.

    Raises:
        BrokenPacketError: A file's bytes differ from its fingerprint.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
        with translation.override("vi"):
            pages = {INDEX_PAGE: _page(plan), INDEX_TABLE: _table(plan)}
        for name, page in pages.items():
            archive.writestr(_head(name), page)
            yield outlet.taken()
        for entry in plan.entries:
            with archive.open(_head(entry.name), "w") as target:
                for piece in _pieces(entry):
                    target.write(piece)
                    yield outlet.taken()
            yield outlet.taken()
    yield outlet.taken()


def _head(name: str) -> zipfile.ZipInfo:
    head = zipfile.ZipInfo(name, _MOMENT)
    head.external_attr = _READABLE
    head.create_system = 3
    return head


def _pieces(entry: Entry) -> Iterator[bytes]:
    digest = hashlib.sha256()
    with entry.document.file.storage.open(str(entry.document.file.name), "rb") as stored:
        while piece := stored.read(_PIECE):
            digest.update(piece)
            yield piece
    if digest.hexdigest() != entry.document.sha256:
        raise BrokenPacketError(entry.document.pk)


def _page(plan: Plan) -> bytes:
    return render_to_string("vault/index_of_packet.html", {"plan": plan}).encode()


def _table(plan: Plan) -> bytes:
    """Return the index for a spreadsheet: UTF-8 with its mark, no cell that could be a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [_("No."), _("What the dossier asks for"), _("Required"), _("What it is"), _("Number"),
         _("Valid"), _("State"), _("File"), _("Bytes"), "SHA-256"]
    )  # fmt: skip
    for row in plan.rows:
        writer.writerow([harmless(str(cell)) for cell in _cells(row)])
    return out.getvalue().encode("utf-8-sig")


def _cells(row: Row) -> list[object]:
    required = _("Yes") if row.is_required else _("No")
    size = row.size if row.file_name else ""
    return [row.number, row.label, required, row.title, row.paper_number, row.validity, row.state,
            row.file_name, size, row.sha256]  # fmt: skip


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" '\"").startswith(_DANGEROUS) else cell
