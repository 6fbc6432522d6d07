"""Reading one name: its parts, its spelling, and at last English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rapidfuzz.distance import OSA

from core.catalogue.classifier.english import english_candidates
from core.catalogue.classifier.parsing import candidates_in, doubted
from core.catalogue.classifier.verdict import BAR, Candidate, Doubt, Verdict
from core.catalogue.classifier.vocabulary import Entry, Kind, Vocabulary, deletions
from core.catalogue.classifier.words import Word, Words, words_of
from core.kernel.text import clean

LONGEST_NAME: Final = 300
_BRACKETS: Final = re.compile(r"[(\[{（【].*?[)\]}）】]|[(\[{（【].*$")
_PARTS: Final = re.compile(r"\s+[-–—|]+\s*|\s*[-–—|]+\s+|[:;,/+&|–—•·\"“”«»]+|\.\s")
_MOST_WORDS: Final = 24
_MOST_PARTS: Final = 8
_TYPO: Final = 0.85
_SHORTEST_TYPO: Final = 7
_LONGEST_TERM: Final = 4
_LATER_PART: Final = 0.92
# A part that says this much is the name's; what stands behind a comma does not overrule it.
_HEARD: Final = 0.5


def classify(name: str, *, vocabulary: Vocabulary) -> Verdict:
    """Say which kinds of products a name may mean, the likeliest first.

    Any text is read; what cannot be a product's name gives an empty verdict. Names are read up
    to `LONGEST_NAME` characters.
    """
    text = _cleaned(name)
    parts = _parts(_BRACKETS.sub(" ", text)) or _parts(_inside(text))
    if not parts:
        return Verdict()
    is_plain = all(word.is_plain for part in parts for word in part)
    best: list[Candidate] = []
    for number, part in enumerate(parts):
        found = _read(vocabulary, part, is_plain=is_plain)
        if number:
            found = [doubted(c, Doubt.UNKNOWN_BEFORE, _LATER_PART) for c in found]
        if found and (not best or found[0].confidence > best[0].confidence):
            best = found
        if best and best[0].confidence >= _HEARD:
            break
    return Verdict(tuple(best[:8]))


def named_part(name: str) -> str:
    """Return a name's first part outside brackets, as it was written."""
    pieces = _PARTS.split(_BRACKETS.sub(" ", _cleaned(name)))
    return next((piece for piece in pieces if words_of(piece)), "")


def _cleaned(name: str) -> str:
    return clean(name[: LONGEST_NAME * 4])[:LONGEST_NAME]


def _inside(text: str) -> str:
    return re.sub(r"[()\[\]{}（）【】]", " ", text)


def _parts(text: str) -> list[Words]:
    pieces = _PARTS.split(text)[:_MOST_PARTS]
    return [words[:_MOST_WORDS] for piece in pieces if (words := words_of(piece))]


def _read(vocabulary: Vocabulary, words: Words, *, is_plain: bool) -> list[Candidate]:
    found = candidates_in(vocabulary, words, is_plain=is_plain)
    if found and found[0].confidence >= BAR:
        return found
    if is_plain and (english := english_candidates(vocabulary, words)):
        return [*english, *found]
    mended = _mended(vocabulary, words, is_plain=is_plain)
    if mended is None:
        return found
    again = candidates_in(vocabulary, mended, is_plain=is_plain)
    again = [doubted(candidate, Doubt.ONE_LETTER, _TYPO) for candidate in again]
    if again and (not found or again[0].confidence > found[0].confidence):
        return again
    return found


def _mended(vocabulary: Vocabulary, words: Words, *, is_plain: bool) -> Words | None:
    """Return the words with one typing error put right in a term of enough letters."""
    for first in range(len(words)):
        for length in range(min(_LONGEST_TERM, len(words) - first), 0, -1):
            window = words[first : first + length]
            entry = _nearest(vocabulary, window, is_plain=is_plain)
            if entry is not None:
                return words[:first] + words_of(entry.text) + words[first + length :]
    return None


def _nearest(vocabulary: Vocabulary, window: Words, *, is_plain: bool) -> Entry | None:
    letters = "".join(word.folded for word in window)
    if len(letters) < _SHORTEST_TYPO or letters.isdigit():
        return None
    if all(word.accented in vocabulary.syllables for word in window):
        return None
    keys = {key for variant in deletions(letters) for key in vocabulary.glued.get(variant, ())}
    entries = [
        entry
        for key in keys
        for entry in vocabulary.phrases[key]
        if entry.kind == Kind.TERM and _is_near(window, entry, key, is_plain=is_plain)
    ]
    return entries[0] if len({entry.code for entry in entries}) == 1 else None


def _is_near(window: Iterable[Word], entry: Entry, key: tuple[str, ...], *, is_plain: bool) -> bool:
    if is_plain:
        typed, known = "".join(word.folded for word in window), "".join(key)
    else:
        typed = "".join(word.accented for word in window)
        known = "".join(entry.accented)
    return OSA.distance(typed, known, score_cutoff=1) <= 1
