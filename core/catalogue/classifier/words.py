"""Vietnamese words with and without accents, and how far two of them are apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from core.kernel.text import clean, fold

_TONE_ORDER = "\u0300\u0301\u0303\u0309\u0323"
_TONES = frozenset(_TONE_ORDER)


class Accents(IntEnum):
    """How a typed word's accents agree with a known word's, the best first."""

    SAME = 0
    MISSING = 1
    OTHER = 2


class Word(NamedTuple):
    """A word three ways: without accents, with them, and whether it was typed without any."""

    folded: str
    accented: str
    is_plain: bool


Words = tuple[Word, ...]


def words_of(text: str) -> Words:
    """Return the words of a text; hòa and hoà are the same word."""
    return words_in(clean(text))


def words_in(cleaned: str) -> Words:
    """Return the words of a text that `clean` has seen already."""
    parts: list[Word] = []
    for raw in cleaned.casefold().split():
        parts += _words_in(raw)
    return tuple(parts)


@lru_cache(maxsize=20_000)
def _words_in(raw: str) -> Words:
    folded = fold(raw)
    if " " in folded:
        return tuple(part for piece in _pieces(raw) for part in _words_in(piece)) or tuple(
            Word(piece, piece, is_plain=True) for piece in folded.split()
        )
    return (_word(raw, folded),) if folded else ()


def _pieces(raw: str) -> list[str]:
    """Return the runs of letters and digits, or none where folding alone divides the word."""
    kept = "".join(c if c.isalnum() or _is_mark(c) else " " for c in raw)
    pieces = kept.split()
    return pieces if len(pieces) > 1 else []


def _word(raw: str, folded: str) -> Word:
    letters = [c for c in unicodedata.normalize("NFD", raw) if c.isalnum() or _is_mark(c)]
    tone = "".join(c for c in letters if c in _TONES)
    accented = "".join(c for c in letters if c not in _TONES) + tone
    return Word(folded, accented, is_plain=accented == folded)


@lru_cache(maxsize=20_000)
def letters_of(accented: str) -> str:
    """Return a word letter by letter, ư and đ being one, with its tone as a digit at the end.

    Two forms differ by one typing error when these differ by one letter: mtứ and mứt.
    """
    tone = "".join(str(_TONE_ORDER.index(c)) for c in accented if c in _TONES)
    bare = "".join(c for c in accented if c not in _TONES)
    return unicodedata.normalize("NFC", bare) + tone


def _is_mark(character: str) -> bool:
    return unicodedata.combining(character) > 0


def agreement(typed: Sequence[Word], known: Sequence[str]) -> Accents:
    """Return the worst agreement of words that are equal without accents.

    Args:
        typed: Words as written.
        known: The accented forms of as many known words.
    """
    worst = Accents.SAME
    for word, accented in zip(typed, known, strict=True):
        if word.accented != accented:
            worst = max(worst, _distance(word.accented, accented))
    return worst


@lru_cache(maxsize=20_000)
def _distance(typed: str, known: str) -> Accents:
    """Tell marks that were left out from marks that say another word."""
    mine, theirs = _marks(typed), _marks(known)
    return Accents.MISSING if all(mark in theirs for mark in mine) else Accents.OTHER


def _marks(accented: str) -> list[str]:
    return [c for c in accented if c == "đ" or _is_mark(c)]
