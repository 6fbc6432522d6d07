"""Pictures with a place in them, made for tests."""

from __future__ import annotations

import io

from PIL import Image
from PIL.PngImagePlugin import PngInfo

GPS_IFD = 0x8825
ORIENTATION = 0x0112
PLACE = "20deg57m N, the farmer's yard"


def exif_with_place(*, orientation: int = 1) -> Image.Exif:
    """EXIF as a phone writes it: make, place, way up."""
    exif = Image.Exif()
    exif[0x010F] = "Nokia 3310"
    exif[ORIENTATION] = orientation
    place = exif.get_ifd(GPS_IFD)
    place[1], place[2] = "N", (20.0, 57.0, 3.6)
    place[3], place[4] = "E", (107.0, 4.0, 48.0)
    return exif


def photo(kind: str, *, orientation: int = 1, size=(40, 24), **more) -> bytes:
    """A picture that says where it was taken, in EXIF, XMP and comments, as far as `kind` can."""
    picture = Image.effect_noise(size, 60).convert("RGB")
    exif = exif_with_place(orientation=orientation)
    if kind == "JPEG":
        more |= {"exif": exif, "comment": PLACE.encode(), "xmp": f"<x>{PLACE}</x>".encode()}
    elif kind == "PNG":
        texts = PngInfo()
        texts.add_text("Location", PLACE)
        texts.add_itxt("XML:com.adobe.xmp", f"<x>{PLACE}</x>")
        more |= {"exif": exif, "pnginfo": texts}
    else:
        more |= {"exif": exif, "xmp": f"<x>{PLACE}</x>".encode(), "lossless": True}
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def pixels(raw: bytes) -> bytes:
    with Image.open(io.BytesIO(raw)) as picture:
        return picture.tobytes()
