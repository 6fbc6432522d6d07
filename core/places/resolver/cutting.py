"""Text cut into segments, and segments into pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from core.places.resolver.gazetteer import Gazetteer
from core.places.resolver.inside import levels_at, pieces_inside, reading_of
from core.places.resolver.kinds import (
    ROMAN,
    is_smaller_place,
    misspelt_kind,
    prefix_at,
    suffix_kind,
)
from core.places.resolver.letters import Word, bare_key, marked_key, words_of
from core.places.resolver.pieces import Piece, Reading, Told
from core.places.resolver.remarks import heard, told_apart, without_fillers, without_time

LONGEST_TEXT: Final = 1_000
_MOST_WORDS: Final = 40
_MOST_KEPT: Final = 8_000
_NUMBERED: Final = {"phuong", "quan"}
_SEPARATORS: Final = re.compile(r"[,;|/\n\r\t()\[\]{}<>\u2022\u00b7\uff0c\u3001]+")
_HYPHENS: Final = re.compile(r"[-\u2010-\u2015\u2212_]+")


class Cutter:
    """Cuts text into segments and pieces, and remembers what it has cut."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._known = gazetteer.known
        self._glued = gazetteer.glued
        self._kept: dict[tuple[str, bool], tuple[Piece, ...]] = {}

    def segments(self, text: str, *, is_front: bool = False) -> list[tuple[Piece, ...]]:
        """Return the pieces of each segment of a text; a front is followed by more."""
        cut = [
            part
            for stretch in _SEPARATORS.split(text[:LONGEST_TEXT])
            for part in self._at_hyphens(stretch)
            if part and not part.isspace()
        ]
        is_alone = len(cut) == 1 and not is_front
        found = [self.pieces(part, alone=is_alone) for part in cut]
        if all(pieces and not pieces[0].is_remark for pieces in found):
            return found
        return heard(found)

    def pieces(self, text: str, *, alone: bool = False) -> tuple[Piece, ...]:
        """Return the pieces of one segment."""
        kept = self._kept.get((text, alone))
        if kept is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            words = words_of(text)
            plain = self._plain(words)
            cut = [plain] if plain else self._cut(words, alone=alone)
            kept = tuple(piece for n, piece in enumerate(cut) if not (n and piece.is_remark))
            typed = text.strip()
            for piece in kept:
                piece.text = typed
            self._kept[text, alone] = kept
        return kept

    def _plain(self, words: list[Word]) -> Piece | None:
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
        return Piece((reading,), levels, span=(0, len(words)))

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
        return levels_at(self._known, reading.key, reading.kind)

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

    def _cut(self, words: list[Word], *, alone: bool) -> Iterator[Piece]:
        told: Told = ""
        for number, (stretch, remark) in enumerate(told_apart(words)):
            told = remark or told
            part = without_fillers(stretch)
            if not part:
                if remark and not number:
                    yield _remark(remark)
                continue
            for piece in self._pieces_of(part, alone=alone):
                piece.told = piece.told or told
                yield piece

    def _pieces_of(self, words: list[Word], *, alone: bool) -> Iterator[Piece]:
        whole = self._whole(words)
        if whole is not None:
            yield whole
            return
        timed = without_time(words)
        if timed is not None:
            rest, told = timed
            yield from self._before_time(rest, told, alone=alone)
            return
        is_smaller = is_smaller_place(words)
        inner = list(
            pieces_inside(
                words[:_MOST_WORDS], known=self._known, is_weak=is_smaller, is_alone=alone
            )
        )
        yield from inner
        if not inner and not is_smaller:
            yield Piece(tuple(self._readings(words)), frozenset(), span=(0, len(words)))

    def _before_time(self, words: list[Word], told: Told, *, alone: bool) -> Iterator[Piece]:
        if not words:
            yield _remark(told)
            return
        for piece in self._pieces_of(words, alone=alone):
            piece.told = piece.told or told
            yield piece

    def _whole(self, words: list[Word]) -> Piece | None:
        """Return the piece of a text that is a known name as a whole."""
        readings = [each for each in self._readings(words) if self._levels(each)]
        if not readings:
            mended = self._with_kind_mended(words)
            if mended is None:
                return None
            readings = [mended]
        is_bare = not any(each.kind for each in readings)
        is_weak = is_bare and len(words) > 1 and is_smaller_place(words)
        return Piece(
            tuple(readings),
            frozenset().union(*[self._levels(each) for each in readings]),
            span=(0, len(words)),
            standing="weak" if is_weak else "",
        )

    def _with_kind_mended(self, words: Sequence[Word]) -> Reading | None:
        """Return the reading of a known name behind a word of kind with a slip in it."""
        for length in (1, 2):
            kind = misspelt_kind(words[:length]) if length < len(words) else None
            if kind is not None:
                reading = reading_of(kind, words[length:])
                if self._levels(reading):
                    return reading
        return None


def _remark(told: Told) -> Piece:
    piece = Piece((), frozenset(), span=(0, 0))
    piece.told = told
    return piece
