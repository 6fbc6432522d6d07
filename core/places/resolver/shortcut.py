"""The quick way for the commonest rows: a plain ward before a district and province seen before.

Lists repeat their districts and provinces row by row. What these mean together is kept, so
that only the ward is left to look up. Whatever is not plain goes the long way, which answers
the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from core.places.resolver import reporting
from core.places.resolver.kinds import WARD, levels_of
from core.places.resolver.lookup import MANNERS, Lookup
from core.places.resolver.pieces import Piece
from core.places.resolver.readings import AS_LIKELY, POINTS, Interpretation, Reader
from core.places.resolver.resolution import Resolution
from core.places.resolver.rows import Mention, Row, Way

_MOST_KEPT: Final = 10_000


class Tail(NamedTuple):
    """A district and a province that can only be read in one way."""

    province: Way
    district: Way
    has_marks: bool


class Shortcut:
    """Answers plain rows on the map of today, and none other."""

    def __init__(self, reader: Reader, lookup: Lookup) -> None:
        self._reader = reader
        self._lookup = lookup
        self._tails: dict[object, Tail | None] = {}

    def knows(self, key: object) -> bool:
        """Tell whether a tail was looked at before."""
        return key in self._tails

    def learn(self, key: object, row: Row) -> None:
        """Keep what the district and province of a row mean, if there is but one reading."""
        if len(self._tails) >= _MOST_KEPT:
            self._tails.clear()
        self._tails[key] = self._tail(row)

    def _tail(self, row: Row) -> Tail | None:
        # With a ward in front, the district's name can be no ward's as well.
        ranked = [one for one in self._reader.interpretations(row, slips=False) if one.ward is None]
        if not ranked or (len(ranked) > 1 and ranked[1].score > ranked[0].score - AS_LIKELY):
            return None
        province, district = ranked[0].province, ranked[0].district
        if province is None or district is None or ranked[0].left:
            return None
        if province.found.flaws or district.found.flaws or ranked[0].score < 2 * POINTS - AS_LIKELY:
            return None
        if any(mention.piece.told == "now" for mention in row.mentions):
            return None
        return Tail(province, district, row.has_marks)

    def answer(
        self, key: object, pieces: Sequence[Piece], *, column: str | None
    ) -> Resolution | None:
        """Return the answer for the pieces before a known tail, None where they are not plain."""
        tail = self._tails[key]
        piece = _plain_ward(pieces, column) if tail is not None else None
        if tail is None or piece is None:
            return None
        mention = Mention(piece, -1, column, is_last=False)
        manner = MANNERS[tail.has_marks or piece.has_marks, False]
        found = self._lookup.wards(mention, tail.province, tail.district, manner)
        if len(found) != 1 or found[0].flaws:
            return None
        ward = Way(mention, found[0], found[0].price)
        codes = ward.wards[0].on_new_map.union(*[name.on_new_map for name in ward.wards[1:]])
        top = Interpretation(3 * POINTS, tail.province, tail.district, ward, ())
        return reporting.resolution(
            top,
            readings=(top,),
            codes=codes,
            province=tail.province.province.province.code,
            conflicts=(),
            is_certain=len(codes) == 1,
        )


def _plain_ward(pieces: Sequence[Piece], column: str | None) -> Piece | None:
    """Return the one piece that is a ward to the letter, None where anything else is written."""
    found = None
    for piece in pieces:
        if not piece.levels and piece.kind is None:
            continue
        if found is not None or len(piece.readings) != 1 or piece.told == "now":
            return None
        found = piece
    if found is None or found.is_part or found.is_weak or WARD not in found.levels:
        return None
    if found.kind is not None:
        return found if levels_of(found.kind) == (WARD,) else None
    # Without its kind a name may be a district's as well, unless it stands among the wards.
    return found if column == WARD or found.levels == {WARD} else None
