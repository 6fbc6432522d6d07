"""Text cut into pieces that may name a unit: what kind is written, which name, what is noise."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from core.places.resolver.gazetteer import Gazetteer
from core.places.resolver.kinds import (
    DISTRICT,
    LEVELS_OF_KIND,
    PROVINCE,
    WARD,
    is_smaller_place,
    levels_of,
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
    a name with a slip of the finger. `is_weak` marks what stands where a street or hamlet does.
    `found` is the reader's notebook: what the piece can be in places it was looked up in.
    """

    __slots__ = (
        "end", "found", "has_marks", "is_weak", "kind", "levels", "may_be", "readings", "start",
        "text", "told",
    )  # fmt: skip

    def __init__(
        self,
        readings: tuple[Reading, ...],
        levels: frozenset[str],
        *,
        span: tuple[int, int],
        is_weak: bool = False,
        told: Told = "",
        text: str = "",
    ) -> None:
        self.readings = readings
        self.levels = levels
        self.start, self.end = span
        self.is_weak = is_weak
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
            told=told, text=self.text,
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

    def _inside(
        self, words: list[Word], *, told: Told, weak: bool, alone: bool
    ) -> Iterator[Piece]:
        """Yield known names inside a longer text, and what follows a word of kind unknown."""
        prefixes = {i: found for i in range(len(words)) if (found := prefix_at(words, i))}
        taken: list[tuple[int, int]] = []
        told_levels: set[str] = set()
        for start, prefix in prefixes.items():
            first = start + prefix.length
            hits = list(self._names_at(words, first, kind=prefix.kind))
            for end, reading, levels in hits:
                told_levels |= levels
                taken.append((first, end))
                yield _piece(words, (reading,), levels, start, end, told)
            if not hits and not prefix.is_plain and first < len(words):
                end = next((i for i in prefixes if i > first), len(words))
                reading = _reading(prefix.kind, words[first : min(end, first + 5)])
                yield _piece(words, (reading,), frozenset(), start, end, told)
        if (weak and not alone) or _is_told_in_full(told_levels):
            return
        yield from self._bare_names(words, taken=taken, told=told, weak=weak)

    def _names_at(
        self, words: list[Word], first: int, *, kind: str | None
    ) -> Iterator[tuple[int, Reading, frozenset[str]]]:
        for end in range(min(len(words), first + _LONGEST_NAME), first, -1):
            reading = _reading(kind, words[first:end])
            levels = self._levels(reading)
            if levels:
                yield end, reading, levels

    def _bare_names(
        self, words: list[Word], *, taken: list[tuple[int, int]], told: Told, weak: bool
    ) -> Iterator[Piece]:
        longest: list[tuple[int, int]] = list(taken)
        for first in range(len(words)):
            for end, reading, levels in self._names_at(words, first, kind=None):
                if reading.key.isdigit() or any(a <= first and end <= b for a, b in longest):
                    break
                longest.append((first, end))
                is_weak = weak and first <= 1
                yield _piece(words, (reading,), levels, first, end, told, is_weak=is_weak)
                break
        yield from _gaps(words, longest, told)


def _piece(
    words: list[Word],
    readings: tuple[Reading, ...],
    levels: frozenset[str],
    start: int,
    end: int,
    told: Told,
    *,
    is_weak: bool = False,
) -> Piece:
    text = " ".join(word.bare for word in words[start:end])
    return Piece(readings, levels, span=(start, end), is_weak=is_weak, told=told, text=text)


def _is_told_in_full(levels: set[str]) -> bool:
    return WARD in levels and DISTRICT in levels and PROVINCE in levels


def _reading(kind: str | None, words: Sequence[Word]) -> Reading:
    return Reading(kind, bare_key(words), marked_key(words))


def _gaps(words: list[Word], taken: list[tuple[int, int]], told: Told) -> Iterator[Piece]:
    """Yield the words in front of known names, where a name with a slip may stand."""
    covered = {i for start, end in taken for i in range(start, end)}
    for start, _ in taken:
        first = start
        while first > 0 and first - 1 not in covered and start - first < 4:
            first -= 1
        for begin in range(first, start):
            reading = _reading(None, words[begin:start])
            if not reading.key.isdigit():
                yield _piece(words, (reading,), frozenset(), begin, start, told)


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
