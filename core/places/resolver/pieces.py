"""Pieces of text that may name a unit: what kind is written, which name, what is noise."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any, Final, Literal, NamedTuple

from core.places.resolver.kinds import levels_of
from core.places.resolver.letters import Word, typed_run

Told = Literal["", "was", "now"]
Standing = Literal["", "weak", "part"]
_INITIAL: Final = re.compile(r"(?<=[\s.])[^\W\d_](?=[\s.])")


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
    `text` is the segment as typed; `words` all its words where the piece is but some of them.
    `found` is the reader's notebook: what the piece can be in places it was looked up in.
    """

    __slots__ = (
        "end", "found", "has_marks", "is_part", "is_weak", "kind", "levels", "may_be",
        "readings", "start", "text", "told", "words",
    )  # fmt: skip

    def __init__(
        self,
        readings: tuple[Reading, ...],
        levels: frozenset[str],
        *,
        span: tuple[int, int],
        standing: Standing = "",
        words: Sequence[Word] = (),
    ) -> None:
        self.readings = readings
        self.levels = levels
        self.start, self.end = span
        self.is_weak = standing == "weak"
        self.is_part = standing == "part"
        self.told: Told = ""
        self.text = ""
        self.words = words
        self.kind = readings[0].kind if readings else None
        self.has_marks = any(reading.key != reading.marked for reading in readings)
        if len(readings) == 1:
            self.may_be: Collection[str] = levels_of(self.kind)
        else:
            self.may_be = {level for reading in readings for level in levels_of(reading.kind)}
        self.found: dict[tuple[object, ...], Any] = {}

    @property
    def has_initial(self) -> bool:
        """Whether a letter stands for a syllable, as in "Đ.Lương"; the kind in front may."""
        text = " ".join(self._bare()) if self.words else self.text
        return _INITIAL.search(text) is not None

    @property
    def typed(self) -> str:
        """Its words as the person wrote them."""
        return typed_run(self.text, self._bare(), first=self.start) or self.text

    def _bare(self) -> list[str]:
        return [word.bare for word in self.words[self.start : self.end]]

    @property
    def is_remark(self) -> bool:
        """Whether it only tells of what stands before it, as "(cũ)" does."""
        return not self.readings

    def told_as(self, told: Told) -> Piece:
        """Return the piece with a remark on it, the same one each time."""
        piece: Piece | None = self.found.get((told,))
        if piece is not None:
            return piece
        standing: Standing = "weak" if self.is_weak else "part" if self.is_part else ""
        span = (self.start, self.end)
        piece = Piece(self.readings, self.levels, span=span, standing=standing, words=self.words)
        piece.told = told
        piece.text = self.text
        self.found[told,] = piece
        return piece
