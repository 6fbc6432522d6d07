"""From the ways to read an address to one answer: certain, several, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.places.resolver import reporting
from core.places.resolver.gazetteer import DistrictName, Gazetteer, WardName
from core.places.resolver.kinds import DISTRICT, PROVINCE, WARD, levels_of
from core.places.resolver.matching import ONE_SLIP
from core.places.resolver.pieces import Reading
from core.places.resolver.readings import AS_LIKELY, Interpretation
from core.places.resolver.resolution import Resolution
from core.places.resolver.rows import ELSEWHERE, MARKS, PLAINLY_MEANT, SLIP, Mention, Way

_DISTRICT_COST: Final = 1.5
_MOST_FLAWS: Final = 1.3
_LONG_ENOUGH: Final = 5
_MOST_WEIGHED: Final = 60
_MOST_CANDIDATES_WITHOUT_PROVINCE: Final = 20
Codes = frozenset[str]


@dataclass(slots=True)
class Weighed:
    """An interpretation with the codes it means and what it leaves unexplained."""

    one: Interpretation
    score: float
    codes: Codes
    conflicts: tuple[Mention, ...]


class Decider:
    """Weighs the interpretations of one row on one of the two maps."""

    def __init__(self, gazetteer: Gazetteer, *, is_new_map: bool) -> None:
        self._all = gazetteer
        self._is_new_map = is_new_map

    def weigh(self, ranked: Sequence[Interpretation]) -> list[Weighed]:
        """Return the likely readings, the best first."""
        if len(ranked) == 1:
            return [self._weighed(ranked[0])]
        if not ranked:
            return []
        weighed = [self._weighed(one) for one in ranked[:_MOST_WEIGHED]]
        weighed.sort(key=lambda each: -each.score)
        likely = [w for w in weighed if w.score >= weighed[0].score - AS_LIKELY]
        return [w for w in likely if not _says_less(w, likely)]

    @staticmethod
    def is_plain(likely: Sequence[Weighed]) -> bool:
        """Tell whether all was read to the letter, so that no slip need be thought of."""
        if not likely or likely[0].conflicts:
            return False
        one = likely[0].one
        return one.ward is not None and not any(
            way is not None and (way.mention.piece.is_part or MARKS in way.found.flaws)
            for way in (one.ward, one.district, one.province)
        )

    def answer(self, likely: Sequence[Weighed]) -> Resolution:
        """Return the answer the likely readings allow."""
        if not likely:
            return Resolution()
        top = likely[0]
        codes: Codes = top.codes
        if len(likely) > 1:
            codes = codes.union(*[each.codes for each in likely])
        province = self._province(likely)
        is_certain = (
            len(codes) == 1
            and province is not None
            and all(_is_firm(each.one) for each in likely)
            and not _is_contradicted(top)
        )
        if province is None and len(codes) > _MOST_CANDIDATES_WITHOUT_PROVINCE:
            codes = frozenset()
        return reporting.resolution(
            top.one,
            readings=[each.one for each in likely],
            codes=codes,
            province=province,
            conflicts=top.conflicts,
            is_certain=is_certain,
        )

    # One interpretation

    def _weighed(self, one: Interpretation) -> Weighed:
        codes = self._codes(one)
        score = one.score
        conflicts = []
        for mention in one.left:
            if not mention.cost:
                continue
            agreed = self._agreed(mention, one, codes)
            if agreed is not None:
                score += mention.cost
                codes = agreed
            elif mention.cost >= PLAINLY_MEANT:
                conflicts.append(mention)
            elif one.ward is not None and not mention.piece.is_part:
                codes |= self._also_named(mention, one)
        return Weighed(one, score, codes, tuple(conflicts))

    def _also_named(self, mention: Mention, one: Interpretation) -> Codes:
        """Return the codes of a second ward named to the letter beside the first."""
        if one.district is not None:
            tables = [district.wards for district in one.district.district.districts]
        elif one.province is not None:
            tables = [one.province.province.province.wards]
        else:
            return frozenset()
        found = [
            self._of_ward(name)
            for table in tables
            for reading in mention.piece.readings
            if reading.kind is None
            for name in table.get(reading.key, ())
            if name.marked == reading.marked or not reading.has_marks
        ]
        return frozenset().union(*found)

    def _codes(self, one: Interpretation) -> Codes:
        if one.ward is not None:
            wards = one.ward.wards
            if not self._is_new_map:  # what was called so then, before what is called so now
                wards = tuple(name for name in wards if name.era != "new") or wards
            if len(wards) == 1:
                return self._of_ward(wards[0])
            return frozenset().union(*[self._of_ward(name) for name in wards])
        if one.district is not None:
            return self._of_districts(one.district.district)
        return frozenset()

    def _of_ward(self, name: WardName) -> Codes:
        return name.on_new_map if self._is_new_map else name.on_old_map

    def _of_districts(self, name: DistrictName) -> Codes:
        found = [d.on_new_map if self._is_new_map else d.on_old_map for d in name.districts]
        return frozenset().union(*found)

    def _agreed(self, mention: Mention, one: Interpretation, codes: Codes) -> Codes | None:
        """Return the codes left once a further mention is heard, None where it disagrees.

        Only what is written with its kind, or behind a remark such as "nay là", narrows them.
        """
        is_told = mention.cost >= PLAINLY_MEANT or bool(mention.piece.told)
        for reading in mention.piece.readings:
            levels = levels_of(reading.kind)
            if PROVINCE in levels and self._repeats_province(reading, one):
                return codes
            heard: list[Codes] = []
            if DISTRICT in levels and (one.district is not None or mention.piece.told):
                named = self._all.districts.get(reading.key, ())
                heard += [codes & self._of_districts(name) for name in named]
            if WARD in levels and one.ward is not None:
                wards = self._all.wards.get(reading.key, ())
                common = [codes & self._of_ward(ward) for ward in wards]
                heard += [each for each in common if is_told or each == codes]
            if agreed := next(filter(None, heard), None):
                return agreed
        return None

    def _repeats_province(self, reading: Reading, one: Interpretation) -> bool:
        if one.province is None:
            return False
        place = one.province.province.province
        return place in [name.province for name in self._all.provinces.get(reading.key, ())]

    # The province

    def _province(self, likely: Sequence[Weighed]) -> str | None:
        """Return the province all likely readings lie in, if the text or two units say so."""
        if likely[0].conflicts and _province_is_disputed(likely[0]):
            return None
        if len(likely) == 1:
            return self._province_code(likely[0])
        found = {self._province_code(each) for each in likely}
        return found.pop() if len(found) == 1 else None

    def _province_code(self, each: Weighed) -> str | None:
        one = each.one
        if one.province is not None:
            named = one.province.province
            if self._is_new_map:
                return named.province.code
            lies_in = {self._all.old_province_of[code] for code in each.codes} or named.old_codes
            return next(iter(lies_in)) if len(lies_in) == 1 else None
        if one.district is None or (one.ward is None and one.district.found.reading.kind is None):
            return None
        places = {
            d.province.code if self._is_new_map else d.old_province
            for d in one.district.district.districts
        }
        return places.pop() if len(places) == 1 else None


def _is_firm(one: Interpretation) -> bool:
    """Tell whether one reading on its own may be asserted."""
    ways = [way for way in (one.province, one.district, one.ward) if way is not None]
    price = sum([way.price for way in ways])
    if price > _MOST_FLAWS or (price > ONE_SLIP and sum([way.is_slip for way in ways]) > 1):
        return False
    if any(way.is_slip and way.mention.piece.has_initial for way in ways):
        return False
    if one.ward is None:
        return one.district is not None and (
            one.district.found.reading.kind is not None or one.district.mention.column == DISTRICT
        )
    if one.province is None and (one.district is None or any(way.is_slip for way in ways)):
        return False
    return _is_firm_ward(one.ward, has_district=one.district is not None)


def _is_firm_ward(ward: Way, *, has_district: bool) -> bool:
    """Tell whether a ward is read surely: not from a part, not by guessing at a slip.

    A name that is some other commune's to the letter is no slip, and two flaws are one too many.
    """
    piece, flaws = ward.mention.piece, ward.found.flaws
    if piece.is_weak or piece.is_part:
        return False
    if ELSEWHERE in flaws and (not has_district or SLIP in flaws or MARKS in flaws):
        return False
    if len([flaw for flaw in flaws if flaw != ELSEWHERE]) > 1:
        return False
    return has_district or SLIP not in flaws or len(ward.found.reading.key) >= _LONG_ENOUGH


def _is_contradicted(top: Weighed) -> bool:
    """Tell whether what is left over speaks against the best reading."""
    if not top.conflicts:
        return False
    ward = top.one.ward
    if ward is None or ward.is_slip or top.one.district is not None or len(top.conflicts) > 1:
        return True
    return any(mention.piece.levels for mention in top.conflicts)


def _province_is_disputed(top: Weighed) -> bool:
    """Tell whether a province or district is written that lies elsewhere."""
    for mention in top.conflicts:
        levels = mention.piece.levels
        if PROVINCE in levels and mention.piece.kind in {None, "tinh", "thanh_pho"}:
            return True
        if DISTRICT in levels and mention.cost >= _DISTRICT_COST:
            return True
    return False


def _says_less(each: Weighed, likely: Sequence[Weighed]) -> bool:
    """Tell whether another likely reading has all of this one and a ward on top."""
    if each.one.ward is not None or each.one.district is None:
        return False
    return any(
        other.one.ward is not None
        and other.score >= each.score
        and other.one.district == each.one.district
        and other.one.province == each.one.province
        for other in likely
    )
