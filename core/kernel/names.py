"""Names of people and businesses: what must not pass for a name."""

from __future__ import annotations

import enum
import unicodedata
from typing import Final

from core.kernel.text import has_visible_text

_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HARMLESS_CONTROLS: Final = frozenset("\t\n\r")
_MOST_MARKS: Final = 2


class NameProblem(enum.Enum):
    """Why a text is refused as a name."""

    EMPTY = "empty"
    CONTROL = "control"
    MIXED_SCRIPTS = "mixed_scripts"
    MARKS = "marks"


def problem_of_name(text: str) -> NameProblem | None:
    """Return what is wrong with `text` as a name, None where nothing is.

    Zero-width characters and line breaks are no problem: `core.kernel.text.clean` removes them.
    Composition comes first, for a decomposed Vietnamese name is the same name.
    """
    composed = unicodedata.normalize("NFC", text)
    if any(_is_control(c) for c in composed):
        return NameProblem.CONTROL
    if not has_visible_text(composed):
        return NameProblem.EMPTY
    if _longest_run_of_marks(composed) > _MOST_MARKS:
        return NameProblem.MARKS
    if len(scripts_of(composed)) > 1:
        return NameProblem.MIXED_SCRIPTS
    return None


def scripts_of(text: str) -> set[str]:
    """Return the scripts of the letters in `text`, such as {"LATIN"}.

    Digits, signs and marks belong to none. The script is the first word of the letter's
    Unicode name, which is exact for the scripts people mix up with Latin.
    """
    letters = {c for c in text if unicodedata.category(c) in {"Lu", "Ll", "Lt", "Lo"}}
    return {unicodedata.name(c, "UNKNOWN").split()[0] for c in letters} - {"FEMININE", "MASCULINE"}


def _is_control(character: str) -> bool:
    if character in _HARMLESS_CONTROLS:
        return False
    return unicodedata.category(character) == "Cc" or character in _BIDI


def _longest_run_of_marks(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        longest = max(longest, run)
    return longest
