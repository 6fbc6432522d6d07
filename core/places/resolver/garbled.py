"""Text whose UTF-8 was taken for another encoding and saved so: "HÃ  Ná»™i" for "Hà Nội"."""

from __future__ import annotations

import re
from typing import Final

_TRACES: Final = re.compile("[\u00c3\u00c4\u00c6\u00e1][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")
_ENOUGH: Final = 2
# Windows-1252 leaves five bytes open; programs keep them as control characters.
_BYTES: Final = {
    **{bytes([byte]).decode("cp1252", "ignore"): byte for byte in range(128, 160)},
    **{chr(byte): byte for byte in range(256)},
}


def ungarbled(text: str) -> str | None:
    """Return the text as it was meant, None where it is garbled beyond repair."""
    if text.isascii() or not _TRACES.search(text) or len(_TRACES.findall(text)) < _ENOUGH:
        return text
    for form in (text, text.replace("\u00c3 ", "\u00c3\u00a0")):  # its second half looks empty
        stored = [_BYTES.get(c) for c in form]
        if None in stored:
            return text
        try:
            return bytes(byte for byte in stored if byte is not None).decode()
        except UnicodeDecodeError:
            continue
    return None
