"""What comes in: its type told by its bytes, never by its name; too large, broken or active: no."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from core.vault.content import pdf
from core.vault.content.pictures import is_whole
from core.vault.content.stripping import (
    UnreadableError,
    stripped_jpeg,
    stripped_png,
    stripped_webp,
)

MAX_FILE_BYTES: Final = 10 * 1024 * 1024
ACCEPT: Final = "application/pdf,image/jpeg,image/png,image/webp"
_HEIC: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


class FileType(StrEnum):
    """The types that are kept; the value is the ending of the stored name."""

    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"

    @property
    def media_type(self) -> str:
        """What a browser is told."""
        return _MEDIA_TYPES[self]

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown as a picture."""
        return self is not FileType.PDF


_MEDIA_TYPES: Final = {
    FileType.PDF: "application/pdf",
    FileType.JPEG: "image/jpeg",
    FileType.PNG: "image/png",
    FileType.WEBP: "image/webp",
}
_STRIP: Final[dict[FileType, tuple[str, Callable[[bytes], bytes]]]] = {
    FileType.JPEG: ("JPEG", stripped_jpeg),
    FileType.PNG: ("PNG", stripped_png),
    FileType.WEBP: ("WEBP", stripped_webp),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """What will be stored; `name` is the bare name it came with, for a first title only."""

    content: bytes
    type: FileType
    name: str = ""

    @property
    def sha256(self) -> str:
        """Its fingerprint, as stored."""
        return hashlib.sha256(self.content).hexdigest()


def checked_file(upload: File[bytes]) -> CheckedFile:
    """Return a PDF as it came, or a picture without place and camera data, pixels untouched.

    Raises:
        ValidationError: Too large, empty, of another type, broken, locked, or able to act.
    """
    if (upload.size or 0) > MAX_FILE_BYTES:
        raise ValidationError(_("The file is larger than 10 MB. Send a smaller scan."))
    raw = upload.read(MAX_FILE_BYTES + 1)
    if len(raw) > MAX_FILE_BYTES:
        raise ValidationError(_("The file is larger than 10 MB. Send a smaller scan."))
    found = type_of(raw)
    if found is None:
        raise ValidationError(_refusal(raw))
    content = _checked_pdf(raw) if found is FileType.PDF else stripped(raw, found=found)
    return CheckedFile(content=content, type=found, name=str(upload.name or ""))


def type_of(raw: bytes) -> FileType | None:
    """Return the type by the first bytes; None for any other."""
    if raw.startswith(b"%PDF-"):
        return FileType.PDF
    if raw.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return FileType.WEBP
    return None


def _refusal(raw: bytes) -> str:
    if not raw:
        return _("The file is empty. Choose it again.")
    if raw[4:8] == b"ftyp" and raw[8:12] in _HEIC:
        return _(
            "This is a HEIC or AVIF picture, which most offices cannot open. Take the picture from"
            " this page, or send it as JPEG."
        )
    return _("Send a PDF, a JPEG, a PNG or a WebP file.")


def stripped(raw: bytes, *, found: FileType) -> bytes:
    """Return a picture without place and camera data, pixels untouched.

    Raises:
        ValidationError: It is broken, or too large to be shown.
    """
    form, strip = _STRIP[found]
    broken = _("This picture is broken or cut off. Take or scan it again.")
    try:
        content = strip(raw)
    except (UnreadableError, IndexError) as error:
        raise ValidationError(broken) from error
    if not is_whole(content, form=form):
        raise ValidationError(broken)
    return content


def _checked_pdf(raw: bytes) -> bytes:
    if pdf.is_cut_off(raw):
        raise ValidationError(_("The end of this PDF is missing. Save or download it again."))
    if pdf.is_locked(raw):
        raise ValidationError(
            _("This PDF is locked. Save it without a password or protection and send it again.")
        )
    if pdf.is_active(raw):
        raise ValidationError(
            _("This PDF carries a script or other files. Print it to a new PDF and send that one.")
        )
    return raw
