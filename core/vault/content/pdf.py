"""A simple, honest look into a PDF: locked, cut off, or able to act by itself.

What it can tell: names in the objects, also written with #-codes and in compressed object
streams. What it cannot: objects packed in other ways, or hidden from a reader that does not
build the whole document. A PDF is therefore only ever handed out as a download.
"""

from __future__ import annotations

import re
import zlib
from typing import Final

_TAIL: Final = 4096
_STREAM: Final = re.compile(rb">>\s*stream\r?\n(.*?)endstream", re.DOTALL)
_OBJECTS: Final = re.compile(rb"/Type\s*/ObjStm\b")
_CODE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAME_END: Final = rb"(?=[\s/<>\[\](){}%]|$)"
_ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE|Movie)"
    + _NAME_END
)
_LOCKED: Final = re.compile(rb"/Encrypt" + _NAME_END)
_MOST_INFLATED: Final = 20 * 1024 * 1024
_DICTIONARY_REACH: Final = 2000


def is_cut_off(raw: bytes) -> bool:
    """Tell whether the end of the document is missing."""
    return b"%%EOF" not in raw[-_TAIL:]


def is_locked(raw: bytes) -> bool:
    """Tell whether the document is encrypted, with or without a password."""
    return _LOCKED.search(_plain(raw)) is not None


def is_active(raw: bytes) -> bool:
    """Tell whether the document can run a script, start something, or carries other files."""
    plain = _plain(raw)
    return _finds(plain) or any(_finds(objects) for objects in _object_streams(raw))


def _finds(objects: bytes) -> bool:
    named = _CODE.sub(lambda found: bytes([int(found[1], 16)]), objects)
    return _ACTIVE.search(named) is not None


def _plain(raw: bytes) -> bytes:
    """Return the document without its streams, in whose bytes any name turns up by chance."""
    return _STREAM.sub(b">>", raw)


def _object_streams(raw: bytes) -> list[bytes]:
    found, left = [], _MOST_INFLATED
    for stream in _STREAM.finditer(raw):
        before = raw[max(0, stream.start() - _DICTIONARY_REACH) : stream.start()]
        dictionary = before[before.rfind(b"obj") + 1 :]
        if not _OBJECTS.search(dictionary) or left <= 0:
            continue
        inflated = _inflated(stream[1], left)
        left -= len(inflated)
        found.append(inflated)
    return found


def _inflated(packed: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""
