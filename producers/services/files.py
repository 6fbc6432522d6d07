"""Pictures anybody may see: logos and photos, made anew; the name never counts."""

from __future__ import annotations

import uuid
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from core.vault.content import BROKEN, new_jpeg

MAX_PHOTO_BYTES: Final = 5 * 1024 * 1024


def checked_photo(upload: File[bytes]) -> ContentFile[bytes]:
    """Return the picture made anew: JPEG, at most 1600 px, without EXIF, place or animation.

    Raises:
        ValidationError: Too large, or not a picture.
    """
    if (upload.size or 0) > MAX_PHOTO_BYTES:
        raise ValidationError(_("The picture is larger than 5 MB. Send a smaller one."))
    try:
        encoded = new_jpeg(upload.read())
    except BROKEN as error:
        raise ValidationError(
            _("This is not a picture we can read. Send a JPEG, PNG or WebP file.")
        ) from error
    return ContentFile(encoded, name=f"{uuid.uuid4().hex}.jpg")


def whole(stored: FieldFile) -> bytes:
    """Return a stored file's content, with nothing left open."""
    with stored.open("rb") as file:
        content: bytes = file.read()
    return content


def delete_after_commit(stored: FieldFile | None) -> None:
    """Delete a replaced file once nothing points at it for sure."""
    if stored:
        storage, name = stored.storage, str(stored.name)
        transaction.on_commit(lambda: storage.delete(name))
