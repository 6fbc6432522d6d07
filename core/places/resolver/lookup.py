"""Looking pieces up: which units they may be in a province or district, at what price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, cast

from core.places.resolver import matching
from core.places.resolver.gazetteer import DistrictName, Gazetteer, ProvinceName, WardName
from core.places.resolver.kinds import DISTRICT, PROVINCE, WARD, levels_of
from core.places.resolver.matching import N
from core.places.resolver.pieces import Reading
from core.places.resolver.rows import ELSEWHERE, MARKS, SLIP, Found, Mention, Way

# A unit outside the old province written: possible where that name is one of today as well.
_ELSEWHERE_TODAY: Final = 0.1
_ELSEWHERE: Final = 0.5
_BEFORE_THE_LABEL: Final = 0.2
_OTHER_CITY_OR_PROVINCE: Final = 0.1
_KIND_WITHOUT_PROVINCE: Final = 3.0
_OTHER_EPOCH_TOLD: Final = 0.5
_FORMER_WITHOUT_DISTRICT: Final = 0.05
_SHORTEST_SLIP_IN_PROVINCE: Final = 4


class Lookup:
    """Finds names for pieces, and notes on each piece what was found."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._all = gazetteer

    def provinces(self, mention: Mention, row_has_marks: bool, slips: bool) -> Sequence[Found]:  # noqa: FBT001 -- flags of the innermost loop
        """Return the provinces a mention may be, each on its own."""
        key = (PROVINCE, mention.column, row_has_marks, slips)
        found = mention.piece.found.get(key)
        if found is None:
            found = mention.piece.found[key] = tuple(
                self._provinces(mention, row_has_marks=row_has_marks, slips=slips)
            )
        return cast("Sequence[Found]", found)

    def _provinces(
        self, mention: Mention, *, row_has_marks: bool, slips: bool
    ) -> Iterator[Found]:
        for reading in _readings(mention, PROVINCE):
            names = _looked_up(
                reading,
                self._all.provinces,
                self._all.province_labels,
                slips=slips and _may_slip(mention, reading, PROVINCE),
            )
            base = _price_of_column(mention, reading, PROVINCE)
            with_kind = [each for each in names if reading.kind in each[0].kinds]
            for name, is_slip in with_kind or names:
                if name.is_label_of_today and not with_kind:
                    continue
                price = base + matching.price_of_marks(
                    reading, name, row_has_marks=row_has_marks, is_slip=is_slip
                )
                if reading.kind and reading.kind not in name.kinds:
                    price += _OTHER_CITY_OR_PROVINCE
                price += matching.ONE_SLIP if is_slip else 0.0
                yield _found(reading, price, is_slip, (name,))

    def districts(
        self,
        mention: Mention,
        province: ProvinceName | None,
        row_has_marks: bool,  # noqa: FBT001 -- flags of the innermost loop
        slips: bool,  # noqa: FBT001 -- as above
    ) -> Sequence[Found]:
        """Return the districts a mention may be, each on its own."""
        key = (DISTRICT, province, mention.column, row_has_marks, slips)
        found = mention.piece.found.get(key)
        if found is None:
            found = mention.piece.found[key] = tuple(
                self._districts(mention, province, row_has_marks=row_has_marks, slips=slips)
            )
        return cast("Sequence[Found]", found)

    def _districts(
        self,
        mention: Mention,
        province: ProvinceName | None,
        *,
        row_has_marks: bool,
        slips: bool,
    ) -> Iterator[Found]:
        place = province.province if province else None
        table = place.districts if place else self._all.districts
        for reading in _readings(mention, DISTRICT):
            if not slips and reading.key not in table:
                continue
            names = _looked_up(
                reading,
                table,
                place.district_labels if place else None,
                slips=slips and _may_slip(mention, reading, DISTRICT),
            )
            base = _price_of_column(mention, reading, DISTRICT)
            weight = 1.0 if province else _KIND_WITHOUT_PROVINCE
            for name, is_slip in names:
                price = (
                    base
                    + matching.price_of_marks(
                        reading, name, row_has_marks=row_has_marks, is_slip=is_slip
                    )
                    + weight * matching.price_of_kind(reading.kind, name.kind)
                    + _price_of_elsewhere(province, (d.old_province for d in name.districts))
                )
                if name.era == "former":
                    price += matching.FORMER_NAME
                price += matching.ONE_SLIP if is_slip else 0.0
                yield _found(reading, price, is_slip, (name,))

    def wards(
        self,
        mention: Mention,
        province: Way | None,
        district: Way | None,
        row_has_marks: bool,  # noqa: FBT001 -- flags of the innermost loop
        slips: bool,  # noqa: FBT001 -- as above
    ) -> Sequence[Found]:
        """Return the wards a mention may be, those equally good together."""
        if district is not None:
            place: DistrictName | ProvinceName | None = district.district
        else:
            place = province.province if province else None
        key = (WARD, place, mention.column, row_has_marks, slips)
        found = mention.piece.found.get(key)
        if found is None:
            found = mention.piece.found[key] = tuple(
                self._wards(mention, place, row_has_marks=row_has_marks, slips=slips)
            )
        return cast("Sequence[Found]", found)

    def _wards(
        self,
        mention: Mention,
        place: DistrictName | ProvinceName | None,
        *,
        row_has_marks: bool,
        slips: bool,
    ) -> Iterator[Found]:
        readings = _readings(mention, WARD)
        for names, labels in self._ward_tables(place):
            for reading in readings:
                if not slips and reading.key not in names:
                    continue
                if place is None and reading.kind is None and mention.column != WARD:
                    continue
                may_slip = slips and place is not None and _may_slip(mention, reading, WARD)
                if isinstance(place, ProvinceName):
                    may_slip = may_slip and len(reading.key) >= _SHORTEST_SLIP_IN_PROVINCE
                hits = _looked_up(
                    reading, names, labels, slips=may_slip, many=isinstance(place, ProvinceName)
                )
                if hits:
                    fits = matching.best(
                        (
                            self._ward_price(mention, reading, name, place, is_slip=is_slip)
                            + matching.price_of_marks(
                                reading, name, row_has_marks=row_has_marks, is_slip=is_slip
                            ),
                            name,
                        )
                        for name, is_slip in hits
                    )
                    price = min([price for price, _ in fits])
                    alike = tuple([name for _, name in fits])
                    slipped = {name for name, is_slip in hits if is_slip}
                    found = _found(reading, price, alike[0] in slipped, alike)
                    if found.flaws and self._is_known_elsewhere(reading):
                        found = found._replace(flaws=(*found.flaws, ELSEWHERE))
                    yield found

    def _is_known_elsewhere(self, reading: Reading) -> bool:
        """Tell whether some commune has exactly the name and kind written."""
        return any(
            [
                name.marked == reading.marked and reading.kind in {None, name.kind}
                for name in self._all.wards.get(reading.key, ())
            ]
        )

    def _ward_tables(
        self, place: DistrictName | ProvinceName | None
    ) -> Iterator[tuple[Mapping[str, list[WardName]], Mapping[str, list[WardName]] | None]]:
        if isinstance(place, DistrictName):
            for district in place.districts:
                yield district.wards, district.ward_labels
        elif place is not None:
            yield place.province.wards, place.province.ward_labels
        else:
            yield self._all.wards, None

    def _ward_price(
        self,
        mention: Mention,
        reading: Reading,
        name: WardName,
        place: DistrictName | ProvinceName | None,
        *,
        is_slip: bool,
    ) -> float:
        price = _price_of_column(mention, reading, WARD)
        price += matching.price_of_kind(reading.kind, name.kind)
        if is_slip:
            price += matching.ONE_SLIP
        in_district = isinstance(place, DistrictName)
        if name.era == "former":
            price += matching.FORMER_NAME if in_district else _FORMER_WITHOUT_DISTRICT
        told = mention.piece.told
        if (told == "was" and name.era == "new") or (told == "now" and name.era != "new"):
            price += _OTHER_EPOCH_TOLD
        if isinstance(place, ProvinceName):
            if not place.is_label_of_today:
                price += _price_of_elsewhere(place, name.old_provinces)
            elif name.era != "new":
                price += _BEFORE_THE_LABEL
        return price


def _readings(mention: Mention, level: str) -> list[Reading]:
    return [
        reading
        for reading in mention.piece.readings
        if level in levels_of(reading.kind)
        and not (reading.kind is None and mention.column != level and reading.key.isdigit())
    ]


def _looked_up(
    reading: Reading,
    names: Mapping[str, Sequence[N]],
    labels: Mapping[str, Sequence[N]] | None,
    *,
    slips: bool,
    many: bool = False,
) -> list[tuple[N, bool]]:
    """Return the names of a reading; with slips only where none has the very marks written."""
    exact = [(name, False) for name in names.get(reading.key, ())]
    if not slips or any([name.marked == reading.marked for name, _ in exact]):
        return exact
    if exact and not reading.has_marks:
        return exact
    near = matching.with_one_slip(reading, names, many=many)
    if not near and not exact and reading.kind is None and labels is not None:
        near = matching.with_one_slip(reading, labels, many=many)
    return exact + [(name, True) for name in dict.fromkeys(near)]


def _may_slip(mention: Mention, reading: Reading, level: str) -> bool:
    """Tell whether a piece may be a misspelt unit of this level rather than something else."""
    if mention.piece.is_weak:
        return False
    return reading.kind is not None or mention.column is None or mention.column == level


def _price_of_column(mention: Mention, reading: Reading, level: str) -> float:
    """Return what it costs to take the piece for a unit of this level."""
    price = matching.WEAK_PLACE if mention.piece.is_weak else 0.0
    if mention.piece.is_part:
        price += matching.PART_OF_MORE
    if mention.column is not None and mention.column != level and reading.kind is None:
        price += matching.OTHER_COLUMN
    return price


def _price_of_elsewhere(province: ProvinceName | None, olds: Iterable[str]) -> float:
    """Return the cost of a unit outside the old province of the name written."""
    if province is None or not province.old_codes.isdisjoint(olds):
        return 0.0
    return _ELSEWHERE_TODAY if province.is_new else _ELSEWHERE


def _found(
    reading: Reading,
    price: float,
    is_slip: bool,  # noqa: FBT001 -- as above
    names: tuple[ProvinceName | DistrictName | WardName, ...],
) -> Found:
    flaws = []
    if is_slip:
        flaws.append(SLIP)
    elif reading.key != reading.marked and all([n.marked != reading.marked for n in names]):
        flaws.append(MARKS)
    if not price and len(names) == 1:
        return Found(reading, price, tuple(flaws), names)
    dated = [name for name in names if not isinstance(name, ProvinceName)]
    if reading.kind is not None and dated and all([n.kind != reading.kind for n in dated]):
        flaws.append("kind")
    if dated and all([name.era == "former" for name in dated]):
        flaws.append("former")
    return Found(reading, price, tuple(flaws), names)
