"""Putting one typing error right, where nothing else can be meant, or refusing to guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rapidfuzz.distance import OSA

from core.catalogue.classifier.matching import match_at
from core.catalogue.classifier.parsing import candidates_in, doubted, head_end
from core.catalogue.classifier.verdict import BAR, Basis, Candidate, Doubt
from core.catalogue.classifier.vocabulary import Entry, Kind, Vocabulary, deletions
from core.catalogue.classifier.words import Word, Words, letters_of, words_of

_TYPO: Final = 0.85
_UNSURE: Final = 0.7
# A form so sure by itself stays so whatever follows; a foreign word lowers the others.
_OWN_WORD: Final = 0.74
_FOREIGN: Final = 0.9
_SHORTEST_TYPO: Final = 7
_SHORTEST_GLUED: Final = 6
_NO_TONES: Final = str.maketrans("", "", "0123456789")
_LONGEST_TERM: Final = 4
_MOST_MENDS: Final = 24
# Letters before the vowel, the vowels, and letters after them, without accents.
_SYLLABLE: Final = re.compile(
    r"(?:ngh|ng|nh|gh|gi|ch|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
    r"(?:(?:[aeiy]|oa|uy|ue)(?:ch|nh)"
    r"|(?:uye|uya|uyu|oai|oay|oeo|uay|uoi|uou|ieu|yeu|[aeiouy]{1,2})(?:ng|[cmnpt])?)"
)


def syllable_mended(
    vocabulary: Vocabulary, words: Words, found: Sequence[Candidate], *, is_plain: bool
) -> list[Candidate] | None:
    """Return a better reading where a deciding syllable was mistyped; None to keep `found`.

    The syllables that decide are the first, and the one behind a form or thing that was read by
    itself. What no Vietnamese word can be is put right; what may be a name makes the reading
    unsure where one letter would change it.
    """
    best = found[0] if found else None
    at = _deciding(vocabulary, words, best, is_plain=is_plain)
    if at is None:
        return None
    others = list(_mended_readings(vocabulary, words, at, is_plain=is_plain))
    sure = [one for one in others if one and one[0].confidence >= BAR and one[0].is_leaf]
    if not sure:
        return _beside_foreign_word(words[at], found)
    if best is not None and all(one[0].code == best.code for one in sure):
        return None
    longest = max(_length(one[0]) for one in sure)
    meant = [one for one in sure if _length(one[0]) == longest]
    if not _SYLLABLE.fullmatch(words[at].folded) and len({one[0].code for one in meant}) == 1:
        return [doubted(candidate, Doubt.ONE_LETTER, _TYPO) for candidate in meant[0]]
    if best is None or best.confidence < BAR:
        return None
    both = [*found, *(one[0] for one in meant[:3])]
    best_first = sorted(both, key=lambda candidate: -candidate.confidence)
    once = {candidate.code: candidate for candidate in reversed(best_first)}
    return [doubted(c, Doubt.ONE_LETTER, _UNSURE) for c in reversed(once.values())]


def _beside_foreign_word(word: Word, found: Sequence[Candidate]) -> list[Candidate] | None:
    """Doubt a form that was read by itself before a foreign word: "bánh Sampa" may be anything."""
    is_alone = bool(found) and found[0].basis == Basis.FORM_ALONE
    if not is_alone or found[0].confidence >= _OWN_WORD or _SYLLABLE.fullmatch(word.folded):
        return None
    return [doubted(candidate, Doubt.SEVERAL, _FOREIGN) for candidate in found]


def _length(candidate: Candidate) -> int:
    return sum(len(phrase.split()) for phrase in candidate.words)


def _deciding(
    vocabulary: Vocabulary, words: Words, best: Candidate | None, *, is_plain: bool
) -> int | None:
    """Return where an unknown syllable stands that may change the reading."""
    if match_at(vocabulary, words, 0, is_plain=is_plain) is None:
        return None if words[0].folded.isdigit() else 0
    at = head_end(vocabulary, words, is_plain=is_plain)
    if best is None or is_plain or at is None or at >= len(words):
        return None
    if words[at].accented in vocabulary.syllables or words[at].folded[0].isdigit():
        return None
    is_name = _SYLLABLE.fullmatch(words[at].folded) is not None
    return None if is_name and best.basis != Basis.FORM_ALONE else at


def _mended_readings(
    vocabulary: Vocabulary, words: Words, at: int, *, is_plain: bool
) -> Iterator[list[Candidate]]:
    typed = letters_of(words[at].accented)
    near = {s for variant in deletions(typed) for s in vocabulary.near.get(variant, ())}
    close = sorted(s for s in near if OSA.distance(typed, letters_of(s), score_cutoff=1) <= 1)
    for syllable in close[:_MOST_MENDS]:
        mended = words[:at] + words_of(syllable) + words[at + 1 :]
        yield candidates_in(vocabulary, mended, is_plain=is_plain)


def glued_term_mended(
    vocabulary: Vocabulary, words: Words, *, is_plain: bool
) -> list[Candidate] | None:
    """Return the reading with one error put right in a term of enough letters."""
    for first in range(len(words)):
        for length in range(min(_LONGEST_TERM, len(words) - first), 0, -1):
            window = words[first : first + length]
            entry = _nearest(vocabulary, window, is_plain=is_plain)
            if entry is not None:
                mended = words[:first] + words_of(entry.text) + words[first + length :]
                found = candidates_in(vocabulary, mended, is_plain=is_plain)
                return [doubted(candidate, Doubt.ONE_LETTER, _TYPO) for candidate in found]
    return None


def _nearest(vocabulary: Vocabulary, window: Words, *, is_plain: bool) -> Entry | None:
    letters = "".join(word.folded for word in window)
    if len(letters) < _SHORTEST_GLUED or letters.isdigit():
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


def _is_near(window: Words, entry: Entry, key: tuple[str, ...], *, is_plain: bool) -> bool:
    if is_plain:
        typed, known = "".join(word.folded for word in window), "".join(key)
    else:
        typed = "".join(letters_of(word.accented) for word in window)
        known = "".join(letters_of(accented) for accented in entry.accented)
    if len(window) != len(key):
        # Glued words carry their tones at one end: "chảmực".
        typed, known = typed.translate(_NO_TONES), known.translate(_NO_TONES)
    most = 1 if len(typed) >= _SHORTEST_TYPO else 0
    return OSA.distance(typed, known, score_cutoff=most) <= most
