"""Vietnamese words as keys: without marks, and with marks in one fixed order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

_WORDS: Final = re.compile(r"[^\W\d_]+|\d+")
_TONES: Final = dict(zip("\u0300\u0301\u0309\u0303\u0323", "12345", strict=True))
_QUALITIES: Final = frozenset("\u0302\u0306\u031b")
# "Mỹ" and "Mĩ", "Quý" and "Quí" are one name; "Thúy" and "Thúi" are not.
_I_OR_Y: Final = re.compile(r"(?:[bcdghklmnprstvx]|ch|gh|kh|ngh?|nh|ph|qu|th|tr)y")
_MOST_KEPT: Final = 50_000


class Word(NamedTuple):
    """One word: bare, and with its marks where they do not depend on the typist's habit."""

    bare: str
    marked: str


_words: dict[str, Word] = {}


def words_of(text: str) -> list[Word]:
    """Return the words of a text; numbers lose their leading zeros and stand alone.

    `words_of("Xã HOÀ Mỹ 04")` and `words_of("xã hòa mĩ 4")` are equal, in any normal form. Old
    fonts leave the Icelandic ð where đ was meant.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    found = []
    for typed in _WORDS.findall(text.lower().replace("\u00f0", "đ")):
        word = _words.get(typed)
        if word is None:
            word = _remember(typed)
        if word.bare:
            found.append(word)
    return found


def _remember(typed: str) -> Word:
    if len(_words) >= _MOST_KEPT:
        _words.clear()
    word = _words[typed] = _word(typed)
    return word


def _word(typed: str) -> Word:
    if typed[0].isdigit():
        number = "".join(str(unicodedata.decimal(c, "")) for c in typed).lstrip("0")
        return Word(number or "0", number or "0")
    letters, tones = [], []
    for c in unicodedata.normalize("NFD", typed):
        if c in _TONES:
            tones.append(_TONES[c])
        elif c in _QUALITIES or "a" <= c <= "z" or c == "đ":
            letters.append(c)
    marked = "".join(letters)
    bare = "".join(c for c in marked if c not in _QUALITIES).replace("đ", "d")
    if _I_OR_Y.fullmatch(bare):
        marked, bare = marked.replace("y", "i"), bare.replace("y", "i")
    if bare == "dac":  # Đắk, Đăk and Đắc are written for one another
        marked, bare = marked.replace("c", "k"), "dak"
    return Word(bare, marked + "".join(tones))


def typed_run(text: str, bare: Sequence[str], *, first: int = 0) -> str:
    """Return the stretch of a text whose words are these when bare, "" where there is none.

    Args:
        text: What was typed.
        bare: The words looked for.
        first: The number of the word they begin at or after.
    """
    text = unicodedata.normalize("NFKC", text)
    words = [
        (word.bare, typed.span())
        for typed in _WORDS.finditer(text)
        for word in words_of(typed.group())
    ]
    for start in range(first, len(words) - len(bare) + 1):
        run = words[start : start + len(bare)]
        if run and [word for word, _ in run] == list(bare):
            return text[run[0][1][0] : run[-1][1][1]]
    return ""


def bare_key(words: Sequence[Word]) -> str:
    """Return the words run together without marks: "Ea H'leo" and "EaHleo" are one key."""
    return "".join([word.bare for word in words])


def marked_key(words: Sequence[Word]) -> str:
    """Return the words run together with their marks."""
    return "".join([word.marked for word in words])
