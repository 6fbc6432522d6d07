"""Takes out of a picture whatever is not needed to show it; the pixels stay bit for bit.

Kept are the colours and how the picture is turned. Place, time, camera, thumbnails, comments, and
whatever hangs behind the picture's end go.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

_UPRIGHT: Final = 1
_TURNS: Final = range(1, 9)
_EXIF: Final = b"Exif\0\0"
_ORIENTATION: Final = 0x0112
_RIFF_HEAD: Final = 12
_PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
     b"bKGD", b"pHYs"}
)  # fmt: skip
_WEBP_KEPT: Final = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ICCP"})
_WEBP_EXIF_FLAG: Final = 0x08
_WEBP_OTHER_FLAGS: Final = 0x06  # XMP and animation
_FILL, _SOS, _EOI, _APP0, _APP1, _APP2, _APP14 = 0xFF, 0xDA, 0xD9, 0xE0, 0xE1, 0xE2, 0xEE
_APP15, _COMMENT = 0xEF, 0xFE
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length


class UnreadableError(ValueError):
    """The file does not keep to its format."""


# --- JPEG -------------------------------------------------------------------------------------


def stripped_jpeg(raw: bytes) -> bytes:
    """Return a JPEG without EXIF, XMP, IPTC, comments, and what follows its end.

    Raises:
        UnreadableError: It is cut off or does not keep to the format.
    """
    orientation = _UPRIGHT
    kept: list[bytes] = []
    for marker, segment in _segments(raw):
        body = segment[4:]
        if marker == _APP1 and body.startswith(_EXIF):
            orientation = _orientation(body[len(_EXIF) :])
        if _is_needed(marker, body):
            kept.append(segment)
    turned = b"" if orientation == _UPRIGHT else _turning_segment(orientation)
    first = 1 if kept and kept[0][1] == _APP0 else 0
    return b"".join([b"\xff\xd8", *kept[:first], turned, *kept[first:], b"\xff\xd9"])


def _is_needed(marker: int, body: bytes) -> bool:
    """Tables, frames and scans; of what applications add only colours and the JFIF head."""
    if marker == _APP0:
        return body.startswith(b"JFIF\0")
    if marker == _APP14:
        return body.startswith(b"Adobe")
    if marker == _APP2:
        return body.startswith(b"ICC_PROFILE\0")
    return not (_APP0 <= marker <= _APP15 or marker == _COMMENT)


def _segments(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and bytes of each segment up to the end; a scan carries its coded data."""
    at = 2
    while True:
        at, marker = _next_marker(raw, at)
        if marker == _EOI:
            return
        end = _end_of_segment(raw, at, marker)
        yield marker, raw[at:end]
        at = end


def _next_marker(raw: bytes, at: int) -> tuple[int, int]:
    """Return where the next segment begins, padding and lone markers left out."""
    while True:
        while raw[at : at + 2] == b"\xff\xff":
            at += 1
        if at + 1 >= len(raw) or raw[at] != _FILL:
            raise UnreadableError
        if raw[at + 1] not in _ALONE:
            return at, raw[at + 1]
        at += 2


def _end_of_segment(raw: bytes, at: int, marker: int) -> int:
    if at + 4 > len(raw):
        raise UnreadableError
    end = at + 2 + int(struct.unpack_from(">H", raw, at + 2)[0])
    if end < at + 4 or end > len(raw):
        raise UnreadableError
    return _end_of_scan(raw, end) if marker == _SOS else end


def _end_of_scan(raw: bytes, at: int) -> int:
    """Return where the next marker stands that is neither a stuffed byte nor a restart."""
    while True:
        at = raw.find(b"\xff", at)
        if at < 0 or at + 1 >= len(raw):
            raise UnreadableError
        follower = raw[at + 1]
        if follower == _FILL:
            at += 1
        elif follower == 0 or follower in _ALONE:
            at += 2
        else:
            return at


def _turning_segment(orientation: int) -> bytes:
    body = _EXIF + _turning(orientation)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _turning(orientation: int) -> bytes:
    """Return a TIFF block that says how a picture is turned, and nothing else."""
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, orientation, 0)
    return b"MM\0*" + struct.pack(">I", 8) + struct.pack(">H", 1) + entry + struct.pack(">I", 0)


def _orientation(tiff: bytes) -> int:
    """Return how a TIFF block says the picture is turned, 1 to 8; 1 where it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return _UPRIGHT
    try:
        first = struct.unpack_from(f"{order}I", tiff, 4)[0]
        count = struct.unpack_from(f"{order}H", tiff, first)[0]
        for number in range(min(count, 200)):
            tag, _kind, _count, value = struct.unpack_from(
                f"{order}HHIH", tiff, first + 2 + 12 * number
            )
            if tag == _ORIENTATION:
                return int(value) if value in _TURNS else _UPRIGHT
    except struct.error:
        pass
    return _UPRIGHT


# --- PNG --------------------------------------------------------------------------------------


def stripped_png(raw: bytes) -> bytes:
    """Return a PNG without texts, time, EXIF, animation, and what follows its end.

    Raises:
        UnreadableError: It is cut off or does not keep to the format.
    """
    kept, turned, at = [_PNG_HEAD], b"", len(_PNG_HEAD)
    while True:
        if at + 12 > len(raw):
            raise UnreadableError
        length = struct.unpack_from(">I", raw, at)[0]
        name, end = raw[at + 4 : at + 8], at + 12 + length
        if end > len(raw):
            raise UnreadableError
        if name == b"eXIf":
            orientation = _orientation(raw[at + 8 : end - 4])
            turned = b"" if orientation == _UPRIGHT else _chunk(b"eXIf", _turning(orientation))
        if name == b"IEND":
            return b"".join([*kept, turned, raw[at:end]])
        if name in _PNG_KEPT:
            kept.append(raw[at:end])
        at = end


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


# --- WebP -------------------------------------------------------------------------------------


def stripped_webp(raw: bytes) -> bytes:
    """Return a WebP without EXIF, XMP, and what follows its end.

    Raises:
        UnreadableError: It is cut off, moves, or does not keep to the format.
    """
    whole = 8 + struct.unpack_from("<I", raw, 4)[0]
    if whole > len(raw):
        raise UnreadableError
    parts: list[bytes] = []
    orientation, at = _UPRIGHT, _RIFF_HEAD
    while at + 8 <= whole:
        name, length = raw[at : at + 4], struct.unpack_from("<I", raw, at + 4)[0]
        body = raw[at + 8 : at + 8 + length]
        if len(body) < length or name in {b"ANIM", b"ANMF"}:
            raise UnreadableError
        if name == b"EXIF":
            orientation = _orientation(body.removeprefix(_EXIF))
        if name in _WEBP_KEPT or name == b"VP8X":
            parts.append(_riff_part(name, body))
        at += 8 + length + length % 2
    return _webp_of(parts, orientation)


def _webp_of(parts: list[bytes], orientation: int) -> bytes:
    is_extended = bool(parts) and parts[0].startswith(b"VP8X")
    turned = b""
    if is_extended:
        flags = parts[0][8] & ~(_WEBP_EXIF_FLAG | _WEBP_OTHER_FLAGS)
        if orientation != _UPRIGHT:
            flags |= _WEBP_EXIF_FLAG
            turned = _riff_part(b"EXIF", _turning(orientation))
        parts[0] = parts[0][:8] + bytes([flags]) + parts[0][9:]
    inner = b"WEBP" + b"".join(parts) + turned
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


def _riff_part(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
