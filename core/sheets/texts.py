"""The texts that the cells of a workbook share."""

from __future__ import annotations

import re
import zipfile
from typing import Final

from core.sheets.limits import Limits, SheetRefusedError, Why
from core.sheets.markup import Attributes, local, parsed

TEXT_CHARACTERS: Final = 60_000_000
"""Most characters of all shared texts: more would not leave the child room to work."""
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_texts(archive: zipfile.ZipFile, *, limits: Limits) -> list[str]:
    """Return the shared texts in their order.

    Raises:
        SheetRefusedError: One is too long, or all together are.
    """
    reader = _Reader(limits)
    parsed(
        archive, "xl/sharedStrings.xml", start=reader.start, end=reader.end, text=reader.characters
    )
    return reader.texts


def unescaped(text: str) -> str:
    """Return a text with _x000D_ and its like as the characters they stand for.

    Halves of a character are joined; a half that stays alone becomes U+FFFD.
    """
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class _Reader:
    """Collects runs of text; what helps to pronounce them is left out."""

    def __init__(self, limits: Limits) -> None:
        self.texts: list[str] = []
        self._limits = limits
        self._left = TEXT_CHARACTERS
        self._pieces: list[str] = []
        self._in_text = self._in_reading_aid = False

    def start(self, tag: str, _attributes: Attributes) -> None:
        """Open a shared text or a run of it."""
        tag = local(tag)
        if tag == "si":
            self._pieces.clear()
        elif tag == "t":
            self._in_text = not self._in_reading_aid
        elif tag == "rPh":
            self._in_reading_aid = True

    def characters(self, data: str) -> None:
        """Take what stands in a run."""
        if self._in_text:
            self._pieces.append(data)

    def end(self, tag: str) -> None:
        """Close a run or a shared text."""
        tag = local(tag)
        if tag == "t":
            self._in_text = False
        elif tag == "rPh":
            self._in_reading_aid = False
        elif tag == "si":
            self._add("".join(self._pieces))

    def _add(self, text: str) -> None:
        self._left -= len(text) + 1
        if len(text) > self._limits.cell_characters:
            raise SheetRefusedError(Why.LONG_CELL)
        if self._left < 0:
            raise SheetRefusedError(Why.BOMB)
        self.texts.append(unescaped(text))
