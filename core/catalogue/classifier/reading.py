"""Reading one name: its parts, one by one, the first that says something."""

from __future__ import annotations

import re
from typing import Final

from core.catalogue.classifier.english import english_candidates
from core.catalogue.classifier.matching import match_at
from core.catalogue.classifier.mending import glued_term_mended, syllable_mended
from core.catalogue.classifier.parsing import candidates_in, doubted
from core.catalogue.classifier.verdict import BAR, Candidate, Doubt, Verdict
from core.catalogue.classifier.vocabulary import Kind, Vocabulary
from core.catalogue.classifier.words import Words, words_in, words_of
from core.kernel.text import clean

LONGEST_NAME: Final = 300
_BRACKETS: Final = re.compile(r"[(\[{（【].*?[)\]}）】]|[(\[{（【].*$")
_PARTS: Final = re.compile(r"\s+[-–—|]+\s*|\s*[-–—|]+\s+|[:;,/+&|–—•·\"“”«»]+|\.\s")
_GLUED_NUMBER: Final = re.compile(r"([^\W\d_]{3,})(\d+)")
_MOST_WORDS: Final = 24
_MOST_PARTS: Final = 8
_MOST_CANDIDATES: Final = 8
_LATER_PART: Final = 0.92
_SEVERAL_GOODS: Final = 0.6
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
    if best and _are_several_goods(vocabulary, text, parts, best[0], is_plain=is_plain):
        best = [doubted(c, Doubt.SEVERAL, _SEVERAL_GOODS) for c in best]
    return Verdict(tuple(best[:_MOST_CANDIDATES]))


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
    return [words[:_MOST_WORDS] for piece in pieces if (words := words_in(piece))]


def _are_several_goods(
    vocabulary: Vocabulary, text: str, parts: list[Words], best: Candidate, *, is_plain: bool
) -> bool:
    """Tell whether a gift box or a sum names goods of more than one kind."""
    first = match_at(vocabulary, parts[0], 0, is_plain=is_plain)
    is_gift = first is not None and first.kind == Kind.GIFT
    if not is_gift and "+" not in text:
        return False
    read = [candidates_in(vocabulary, part, is_plain=is_plain) for part in parts]
    return any(
        candidate.code != best.code and candidate.is_leaf
        for found in read
        for candidate in (found if is_gift else found[:1])
    )


def _read(vocabulary: Vocabulary, words: Words, *, is_plain: bool) -> list[Candidate]:
    words = _divided(vocabulary, words)
    found = candidates_in(vocabulary, words, is_plain=is_plain)
    mended = syllable_mended(vocabulary, words, found, is_plain=is_plain)
    if mended is not None:
        return mended
    if found and found[0].confidence >= BAR:
        return found
    if is_plain and (english := english_candidates(vocabulary, words)):
        return [*english, *found]
    again = glued_term_mended(vocabulary, words, is_plain=is_plain)
    if again and (not found or again[0].confidence > found[0].confidence):
        return again
    return found


def _divided(vocabulary: Vocabulary, words: Words) -> Words:
    """Part a number from the unknown word it is glued to: Nem99."""
    if not any(_GLUED_NUMBER.fullmatch(word.folded) for word in words):
        return words
    pieces: list[str] = []
    for word in words:
        glued = _GLUED_NUMBER.fullmatch(word.accented)
        is_new = glued is not None and word.accented not in vocabulary.syllables
        pieces.append(f"{glued[1]} {glued[2]}" if glued and is_new else word.accented)
    return words_of(" ".join(pieces))
