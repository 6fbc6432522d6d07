"""Typed text as tokens: numbers, words with and without accents, signs."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from core.catalogue.typed.outcomes import No, Refusal
from core.kernel.text import clean, fold

LONGEST: Final = 120
_MOST_TOKENS: Final = 40
_TONES: Final = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_SAME: Final = str.maketrans(
    {
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "×": "x", "✕": "x", "✖": "x", "*": "x", "⁄": "/", "∕": "/", "∼": "~", "≈": "~", "≃": "~",
        "⩾": "≥", "⩽": "≤", "₫": "đ",
    }
)  # fmt: skip
_SQUARE: Final = re.compile(r"(?<![^\W\d_])m2\b")
_TOKEN: Final = re.compile(
    r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)*(?![0-9.,])"  # 1 049,32
    r"|[0-9]+(?:[.,][0-9]+)*"
    r"|[^\W\d_]+"
    r"|>=|<=|\S"
)


class Token(NamedTuple):
    """A number, a word or a sign; words carry three forms, see `accents`."""

    text: str
    folded: str
    accented: str

    @property
    def is_number(self) -> bool:
        """Whether it is written with digits."""
        return self.text[0].isdigit()

    @property
    def is_plain(self) -> bool:
        """Whether it was typed without any accent."""
        return self.accented == self.folded


def accents(word: str) -> str:
    """Return a word with its tone mark last, so that hòa and hoà are the same."""
    marks = unicodedata.normalize("NFD", word)
    bare = "".join(c for c in marks if c not in _TONES)
    return bare + "".join(c for c in marks if c in _TONES)


def tokens_of(typed: str) -> tuple[Token, ...] | Refusal:
    """Return the tokens of a short text in lower case, or why it cannot be read."""
    if len(typed) > LONGEST * 4:
        return Refusal(why=No.TOO_LONG)
    line = clean(typed).casefold().translate(_SAME)
    if not line:
        return Refusal(why=No.EMPTY)
    if len(line) > LONGEST:
        return Refusal(why=No.TOO_LONG)
    if any(c.isdigit() and not c.isascii() for c in line.replace("m²", "")):
        return Refusal(why=No.FOREIGN_DIGITS)
    found = tuple(map(_token, _TOKEN.findall(_SQUARE.sub("m²", line))))
    return found if len(found) <= _MOST_TOKENS else Refusal(why=No.TOO_LONG)


def without_plus(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return the tokens without a plus sign in front."""
    return tokens[1:] if tokens[0].text == "+" and len(tokens) > 1 else tokens


def words_of(name: str) -> tuple[Token, ...]:
    """Return a name as tokens, without punctuation."""
    found = tokens_of(name)
    return () if isinstance(found, Refusal) else tuple(t for t in found if t.text.isalnum())


def _token(piece: str) -> Token:
    if piece[0].isdigit():
        return Token(piece.replace(" ", ""), piece, piece)
    folded = fold(piece) + ("²" if piece.endswith("²") else "")
    return Token(piece, folded or piece, accents(piece))
