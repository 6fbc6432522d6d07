"""Pictures: refused when broken or huge, and made anew from nothing but their pixels."""

from __future__ import annotations

import io
import struct
import warnings
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MAX_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 1600
FORMATS: Final = ("JPEG", "PNG", "WEBP")
# What Pillow raises for broken, cut off or hostile pictures, by format.
BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def new_jpeg(raw: bytes) -> bytes:
    """Return a picture made anew: JPEG, at most 1600 px, without EXIF, place or animation.

    Raises:
        ValidationError: It has too many pixels.
        OSError: Or another of `BROKEN`: it is not a picture that can be read.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(raw), formats=FORMATS) as picture:
            refuse_huge(picture)
            picture.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
    flat = _on_white(upright)
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    flat.save(out, format="JPEG", quality=85, optimize=True)
    return out.getvalue()


def is_whole(raw: bytes, *, form: str) -> bool:
    """Tell whether a picture of one format opens, moves not, and passes the format's own checks.

    Raises:
        ValidationError: It has too many pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=(form,)) as picture:
                refuse_huge(picture)
                picture.verify()
    except BROKEN:
        return False
    return True


def refuse_huge(picture: Image.Image) -> None:
    """Refuse a picture that would fill the memory.

    Raises:
        ValidationError: It has too many pixels.
    """
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise ValidationError(_("The picture has more than 50 million pixels. Send a smaller one."))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    layered = picture.convert("RGBA")
    flat = Image.new("RGB", layered.size, "white")
    flat.paste(layered, mask=layered.getchannel("A"))
    return flat
