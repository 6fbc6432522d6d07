"""Finding known phrases in a row of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from core.catalogue.classifier.vocabulary import Entry, Kind, Vocabulary
from core.catalogue.classifier.words import Accents, Word, agreement

_NAMES: Final = (Kind.NAME, Kind.PLACE)


class Match(NamedTuple):
    """A known phrase at a place in the text; several entries where it may mean several things.

    The first of the entries' kinds decides. `rival` is a longer phrase that would fit if some
    accents were left out: "chả muc".
    """

    first: int
    last: int
    entries: tuple[Entry, ...]
    accents: Accents
    kind: Kind
    rival: Match | None = None

    @property
    def length(self) -> int:
        """How many words it holds."""
        return self.last - self.first

    def of_kind(self, kind: Kind) -> list[Entry]:
        """Return the entries of one kind."""
        return [entry for entry in self.entries if entry.kind == kind]


def match_at(
    vocabulary: Vocabulary, words: Sequence[Word], first: int, *, is_plain: bool
) -> Match | None:
    """Return the longest known phrase that begins here, with its accents if possible.

    Args:
        vocabulary: What is known.
        words: The words of the text.
        first: Where to look.
        is_plain: Whether the whole text was typed without accents; then every reading counts.
    """
    lacking = None
    for match in _matches(vocabulary, words, first, is_plain=is_plain):
        # A place's name explains words only where it is written with its accents.
        is_meant = is_plain and match.kind not in _NAMES
        if is_meant or match.accents == Accents.SAME:
            return match if lacking is None else match._replace(rival=lacking)
        # One word without accents among accented ones is a name, not a lapse.
        if match.length > 1 and (is_plain or match.kind not in _NAMES):
            lacking = lacking or match
    return None if is_plain else lacking


def _matches(
    vocabulary: Vocabulary, words: Sequence[Word], first: int, *, is_plain: bool
) -> Iterator[Match]:
    most = min(vocabulary.longest.get(words[first].folded, 0), len(words) - first)
    for length in range(most, 0, -1):
        window = words[first : first + length]
        found = vocabulary.phrases.get(tuple(word.folded for word in window))
        if found and (match := _graded(found, window, first, is_plain=is_plain)):
            yield match


def _graded(
    found: Sequence[Entry], window: Sequence[Word], first: int, *, is_plain: bool
) -> Match | None:
    grades = [(agreement(window, entry.accented), entry) for entry in found]
    usable = [(grade, entry) for grade, entry in grades if grade < Accents.OTHER]
    if not usable:
        return None
    best = min(grade for grade, _ in usable)
    kept = tuple(entry for grade, entry in usable if is_plain or grade == best)
    accents = best
    if is_plain and (best == Accents.MISSING or len({e.accented for e in kept}) > 1):
        accents = Accents.MISSING
    kind = min(entry.kind for entry in kept)
    return Match(first, first + len(window), kept, accents, kind)


def matches_from(
    vocabulary: Vocabulary, words: Sequence[Word], first: int, *, is_plain: bool
) -> list[Match]:
    """Return the phrases from a place to the end, each word in one phrase at most."""
    found, at = [], first
    while at < len(words):
        match = match_at(vocabulary, words, at, is_plain=is_plain)
        if match is None:
            at += 1
        else:
            found.append(match)
            at = match.last
    return found
