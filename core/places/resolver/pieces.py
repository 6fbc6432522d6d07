"""Text cut into pieces that may name a unit: what kind is written, which name, what is noise."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from core.places.resolver.gazetteer import Gazetteer
from core.places.resolver.kinds import (
    DISTRICT,
    LEVELS_OF_KIND,
    PROVINCE,
    ROMAN,
    WARD,
    Prefix,
    is_smaller_place,
    levels_of,
    misspelt_kind,
    prefix_at,
    suffix_kind,
)
from core.places.resolver.letters import Word, bare_key, marked_key, words_of

Told = Literal["", "was", "now"]
LONGEST_TEXT: Final = 1_000
_MOST_WORDS: Final = 40
_LONGEST_NAME: Final = 6
_MOST_KEPT: Final = 30_000
_SEPARATORS: Final = re.compile(r"[,;|/\n\r\t()\[\]{}<>\u2022\u00b7\uff0c\u3001]+")
_HYPHENS: Final = re.compile(r"[-\u2010-\u2015\u2212_]+")
_FILLERS: Final = {
    tuple(filler.split())
    for filler in ("viet nam", "vietnam", "vn", "dia chi", "d c", "dc", "address", "tai", "o")
}
_FILLER_WORDS: Final = {word for filler in _FILLERS for word in filler}
_MARKERS: Final[dict[tuple[str, ...], Told]] = {
    **{
        tuple(marker.split()): "now"
        for marker in (
            "nay la", "nay thuoc", "hien nay la", "hien la", "hien thuoc", "bay gio la",
            "nay doi thanh", "doi thanh", "sap nhap vao", "nay sap nhap vao", "sau sap nhap la",
            "nay",
        )
    },
    **{
        tuple(marker.split()): "was"
        for marker in (
            "truoc day la", "truoc day thuoc", "truoc la", "truoc thuoc", "truoc day", "ten cu la",
            "ten cu", "cu la", "xua la", "thuoc",
        )
    },
}  # fmt: skip
_MARKER_STARTS: Final = {marker[0] for marker in _MARKERS}
_NUMBERED: Final = {"phuong", "quan"}
_OLD, _PLAIN_OLD, _NEW = "cu4", "cu", {"moi2", "moi"}


class Reading(NamedTuple):
    """One way to take some words: a name and the kind in front of it, if any."""

    kind: str | None
    key: str
    marked: str

    @property
    def has_marks(self) -> bool:
        """Whether accents are written, so that they can decide."""
        return self.key != self.marked


class Piece:
    """Words that may name a unit. `start` and `end` count words within the segment.

    `levels` are those on which a reading is known; a piece that is known nowhere may still be
    a name with a slip of the finger. `is_weak` marks what stands where a street or hamlet does,
    `is_part` a known name beside words that nothing explains.
    `found` is the reader's notebook: what the piece can be in places it was looked up in.
    """

    __slots__ = (
        "end", "found", "has_marks", "is_part", "is_weak", "kind", "levels", "may_be", "readings", "start",
        "text", "told",
    )  # fmt: skip

    def __init__(
        self,
        readings: tuple[Reading, ...],
        levels: frozenset[str],
        *,
        span: tuple[int, int],
        is_weak: bool = False,
        is_part: bool = False,
        told: Told = "",
        text: str = "",
    ) -> None:
        self.readings = readings
        self.levels = levels
        self.start, self.end = span
        self.is_weak = is_weak
        self.is_part = is_part
        self.told = told
        self.text = text
        self.kind = readings[0].kind if readings else None
        self.has_marks = any([reading.key != reading.marked for reading in readings])
        if len(readings) == 1:
            self.may_be: Collection[str] = levels_of(self.kind)
        else:
            self.may_be = {level for reading in readings for level in levels_of(reading.kind)}
        self.found: dict[tuple[object, ...], object] = {}

    @property
    def is_remark(self) -> bool:
        """Whether it only tells of what stands before it, as "(cũ)" does."""
        return not self.readings

    def told_as(self, told: Told) -> Piece:
        """Return the piece with another remark on it."""
        return Piece(
            self.readings, self.levels, span=(self.start, self.end), is_weak=self.is_weak,
            is_part=self.is_part, told=told, text=self.text,
        )  # fmt: skip


class Cutter:
    """Cuts text into segments and pieces, and remembers what it has cut."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._known = gazetteer.known
        self._glued = gazetteer.glued
        self._kept: dict[tuple[str, bool], tuple[Piece, ...]] = {}

    def segments(self, text: str) -> list[tuple[Piece, ...]]:
        """Return the pieces of each segment of a text."""
        cut = [
            part
            for stretch in _SEPARATORS.split(text[:LONGEST_TEXT])
            for part in self._at_hyphens(stretch)
            if part and not part.isspace()
        ]
        found = [self.pieces(part, alone=len(cut) == 1) for part in cut]
        if all([pieces and not pieces[0].is_remark for pieces in found]):
            return found
        return _with_remarks(found)

    def pieces(self, text: str, *, alone: bool = False) -> tuple[Piece, ...]:
        """Return the pieces of one segment."""
        kept = self._kept.get((text, alone))
        if kept is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            words = words_of(text)
            plain = self._plain(words, text)
            kept = (plain,) if plain else tuple(self._cut(words, text.strip(), alone))
            self._kept[text, alone] = kept
        return kept

    def _plain(self, words: list[Word], text: str) -> Piece | None:
        """Return the piece of the commonest segment: a word of kind and a known name."""
        prefix = prefix_at(words, 0) if len(words) > 1 else None
        if prefix is None or prefix.length == len(words):
            return None
        rest = words[prefix.length :]
        reading = Reading(prefix.kind, bare_key(rest), marked_key(rest))
        levels = self._levels(reading)
        if not levels or (prefix.is_plain and bare_key(words) in self._known):
            return None
        if reading.key in ROMAN:
            return None
        return Piece((reading,), levels, span=(0, len(words)), text=text.strip())

    def _at_hyphens(self, text: str) -> Sequence[str]:
        if not _HYPHENS.search(text):
            return (text,)
        parts = [part for part in _HYPHENS.split(text) if part.strip()]
        if len(parts) == 1 or self._is_known(text):
            return [text]
        joined: list[str] = []
        for part in parts:
            if joined and self._is_known(f"{joined[-1]} {part}"):
                joined[-1] = f"{joined[-1]} - {part}"
            else:
                joined.append(part)
        return joined

    def _is_known(self, text: str) -> bool:
        words = words_of(text)
        return bool(words) and any(self._levels(reading) for reading in self._readings(words))

    def _levels(self, reading: Reading) -> frozenset[str]:
        levels = self._known.get(reading.key, frozenset())
        return levels.intersection(LEVELS_OF_KIND[reading.kind]) if reading.kind else levels

    def _readings(self, words: Sequence[Word]) -> list[Reading]:
        """Return how the words can be taken as one name, the likeliest first."""
        key, marked = bare_key(words), marked_key(words)
        whole = Reading(None, key, marked)
        found: list[Reading] = []
        prefix = prefix_at(words, 0)
        if prefix is not None and prefix.length < len(words):
            rest = words[prefix.length :]
            inner = Reading(prefix.kind, bare_key(rest), marked_key(rest))
            if not self._levels(inner):
                found += [r for r in self._readings(rest) if r.kind and self._levels(r)]
            found.append(inner)
            if inner.key in ROMAN and inner.kind in _NUMBERED:
                found.append(Reading(inner.kind, ROMAN[inner.key], ROMAN[inner.key]))
        elif key in self._glued:
            kind, name = self._glued[key]
            named = words_of(name)
            found.append(Reading(kind, bare_key(named), bare_key(named)))
        elif (kind_behind := suffix_kind(words)) is not None:
            rest = words[:-1]
            found.append(Reading(kind_behind, bare_key(rest), marked_key(rest)))
        if prefix is None or prefix.is_plain or key in self._known:
            found.append(whole)
        return found

    def _cut(self, words: list[Word], text: str, alone: bool) -> Iterator[Piece]:
        told: Told = ""
        for part, remark in _told_apart(words):
            told = remark or told
            part = _without_fillers(part)  # noqa: PLW2901
            if not part:
                if remark:
                    yield Piece((), frozenset(), span=(0, 0), told=remark)
                continue
            yield from self._pieces_of(part, told=told, text=text, alone=alone)

    def _pieces_of(
        self, words: list[Word], *, told: Told, text: str, alone: bool
    ) -> Iterator[Piece]:
        readings = self._readings(words)
        levels = [self._levels(reading) for reading in readings]
        if not any(levels) and (shorter := _without_era(words)):
            words, told = shorter
            if not words:
                yield Piece((), frozenset(), span=(0, 0), told=told)
                return
            readings = self._readings(words)
            levels = [self._levels(reading) for reading in readings]
        if not any(levels) and (mended := self._with_kind_mended(words)):
            readings, levels = [mended], [self._levels(mended)]
        is_smaller = is_smaller_place(words)
        if any(levels):
            kept = [r for r, known in zip(readings, levels, strict=True) if known]
            known_on = frozenset(level for known in levels for level in known)
            is_weak = is_smaller and not any(r.kind for r in kept)
            yield Piece(
                tuple(kept), known_on, span=(0, len(words)), is_weak=is_weak, told=told, text=text
            )
            return
        inner = list(self._inside(words[:_MOST_WORDS], told=told, weak=is_smaller, alone=alone))
        yield from inner
        if not inner and not is_smaller:
            yield Piece(tuple(readings), frozenset(), span=(0, len(words)), told=told, text=text)

    def _with_kind_mended(self, words: Sequence[Word]) -> Reading | None:
        """Return the reading of a known name behind a word of kind with a slip in it."""
        for length in (1, 2):
            kind = misspelt_kind(words[:length]) if length < len(words) else None
            if kind is not None:
                reading = _reading(kind, words[length:])
                if self._levels(reading):
                    return reading
        return None

    def _inside(
        self, words: list[Word], *, told: Told, weak: bool, alone: bool
    ) -> Iterator[Piece]:
        """Yield known names inside a longer text, and what follows a word of kind unknown."""
        prefixes = {i: found for i in range(len(words)) if (found := prefix_at(words, i))}
        hits: list[_Hit] = []
        for start, prefix in prefixes.items():
            first = start + prefix.length
            named = [
                _Hit(start, end, reading, levels)
                for end, reading, levels in self._names_at(words, first, kind=prefix.kind)
            ]
            hits += named
        if not _is_told_in_full(hits) and not (weak and not alone):
            kinds = {i for i, prefix in prefixes.items() if not prefix.is_plain}
            hits += self._bare_names(words, taken=hits, kinds=kinds)
        explained = _explained(hits, prefixes)
        for hit in hits:
            is_part = not _stands_free(hit, words, explained) or _is_shorter(hit, hits)
            is_weak = weak and hit.reading.kind is None and hit.start <= 1
            yield Piece(
                (hit.reading,), hit.levels, span=(hit.start, hit.end), is_weak=is_weak,
                is_part=is_part, told=told, text=_plain_text(words[hit.start : hit.end]),
            )  # fmt: skip
        yield from _unknown(words, prefixes, hits, told)

    def _names_at(
        self, words: list[Word], first: int, *, kind: str | None
    ) -> Iterator[tuple[int, Reading, frozenset[str]]]:
        for end in range(min(len(words), first + _LONGEST_NAME), first, -1):
            reading = _reading(kind, words[first:end])
            levels = self._levels(reading)
            if levels:
                yield end, reading, levels

    def _bare_names(
        self, words: list[Word], *, taken: list[_Hit], kinds: set[int]
    ) -> Iterator[_Hit]:
        longest = [(hit.start, hit.end) for hit in taken]
        for first in set(range(len(words))) - kinds:
            for end, reading, levels in self._names_at(words, first, kind=None):
                if reading.key.isdigit() or any(a <= first and end <= b for a, b in longest):
                    break
                longest.append((first, end))
                yield _Hit(first, end, reading, levels)
                break


class _Hit(NamedTuple):
    """A known name among the words of a segment; `start` counts its word of kind in."""

    start: int
    end: int
    reading: Reading
    levels: frozenset[str]


def _plain_text(words: Sequence[Word]) -> str:
    return " ".join([word.bare for word in words])


def _is_told_in_full(hits: list[_Hit]) -> bool:
    told = {level for hit in hits for level in hit.levels}
    return WARD in told and DISTRICT in told and PROVINCE in told


def _reading(kind: str | None, words: Sequence[Word]) -> Reading:
    return Reading(kind, bare_key(words), marked_key(words))


def _explained(hits: list[_Hit], prefixes: Mapping[int, Prefix]) -> set[int]:
    """Return the places of words that a name covers or that begin a new unit."""
    return {i for hit in hits for i in range(hit.start, hit.end)} | set(prefixes)


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
    words: list[Word], prefixes: Mapping[int, Prefix], hits: list[_Hit], told: Told
) -> Iterator[Piece]:
    """Yield stretches that may be a name with a slip: behind a word of kind, before a name."""
    free = {hit.start for hit in hits}
    seen = {(hit.start, hit.end) for hit in hits}
    for start, prefix in prefixes.items():
        first = start + prefix.length
        limit = min(len(words), first + _LONGEST_NAME)
        ends = {min([i for i in places if i > first] + [limit]) for places in (prefixes, free)}
        for end in ends:
            if first < end and (start, end) not in seen:
                seen.add((start, end))
                yield _maybe(words, start, end, _reading(prefix.kind, words[first:end]), told)
    for begin, end in _gaps(free, _explained(hits, prefixes)):
        reading = _reading(None, words[begin:end])
        if (begin, end) not in seen and not reading.key.isdigit():
            yield _maybe(words, begin, end, reading, told)


def _maybe(words: list[Word], start: int, end: int, reading: Reading, told: Told) -> Piece:
    text = _plain_text(words[start:end])
    return Piece((reading,), frozenset(), span=(start, end), told=told, text=text)


def _gaps(starts: set[int], covered: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the words in front of known names, where a name with a slip may stand."""
    for start in sorted(starts):
        first = start
        while first > 0 and first - 1 not in covered and start - first < 4:  # noqa: PLR2004
            first -= 1
        yield from ((begin, start) for begin in range(first, start))


def _told_apart(words: list[Word]) -> Iterator[tuple[list[Word], Told]]:
    """Yield the stretches between remarks such as "nay là", each with the remark before it."""
    start, remark, i = 0, "", 0
    while i < len(words):
        length = _marker_length(words, i) if words[i].bare in _MARKER_STARTS else 0
        if length:
            told = _MARKERS[tuple([w.bare for w in words[i : i + length]])]
            if i > start:
                yield words[start:i], remark  # type: ignore[misc]
            start, remark, i = i + length, told, i + length
        else:
            i += 1
    yield words[start:], remark  # type: ignore[misc]


def _marker_length(words: list[Word], start: int) -> int:
    for length in (4, 3, 2, 1):
        if tuple([w.bare for w in words[start : start + length]]) in _MARKERS:
            return length if start + length <= len(words) else 0
    return 0


def _without_fillers(words: list[Word]) -> list[Word]:
    if not words or (words[0].bare not in _FILLER_WORDS and words[-1].bare not in _FILLER_WORDS):
        return words
    for filler in _FILLERS:
        n = len(filler)
        if len(words) >= n:
            if tuple([w.bare for w in words[:n]]) == filler:
                return _without_fillers(words[n:])
            if tuple([w.bare for w in words[-n:]]) == filler and n > 1:
                return _without_fillers(words[:-n])
    return words


def _without_era(words: list[Word]) -> tuple[list[Word], Told] | None:
    if words[-1].marked in {_OLD, _PLAIN_OLD}:
        return words[:-1], "was"
    return (words[:-1], "now") if words[-1].marked in _NEW else None


def _with_remarks(segments: list[tuple[Piece, ...]]) -> list[tuple[Piece, ...]]:
    """Let a remark that stands alone, as in "Phường X (cũ)", tell of the segment before it."""
    found: list[tuple[Piece, ...]] = []
    for pieces in segments:
        if pieces and pieces[0].is_remark:
            if found:
                found[-1] = tuple(p.told_as(pieces[0].told) for p in found[-1])
            pieces = pieces[1:]  # noqa: PLW2901
        if pieces:
            found.append(pieces)
    return found
