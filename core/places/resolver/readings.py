"""Every way to take the pieces of one address for a province, a district and a ward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from core.places.resolver.kinds import DISTRICT, PROVINCE, WARD
from core.places.resolver.lookup import MANNERS, Lookup
from core.places.resolver.rows import Mention, Row, Way

POINTS: Final = 3.0
# A reading this much worse than the best is not taken seriously.
AS_LIKELY: Final = 0.45
_OUT_OF_PLACE: Final = 0.4
_GAP: Final = 0.3
# A lone district or ward name is less likely meant than a province of that name.
_ALONE: Final = 0.5
_MOST_WAYS: Final = 16


class Interpretation(NamedTuple):
    """One way to read a whole address, with its score; higher is better."""

    score: float
    province: Way | None
    district: Way | None
    ward: Way | None
    left: tuple[Mention, ...]


class Reader:
    """Finds the ways to read a row, first exactly, then with one slip of the finger."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def interpretations(self, row: Row, *, slips: bool) -> list[Interpretation]:
        """Return the ways to read a row, best first.

        Three levels score at most nine points, two six: once a reading is clearly better than
        what fewer levels can score, those are not tried. Nor are they, before slips are thought
        of, where more units were plainly meant.
        """
        provinces = self._provinces(row, slips=slips)
        found = list(self._with_three_levels(row, provinces, slips=slips))
        for levels, tier in ((2, self._with_two_levels), (1, self._with_one_level)):
            best = max([one.score for one in found], default=0.0)
            if best >= POINTS * levels + AS_LIKELY or (levels < row.n_told and not slips):
                break
            found += tier(row, provinces, slips=slips)
        found.sort(key=_by_score)
        return found

    def _with_three_levels(
        self, row: Row, provinces: Sequence[Way], *, slips: bool
    ) -> Iterator[Interpretation]:
        for province in provinces:
            for district in self._districts(row, province, slips=slips):
                for ward in self._wards(row, province, district, slips=slips):
                    yield _scored(row, province, district, ward)

    def _with_two_levels(
        self, row: Row, provinces: Sequence[Way], *, slips: bool
    ) -> Iterator[Interpretation]:
        for province in provinces:
            for district in self._districts(row, province, slips=slips):
                yield _scored(row, province, district, None)
            for ward in self._wards(row, province, None, slips=slips):
                yield _scored(row, province, None, ward)
        for district in self._districts(row, None, slips=False):
            for ward in self._wards(row, None, district, slips=slips):
                yield _scored(row, None, district, ward)

    def _with_one_level(
        self, row: Row, provinces: Sequence[Way], *, slips: bool
    ) -> Iterator[Interpretation]:
        del slips
        for province in provinces:
            yield _scored(row, province, None, None)
        for district in self._districts(row, None, slips=False):
            yield _scored(row, None, district, None)
        for ward in self._wards(row, None, None, slips=False):
            yield _scored(row, None, None, ward)

    # One level

    def _provinces(self, row: Row, *, slips: bool) -> list[Way]:
        ways = []
        last = row.n_segments - 1
        exactly, freely = MANNERS[row.has_marks, False], MANNERS[row.has_marks, slips]
        for mention in row.mentions:
            if PROVINCE not in mention.piece.may_be:
                continue
            at_edge = mention.segment in {0, last}
            for fit in self._lookup.provinces(mention, freely if at_edge else exactly):
                in_middle = fit.reading.kind is None and mention.column is None and not at_edge
                price = fit.price + _OUT_OF_PLACE if in_middle else fit.price
                ways.append(Way(mention, fit, price))
        return _cheapest(ways)

    def _districts(self, row: Row, province: Way | None, *, slips: bool) -> list[Way]:
        ways = []
        name = province.province if province else None
        manner = MANNERS[row.has_marks, slips]
        for mention in row.mentions:
            if DISTRICT not in mention.piece.may_be or (
                province is not None and mention.overlaps(province.mention)
            ):
                continue
            found = self._lookup.districts(mention, name, manner)
            ways += [Way(mention, fit, fit.price) for fit in found]
        return _cheapest(ways)

    def _wards(
        self, row: Row, province: Way | None, district: Way | None, *, slips: bool
    ) -> list[Way]:
        ways = []
        manner = MANNERS[row.has_marks, slips]
        for mention in row.mentions:
            if (
                WARD not in mention.piece.may_be
                or (province is not None and mention.overlaps(province.mention))
                or (district is not None and mention.overlaps(district.mention))
            ):
                continue
            gap = 0.0
            if district is not None and mention.segment == district.mention.segment:
                gap = _price_of_gap(mention, district.mention)
            for fit in self._lookup.wards(mention, province, district, manner):
                price = fit.price + gap if fit.reading.kind is None else fit.price
                ways.append(Way(mention, fit, price))
        return _cheapest(ways)


def _by_score(one: Interpretation) -> float:
    return -one.score


def _cheapest(ways: list[Way]) -> list[Way]:
    if len(ways) > 1:
        ways.sort(key=lambda way: way.price)
    return ways[:_MOST_WAYS]


def _scored(
    row: Row, province: Way | None, district: Way | None, ward: Way | None
) -> Interpretation:
    used = []
    score = 0.0
    for way in (province, district, ward):
        if way is not None:
            used.append(way.mention)
            score += POINTS - way.price
    left = _left_over(row, used) if len(row.mentions) > len(used) else ()
    for mention in left:
        score -= mention.cost
    if not row.are_columns and len(used) > 1:
        score -= _price_of_order(used)
    if province is None and len(used) == 1:
        score -= _ALONE
    return Interpretation(score, province, district, ward, left)


def _left_over(row: Row, used: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the costliest mention of each stretch of words no unit was read from."""
    kept: list[Mention] = []
    for mention in row.costliest_first:
        if mention not in used and not any(mention.overlaps(o) for o in (*used, *kept)):
            kept.append(mention)
    return tuple(kept)


def _price_of_gap(mention: Mention, district: Mention) -> float:
    first, second = sorted((mention.piece, district.piece), key=lambda piece: piece.start)
    return _GAP if second.start > first.end else 0.0


def _price_of_order(used: Sequence[Mention]) -> float:
    """Return the cost of levels that stand neither upwards nor downwards."""
    first, second = used[0], used[1]
    is_down = _precedes(first, second)
    if len(used) == 2:  # noqa: PLR2004 -- two are always in some order
        return 0.0
    return 0.0 if _precedes(second, used[2]) == is_down else _OUT_OF_PLACE


def _precedes(first: Mention, second: Mention) -> bool:
    if first.segment != second.segment:
        return first.segment < second.segment
    return first.piece.start < second.piece.start
