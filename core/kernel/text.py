"""Vietnamese text as people type it: cleaned for storing, folded for searching."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
# Joiners and variation selectors hold emoji together; they are format characters worth keeping.
_KEPT_FORMAT = {"\u200d", "\ufe0f"}
_DROPPED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def clean(text: str) -> str:
    """Return `text` in NFC without control and invisible characters, spaces collapsed.

    Line breaks count as spaces; use `clean_lines` where they carry meaning.
    """
    composed = unicodedata.normalize("NFC", text)
    spaced = _SPACES.sub(" ", composed)
    if spaced.isprintable():  # nearly every text: nothing of it is to be left out
        return spaced.strip()
    kept = (c for c in spaced if _is_visible(c))
    return _SPACES.sub(" ", "".join(kept)).strip()


def clean_lines(text: str) -> str:
    """Clean each line of `text` and keep the breaks, at most one blank line in a row."""
    lines = [clean(line) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def fold(text: str) -> str:
    """Return the search form: no marks, đ as d, lower case, words separated by one space.

    `fold("Chả mực  HẠ LONG") == "cha muc ha long"`, whatever the normal form of the input.
    """
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", bare.casefold()).strip()


def has_visible_text(text: str) -> bool:
    """Tell whether a letter or digit remains once the invisible is gone."""
    return any(c.isalnum() for c in clean(text))


def _is_visible(character: str) -> bool:
    if character in _KEPT_FORMAT:
        return True
    return unicodedata.category(character) not in _DROPPED_CATEGORIES
