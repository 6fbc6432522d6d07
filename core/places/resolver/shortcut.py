"""The quick way for the commonest rows: a plain ward beside a district and province seen before.

Lists repeat their districts and provinces row by row. What these mean together is kept, so
that only the ward is left to look up. Whatever is not plain goes the long way, which answers
the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from core.places.resolver import reporting
from core.places.resolver.gazetteer import WardName
from core.places.resolver.kinds import DISTRICT, PROVINCE, WARD, levels_of
from core.places.resolver.lookup import MANNERS, Lookup
from core.places.resolver.pieces import Piece
from core.places.resolver.readings import AS_LIKELY, POINTS, Interpretation, Reader
from core.places.resolver.resolution import Resolution
from core.places.resolver.rows import Found, Mention, Row, Way

_MOST_KEPT: Final = 10_000
_NEARLY_NONE: Final = 0.2


class Frame(NamedTuple):
    """A province, mostly with a district, that can only be read in one way.

    `wards` are the names of the one district, where these alone decide.
    """

    province: Way
    district: Way | None
    wards: dict[str, list[WardName]] | None
    has_marks: bool

    @property
    def is_bare(self) -> bool:
        """Whether it is written without the accents it has."""
        if self.has_marks:
            return False
        ways = [way for way in (self.province, self.district) if way is not None]
        return any(way.found.reading.marked != way.names[0].marked for way in ways)


class Shortcut:
    """Answers plain rows on the map of today, and none other."""

    def __init__(self, reader: Reader, lookup: Lookup) -> None:
        self._reader = reader
        self._lookup = lookup
        self._frames: dict[object, Frame | None] = {}

    def knows(self, key: object) -> bool:
        """Tell whether a frame was looked at before."""
        return key in self._frames

    def learn(self, key: object, row: Row | None) -> None:
        """Keep what the district and province of a row mean, if there is but one reading."""
        self._keep(key, None if row is None else self._frame(row))

    def learn_province(self, key: object, province: Piece) -> None:
        """Keep a province without a district, unless its name may be a district's."""
        above = Mention(province, 1, None, is_last=True)
        found = self._lookup.provinces(above, MANNERS[province.has_marks, False])
        is_plain = len(found) == 1 and not found[0].flaws and not found[0].price
        may_be_district = DISTRICT in province.levels
        frame = None
        if is_plain and not may_be_district and province.told != "now":
            frame = Frame(Way(above, found[0], 0.0), None, None, province.has_marks)
        self._keep(key, frame)

    def learn_named(self, key: object, *, district: Piece, province: Piece) -> bool:
        """Keep a frame whose parts cannot change places; tell whether it was plain."""
        if PROVINCE in district.levels or len(district.readings) > 1:
            return False
        above = Mention(province, 1, None, is_last=True)
        below = Mention(district, 0, None, is_last=False)
        manner = MANNERS[district.has_marks or province.has_marks, False]
        of_province = self._lookup.provinces(above, manner)
        if len(of_province) != 1 or of_province[0].flaws or of_province[0].price:
            return False
        of_district = self._lookup.districts(below, of_province[0].names[0], manner)
        if len(of_district) != 1 or of_district[0].flaws or of_district[0].price > _NEARLY_NONE:
            return False
        ways = Way(above, of_province[0], 0.0), Way(below, of_district[0], of_district[0].price)
        self._keep(key, _framed(*ways, has_marks=manner.has_marks))
        return True

    def _keep(self, key: object, frame: Frame | None) -> None:
        if len(self._frames) >= _MOST_KEPT:
            self._frames.clear()
        self._frames[key] = frame

    def _frame(self, row: Row) -> Frame | None:
        # With a ward beside it, the district's name can be no ward's as well.
        ranked = [one for one in self._reader.interpretations(row, slips=False) if one.ward is None]
        if not ranked or (len(ranked) > 1 and ranked[1].score > ranked[0].score - AS_LIKELY):
            return None
        top = ranked[0]
        if top.province is None or top.district is None:
            return None
        if top.left or top.score < 2 * POINTS - AS_LIKELY:
            return None
        ways = top.province, top.district
        if any(way.found.flaws or way.mention.piece.told == "now" for way in ways):
            return None
        return _framed(*ways, has_marks=row.has_marks)

    def answer(
        self, key: object, pieces: Sequence[Piece], *, column: str | None
    ) -> Resolution | None:
        """Return the answer for the pieces beside a known frame, None where they are not plain."""
        frame = self._frames[key]
        piece = _plain_ward(pieces, column) if frame is not None else None
        if frame is None or piece is None or (frame.is_bare and piece.has_marks):
            return None
        mention = Mention(piece, -1, column, is_last=False)
        found = _to_the_letter(piece, frame) or self._looked_up(mention, frame)
        if found is None:
            return None
        names: Sequence[WardName] = found.names
        codes = names[0].on_new_map
        if len(names) > 1:
            codes = codes.union(*[name.on_new_map for name in names])
        ward = Way(mention, found, found.price)
        top = Interpretation(3 * POINTS, frame.province, frame.district, ward, ())
        return reporting.resolution(
            top,
            readings=(top,),
            codes=codes,
            province=frame.province.province.province.code,
            conflicts=(),
            is_certain=len(codes) == 1,
        )

    def _looked_up(self, mention: Mention, frame: Frame) -> Found | None:
        manner = MANNERS[frame.has_marks or mention.piece.has_marks, False]
        found = self._lookup.wards(mention, frame.province, frame.district, manner)
        return found[0] if len(found) == 1 and not found[0].flaws else None


def _framed(province: Way, district: Way, *, has_marks: bool) -> Frame:
    districts = district.district.districts
    wards = districts[0].wards if len(districts) == 1 else None
    return Frame(province, district, wards, has_marks)


def _to_the_letter(piece: Piece, frame: Frame) -> Found | None:
    """Return the names of the district that agree in letters, marks and kind, if none is former."""
    reading = piece.readings[0]
    if frame.wards is None or reading.kind is None or piece.told:
        return None
    names = frame.wards.get(reading.key, ())
    agreeing = []
    for name in names:
        if name.era == "former" or (name.marked != reading.marked and not reading.has_marks):
            return None
        if name.marked == reading.marked and name.kind == reading.kind:
            agreeing.append(name)
    return Found(reading, 0.0, (), tuple(agreeing)) if agreeing else None


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
