"""File names every unpacking program takes: Vietnamese in NFC, nothing Windows forbids."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from core.kernel import text

_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_SPACES: Final = re.compile(r"[\s_]+")
_RESERVED: Final = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")
_MOST_CHARACTERS: Final = 80
_MOST_BYTES: Final = 180


def safe_name(title: str) -> str:
    """Return a title as the middle of a file name, without an ending; never empty."""
    cleaned = _FORBIDDEN.sub(" ", text.clean(title))
    cleaned = "".join(one for one in cleaned if unicodedata.category(one) not in {"Cf", "Cn"})
    short = _SPACES.sub(" ", cleaned).strip(" .")[:_MOST_CHARACTERS]
    while len(short.encode()) > _MOST_BYTES:
        short = short[:-1]
    short = short.strip(" .")
    if _RESERVED.match(short):
        short = f"_{short}"
    return short or "tệp"


def numbered(number: int, *, title: str, ending: str) -> str:
    """Return the name of a packet's file; the number keeps names apart and in order."""
    return unicodedata.normalize("NFC", f"{number:02d} {safe_name(title)}.{ending}")
