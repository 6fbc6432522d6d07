"""One address as the reader sees it: its pieces, where they stand, and what they may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from core.places.resolver.gazetteer import DistrictName, ProvinceName, WardName
from core.places.resolver.kinds import DISTRICT, PROVINCE
from core.places.resolver.pieces import Piece, Reading

MOST_LEVELS: Final = 3
SLIP: Final = "slip"
MARKS: Final = "marks"
ELSEWHERE: Final = "elsewhere"
# From this cost on a unit was plainly meant; each level has its own.
PLAINLY_MEANT: Final = 1.0
_DISTRICT_KINDS: Final = frozenset({"quan", "huyen", "thi_xa", "thanh_pho"})


class Mention:
    """A piece at its place: which segment, and the column it stood in, if any.

    `cost` is what it costs to leave it unread: much where a unit was plainly meant.
    """

    __slots__ = ("column", "cost", "piece", "segment")

    def __init__(self, piece: Piece, segment: int, column: str | None, *, is_last: bool) -> None:
        self.piece = piece
        self.segment = segment
        self.column = column
        self.cost = _cost(piece, column, segment, is_last=is_last)

    def overlaps(self, other: Mention) -> bool:
        """Tell whether both stand on the same words."""
        if self.segment != other.segment:
            return False
        return self.piece.start < other.piece.end and other.piece.start < self.piece.end


def _cost(piece: Piece, column: str | None, segment: int, *, is_last: bool) -> float:
    kind = piece.kind
    if kind is None and piece.is_weak:
        return 0.0
    if kind is None and column is None:
        if PROVINCE in piece.levels and (is_last or not segment):
            return 2.0 if is_last else 0.5
        return 0.15 if piece.levels else 0.05
    if kind == "tinh" or (kind is None and column == PROVINCE):
        return 2.0
    if kind in _DISTRICT_KINDS or (kind is None and column == DISTRICT):
        return 1.5
    return 1.25


class Row:
    """The mentions of one address and whether any word of it carries marks.

    `n_told` counts the levels that were plainly meant: those of the kinds and columns written.
    """

    __slots__ = (
        "are_columns", "costliest_first", "has_marks", "mentions", "n_segments", "n_told",
    )  # fmt: skip

    def __init__(self, mentions: Sequence[Mention], *, n_segments: int, are_columns: bool) -> None:
        self.mentions = mentions
        self.n_segments = n_segments
        self.are_columns = are_columns
        self.has_marks = True in [mention.piece.has_marks for mention in mentions]
        self.n_told = len({m.cost for m in mentions if m.cost >= PLAINLY_MEANT})
        self.costliest_first = mentions
        if len(mentions) > MOST_LEVELS:
            self.costliest_first = sorted(
                mentions, key=lambda m: (-m.cost, m.piece.start - m.piece.end)
            )

    @property
    def has_unknown(self) -> bool:
        """Whether a unit was plainly meant whose name nothing has: a slip at best."""
        return any(
            mention.cost >= PLAINLY_MEANT
            and not mention.piece.levels
            and not any(o.overlaps(mention) for o in self.mentions if o is not mention)
            for mention in self.mentions
        )


class Found(NamedTuple):
    """What a reading may be: names of one level and price, and how the text differs from them."""

    reading: Reading
    price: float
    flaws: tuple[str, ...]
    names: tuple[Any, ...]


class Way(NamedTuple):
    """One mention taken for certain names of one level, at a price that counts its place."""

    mention: Mention
    found: Found
    price: float

    @property
    def names(self) -> tuple[ProvinceName | DistrictName | WardName, ...]:
        """The names it is taken for."""
        return self.found.names

    @property
    def is_slip(self) -> bool:
        """Whether a letter was put right."""
        return SLIP in self.found.flaws

    @property
    def province(self) -> ProvinceName:
        """The one province name of a way to read a province."""
        name: ProvinceName = self.found.names[0]
        return name

    @property
    def district(self) -> DistrictName:
        """The one district name of a way to read a district."""
        name: DistrictName = self.found.names[0]
        return name

    @property
    def wards(self) -> tuple[WardName, ...]:
        """The names of a way to read a ward."""
        return self.found.names
