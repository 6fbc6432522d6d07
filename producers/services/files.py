"""Files people hand in: pictures made anew, evidence kept as it came; the name never counts."""

from __future__ import annotations

import io
import struct
import uuid
import warnings
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

MAX_PHOTO_BYTES: Final = 5 * 1024 * 1024
MAX_EVIDENCE_BYTES: Final = 10 * 1024 * 1024
MAX_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 1600
PHOTO_FORMATS: Final = ("JPEG", "PNG", "WEBP")
CONTENT_TYPES: Final = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
_MAGIC: Final = ((b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"))
# What Pillow raises for broken, cut off or hostile pictures, by format.
_BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def checked_photo(upload: File[bytes]) -> ContentFile[bytes]:
    """Return the picture made anew: JPEG, at most 1600 px, without EXIF, place or animation.

    Raises:
        ValidationError: Too large, or not a picture.
    """
    if (upload.size or 0) > MAX_PHOTO_BYTES:
        raise ValidationError(_("The picture is larger than 5 MB. Send a smaller one."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            encoded = _encoded(upload.read())
    except _BROKEN as error:
        raise ValidationError(
            _("This is not a picture we can read. Send a JPEG, PNG or WebP file.")
        ) from error
    return ContentFile(encoded, name=f"{uuid.uuid4().hex}.jpg")


def _encoded(raw: bytes) -> bytes:
    with Image.open(io.BytesIO(raw), formats=PHOTO_FORMATS) as picture:
        _refuse_huge(picture)
        picture.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture)
    flat = _on_white(upright)
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    flat.save(out, format="JPEG", quality=85, optimize=True)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    layered = picture.convert("RGBA")
    flat = Image.new("RGB", layered.size, "white")
    flat.paste(layered, mask=layered.getchannel("A"))
    return flat


def _refuse_huge(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise ValidationError(_("The picture has more than 50 million pixels. Send a smaller one."))


def checked_evidence(upload: File[bytes]) -> ContentFile[bytes]:
    """Return a paper's scan as it came, under a name of our own.

    Raises:
        ValidationError: Too large, or neither PDF, JPEG nor PNG by its first bytes.
    """
    if (upload.size or 0) > MAX_EVIDENCE_BYTES:
        raise ValidationError(_("The file is larger than 10 MB. Send a smaller scan."))
    raw = upload.read()
    ending = next((ending for magic, ending in _MAGIC if raw.startswith(magic)), None)
    if ending is None or (ending != "pdf" and not _is_picture(raw)):
        raise ValidationError(_("Send a PDF, a JPEG or a PNG file."))
    return ContentFile(raw, name=f"{uuid.uuid4().hex}.{ending}")


def _is_picture(raw: bytes) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG")) as picture:
                _refuse_huge(picture)
                picture.verify()
    except _BROKEN:
        return False
    return True


def whole(stored: FieldFile) -> bytes:
    """Return a stored file's content, with nothing left open."""
    with stored.open("rb") as file:
        content: bytes = file.read()
    return content


def preview_of(stored: FieldFile) -> bytes | None:
    """Return a stored scan as a new JPEG; None for a PDF or a picture that cannot be read."""
    if content_type_of(str(stored.name)) not in {"image/jpeg", "image/png"}:
        return None
    try:
        return _encoded(whole(stored))
    except (*_BROKEN, ValidationError):
        return None


def content_type_of(name: str) -> str:
    """Return the type of a stored file, whose ending we chose ourselves."""
    return CONTENT_TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def delete_after_commit(stored: FieldFile | None) -> None:
    """Delete a replaced file once nothing points at it for sure."""
    if stored:
        storage, name = stored.storage, str(stored.name)
        transaction.on_commit(lambda: storage.delete(name))
