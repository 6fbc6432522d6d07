"""Comparing Vietnamese words with and without accents."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from core.kernel.text import clean, fold

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


class Word(NamedTuple):
    """A word three ways: without accents, with them, and whether it was typed without any."""

    folded: str
    accented: str
    is_plain: bool


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a text; hòa and hoà are the same word."""
    parts = []
    for raw in clean(text).casefold().split():
        folded = fold(raw)
        if " " in folded:
            parts += [Word(piece, piece, is_plain=True) for piece in folded.split()]
        elif folded:
            parts.append(_word(raw, folded))
    return tuple(parts)


def _word(raw: str, folded: str) -> Word:
    letters = [c for c in unicodedata.normalize("NFD", raw) if c.isalnum() or _is_mark(c)]
    tone = "".join(c for c in letters if c in _TONES)
    accented = "".join(c for c in letters if c not in _TONES) + tone
    return Word(folded, accented, is_plain=accented == folded)


def _is_mark(character: str) -> bool:
    return unicodedata.combining(character) > 0
