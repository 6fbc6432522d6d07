"""What stands around a figure: gần, hơn, khoảng, ≥, từ … trở lên, ranges."""

from __future__ import annotations

from typing import Final

from core.catalogue.typed.outcomes import Qualifier
from core.catalogue.typed.tokens import Token

_Q = Qualifier
_BEFORE: Final[tuple[tuple[tuple[str, ...], Qualifier], ...]] = (
    (("xap", "xi"), _Q.ABOUT), (("vao", "khoang"), _Q.ABOUT), (("khoang",), _Q.ABOUT),
    (("tam",), _Q.ABOUT), (("chung",), _Q.ABOUT), (("uoc",), _Q.ABOUT), (("co",), _Q.ABOUT),
    (("~",), _Q.ABOUT), (("about",), _Q.ABOUT), (("around",), _Q.ABOUT),
    (("gan",), _Q.NEARLY), (("nearly",), _Q.NEARLY), (("almost",), _Q.NEARLY),
    (("tren",), _Q.OVER), (("hon",), _Q.OVER), ((">",), _Q.OVER), (("over",), _Q.OVER),
    (("more", "than"), _Q.OVER),
    (("duoi",), _Q.UNDER), (("<",), _Q.UNDER), (("under",), _Q.UNDER),
    (("less", "than"), _Q.UNDER),
    (("toi", "thieu"), _Q.AT_LEAST), (("it", "nhat"), _Q.AT_LEAST), (("≥",), _Q.AT_LEAST),
    ((">=",), _Q.AT_LEAST), (("at", "least"), _Q.AT_LEAST), (("tu",), _Q.AT_LEAST),
    (("toi", "da"), _Q.AT_MOST), (("nhieu", "nhat"), _Q.AT_MOST), (("khong", "qua"), _Q.AT_MOST),
    (("≤",), _Q.AT_MOST), (("<=",), _Q.AT_MOST), (("at", "most"), _Q.AT_MOST),
    (("den",), _Q.AT_MOST), (("up", "to"), _Q.AT_MOST),
)  # fmt: skip
_AFTER: Final[tuple[tuple[tuple[str, ...], Qualifier], ...]] = (
    (("tro", "len"), _Q.AT_LEAST), (("do", "len"), _Q.AT_LEAST), (("+",), _Q.AT_LEAST),
    (("tro", "xuong"), _Q.AT_MOST), (("tro", "lai"), _Q.AT_MOST), (("do", "lai"), _Q.AT_MOST),
)  # fmt: skip
RANGE_SIGNS: Final = {"-", "~", "den", "toi", "to"}
# Accented, these words are numbers and not "about" or "from": tám, tư.
_NUMBER_WORDS: Final = {"tám", "tư", "cớ"}


def qualified(tokens: tuple[Token, ...]) -> tuple[tuple[Token, ...], Qualifier]:
    """Return the tokens without what qualifies them, and how they were qualified."""
    qualifier = _Q.EXACT
    for phrase, meant in _BEFORE:
        if _is_at(tokens, 0, phrase) and len(tokens) > len(phrase):
            tokens, qualifier = tokens[len(phrase) :], meant
            break
    for phrase, meant in _AFTER:
        start = len(tokens) - len(phrase)
        if start > 0 and _is_at(tokens, start, phrase):
            return tokens[:start], meant
    return tokens, qualifier


def _is_at(tokens: tuple[Token, ...], at: int, phrase: tuple[str, ...]) -> bool:
    window = tokens[at : at + len(phrase)]
    if tuple(token.folded for token in window) != phrase:
        return False
    if window[0].text in _NUMBER_WORDS:
        return False
    # "tam tấn", "tu ta": without accents a digit; "tam 3 tấn" is about three.
    is_plain_digit = window[0].text in {"tam", "tu"}
    return not is_plain_digit or (at + 1 < len(tokens) and tokens[at + 1].is_number)
