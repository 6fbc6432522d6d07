"""Looking at an XLSX file's table of contents before a single part of it is unpacked."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from core.sheets.limits import MB, Limits, SheetRefusedError, Why

_END_OF_CONTENTS: Final = b"PK\x05\x06"
_LONGEST_END: Final = 22 + 65_535
_BYTES_PER_ENTRY: Final = 1024
_ENCRYPTED: Final = 1
_MACRO_PARTS: Final = ("vbaproject", "xl/macrosheets/", "xl/dialogsheets/", "xl/activex/")
_LINKED_PARTS: Final = ("xl/externallinks/", "xl/embeddings/", "xl/querytables/")


def checked_archive(path: Path, *, limits: Limits) -> zipfile.ZipFile:
    """Open an archive whose table of contents promises nothing dangerous.

    What an entry holds beyond its promised size is never unpacked: reading ends there.

    Raises:
        SheetRefusedError: Too many or too large entries, macros, links to other files, a password.
    """
    _check_contents_size(path, limits=limits)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SheetRefusedError(Why.BROKEN) from error
    try:
        _check_entries(archive.infolist(), limits=limits)
    except SheetRefusedError:
        archive.close()
        raise
    return archive


def _check_contents_size(path: Path, *, limits: Limits) -> None:
    """Refuse a long table of contents before Python builds an object of each line of it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _LONGEST_END))
        end = file.read()
    at = end.rfind(_END_OF_CONTENTS)
    if at < 0 or len(end) - at < struct.calcsize("<4s4H2LH"):
        raise SheetRefusedError(Why.BROKEN)
    contents_bytes = struct.unpack_from("<L", end, at + 12)[0]
    if contents_bytes > limits.entries * _BYTES_PER_ENTRY:
        raise SheetRefusedError(Why.BOMB)


def _check_entries(entries: Iterable[zipfile.ZipInfo], *, limits: Limits) -> None:
    count = unpacked = packed = 0
    for entry in entries:
        count, unpacked, packed = (
            count + 1,
            unpacked + entry.file_size,
            packed + entry.compress_size,
        )
        is_packed_too_well = entry.file_size > limits.ratio * max(entry.compress_size, 1)
        if entry.file_size > MB and is_packed_too_well:
            raise SheetRefusedError(Why.BOMB, entry.filename)
        _check_name(entry)
    if count > limits.entries or unpacked > limits.unpacked_bytes:
        raise SheetRefusedError(Why.BOMB)
    if unpacked > MB and unpacked > limits.ratio * max(packed, 1):
        raise SheetRefusedError(Why.BOMB)


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.lower().replace("\\", "/").lstrip("/")
    if entry.flag_bits & _ENCRYPTED:
        raise SheetRefusedError(Why.ENCRYPTED)
    if any(part in name for part in _MACRO_PARTS):
        raise SheetRefusedError(Why.MACROS, entry.filename)
    if any(name.startswith(part) for part in _LINKED_PARTS):
        raise SheetRefusedError(Why.EXTERNAL_LINKS, entry.filename)
