"""Known names inside a longer text without commas, and what may be one with a slip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from core.places.resolver.kinds import (
    LEVELS,
    LEVELS_OF_KIND,
    Prefix,
    is_smaller_place,
    prefix_at,
)
from core.places.resolver.letters import Word, bare_key, marked_key
from core.places.resolver.pieces import Piece, Reading, Standing

LONGEST_NAME: Final = 6
_LONGEST_GAP: Final = 4
_EVERY_LEVEL: Final = frozenset(LEVELS)
Known = Mapping[str, frozenset[str]]


class _Hit(NamedTuple):
    """A known name among the words of a segment; `start` counts its word of kind in."""

    start: int
    end: int
    reading: Reading
    levels: frozenset[str]


def pieces_inside(
    words: Sequence[Word], *, known: Known, is_weak: bool, is_alone: bool
) -> Iterator[Piece]:
    """Yield the pieces of a text that is no name as a whole.

    Args:
        words: The words of one segment.
        known: On which levels each key is a name.
        is_weak: The text begins like a street or a hamlet: names without a word of kind in it
            are theirs, unless the text is all there is.
        is_alone: Nothing else is written.
    """
    prefixes = {i: found for i in range(len(words)) if (found := prefix_at(words, i))}
    hits = [
        _Hit(start, *name)
        for start, prefix in prefixes.items()
        for name in _names_at(words, start + prefix.length, kind=prefix.kind, known=known)
    ]
    is_told_in_full = _EVERY_LEVEL.issubset(level for hit in hits for level in hit.levels)
    if not is_told_in_full and (is_alone or not is_weak):
        hits += _bare_names(words, prefixes, hits, known)
    explained = {i for hit in hits for i in range(hit.start, hit.end)}.union(prefixes)
    is_all_read = is_told_in_full
    for hit in hits:
        standing: Standing = ""
        if is_weak and hit.reading.kind is None and hit.start <= 1:
            standing = "weak"
        elif _is_shorter(hit, hits):
            standing = "part"
        elif not _stands_free(hit, words, explained):
            standing, is_all_read = "part", False
        yield Piece(
            (hit.reading,),
            hit.levels,
            span=(hit.start, hit.end),
            standing=standing,
            words=words,
        )
    if not is_all_read:
        yield from _unknown(words, prefixes, hits, explained)


def reading_of(kind: str | None, words: Sequence[Word]) -> Reading:
    """Return the words taken as one name behind a kind."""
    return Reading(kind, bare_key(words), marked_key(words))


def levels_at(known: Known, key: str, kind: str | None) -> frozenset[str]:
    """Return the levels on which a key is a name, of those the kind allows."""
    levels = known.get(key)
    if levels is None:
        return frozenset()
    return levels if kind is None else levels.intersection(LEVELS_OF_KIND[kind])


def _names_at(
    words: Sequence[Word], first: int, *, kind: str | None, known: Known
) -> list[tuple[int, Reading, frozenset[str]]]:
    """Return the known names that begin at a word, the longest first."""
    found = []
    key = ""
    for end in range(first, min(len(words), first + LONGEST_NAME)):
        key += words[end].bare
        levels = levels_at(known, key, kind) if key in known else None
        if levels:
            marked = marked_key(words[first : end + 1])
            found.append((end + 1, Reading(kind, key, marked), levels))
    found.reverse()
    return found


def _bare_names(
    words: Sequence[Word], prefixes: Mapping[int, Prefix], taken: Sequence[_Hit], known: Known
) -> Iterator[_Hit]:
    """Yield the longest known names without a word of kind; none begins at an accented one."""
    longest = [(hit.start, hit.end) for hit in taken]
    for first in range(len(words)):
        if first in prefixes and not prefixes[first].is_plain:
            continue
        names = _names_at(words, first, kind=None, known=known)
        if not names or names[0][1].key.isdigit():
            continue
        end = names[0][0]
        if not any(a <= first and end <= b for a, b in longest):
            longest.append((first, end))
            yield _Hit(first, *names[0])


def _stands_free(hit: _Hit, words: Sequence[Word], explained: set[int]) -> bool:
    """Tell whether no unexplained word touches the name, so that it may be only a part of one."""
    if hit.end < len(words) and hit.end not in explained:
        return is_smaller_place(words[hit.end :])
    return hit.reading.kind is not None or hit.start == 0 or hit.start - 1 in explained


def _is_shorter(hit: _Hit, hits: Sequence[_Hit]) -> bool:
    return any(
        other.start == hit.start and other.end > hit.end and not hit.levels.isdisjoint(other.levels)
        for other in hits
    )


def _unknown(
    words: Sequence[Word],
    prefixes: Mapping[int, Prefix],
    hits: Sequence[_Hit],
    explained: set[int],
) -> Iterator[Piece]:
    """Yield stretches that may be a name with a slip: behind a word of kind, before a name."""
    free = {hit.start for hit in hits}
    seen = {(hit.start, hit.end) for hit in hits}
    for start, prefix in prefixes.items():
        first = start + prefix.length
        limit = min(len(words), first + LONGEST_NAME)
        for places in (prefixes, free):
            end = min([i for i in places if i > first] + [limit])
            if first < end and (start, end) not in seen:
                seen.add((start, end))
                yield _maybe(words, start, end, reading_of(prefix.kind, words[first:end]))
    for begin, end in _gaps(free, explained):
        reading = reading_of(None, words[begin:end])
        if (begin, end) not in seen and not reading.key.isdigit():
            yield _maybe(words, begin, end, reading)


def _maybe(words: Sequence[Word], start: int, end: int, reading: Reading) -> Piece:
    return Piece((reading,), frozenset(), span=(start, end), words=words)


def _gaps(starts: set[int], covered: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the words in front of known names, where a name with a slip may stand."""
    for start in sorted(starts):
        first = start
        while first > 0 and first - 1 not in covered and start - first < _LONGEST_GAP:
            first -= 1
        yield from ((begin, start) for begin in range(first, start))
