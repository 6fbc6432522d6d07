"""Looking pieces up: which units they may be in a province or district, at what price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from core.places.resolver import matching
from core.places.resolver.gazetteer import DistrictName, Gazetteer, ProvinceName, WardName
from core.places.resolver.kinds import DISTRICT, PROVINCE, WARD, levels_of
from core.places.resolver.matching import Fit
from core.places.resolver.pieces import Reading
from core.places.resolver.rows import ELSEWHERE, MARKS, SLIP, Found, Mention, Way

# A unit outside the old province written: possible where that name is one of today as well.
_ELSEWHERE_TODAY: Final = 0.1
_ELSEWHERE: Final = 0.5
_BEFORE_THE_LABEL: Final = 0.2
_OTHER_CITY_OR_PROVINCE: Final = 0.1
_KIND_WITHOUT_PROVINCE: Final = 3.0
_OTHER_EPOCH_TOLD: Final = 0.5
_SHORTEST_SLIP_IN_PROVINCE: Final = 4

Place = DistrictName | ProvinceName | None
Wards = Mapping[str, list[WardName]]


class Manner(NamedTuple):
    """How a row is read: whether it is written with accents, and whether slips are thought of."""

    has_marks: bool
    slips: bool


# The four manners there are, made once: this is the innermost loop.
MANNERS: Final = {
    (marks, slips): Manner(marks, slips) for marks in (False, True) for slips in (False, True)
}


class Lookup:
    """Finds names for pieces, and notes on each piece what was found."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._all = gazetteer

    def provinces(self, mention: Mention, manner: Manner) -> Sequence[Found]:
        """Return the provinces a mention may be, each on its own."""
        key = (PROVINCE, mention.column, manner)
        found: Sequence[Found] | None = mention.piece.found.get(key)
        if found is None:
            found = mention.piece.found[key] = tuple(self._provinces(mention, manner))
        return found

    def _provinces(self, mention: Mention, manner: Manner) -> Iterator[Found]:
        for reading in _readings(mention, PROVINCE):
            fits = matching.fits_of(
                reading,
                self._all.provinces,
                self._all.province_labels,
                slips=manner.slips and _may_slip(mention, reading, PROVINCE),
            )
            base = _price_of_column(mention, reading, PROVINCE)
            with_kind = [fit for fit in fits if reading.kind in fit.name.kinds]
            for fit in with_kind or fits:
                if fit.name.is_label_of_today and not with_kind:
                    continue
                price = base + matching.price_of_text(reading, fit, row_has_marks=manner.has_marks)
                if reading.kind and reading.kind not in fit.name.kinds:
                    price += _OTHER_CITY_OR_PROVINCE
                yield _found(reading, price, [fit])

    def districts(
        self, mention: Mention, province: ProvinceName | None, manner: Manner
    ) -> Sequence[Found]:
        """Return the districts a mention may be, each on its own."""
        key = (DISTRICT, province, mention.column, manner)
        found: Sequence[Found] | None = mention.piece.found.get(key)
        if found is None:
            found = mention.piece.found[key] = tuple(self._districts(mention, province, manner))
        return found

    def _districts(
        self, mention: Mention, province: ProvinceName | None, manner: Manner
    ) -> Iterator[Found]:
        place = province.province if province else None
        table = place.districts if place else self._all.districts
        weight = 1.0 if province else _KIND_WITHOUT_PROVINCE
        for reading in _readings(mention, DISTRICT):
            if not manner.slips and reading.key not in table:
                continue
            fits = matching.fits_of(
                reading,
                table,
                place.district_labels if place else None,
                slips=manner.slips and _may_slip(mention, reading, DISTRICT),
            )
            for fit in fits:
                price = (
                    _price_of_column(mention, reading, DISTRICT)
                    + matching.price_of_text(reading, fit, row_has_marks=manner.has_marks)
                    + weight * matching.price_of_kind(reading.kind, fit.name.kind)
                    + _price_of_elsewhere(province, [d.old_province for d in fit.name.districts])
                )
                if fit.name.era == "former":
                    price += matching.FORMER_NAME
                yield _found(reading, price, [fit])

    def wards(
        self, mention: Mention, province: Way | None, district: Way | None, manner: Manner
    ) -> Sequence[Found]:
        """Return the wards a mention may be, those equally good together."""
        place: Place = None
        if district is not None:
            place = district.district
        elif province is not None:
            place = province.province
        key = (WARD, place, mention.column, manner)
        found: Sequence[Found] | None = mention.piece.found.get(key)
        if found is None:
            found = mention.piece.found[key] = tuple(self._wards(mention, place, manner))
        return found

    def _wards(self, mention: Mention, place: Place, manner: Manner) -> Iterator[Found]:
        in_province = isinstance(place, ProvinceName)
        readings = [
            reading
            for reading in _readings(mention, WARD)
            if place is not None or reading.kind is not None or mention.column == WARD
        ]
        for names, labels in self._ward_tables(place):
            for reading in readings:
                if not manner.slips and reading.key not in names:
                    continue
                may_slip = manner.slips and _may_slip(mention, reading, WARD)
                if in_province:
                    may_slip = may_slip and len(reading.key) >= _SHORTEST_SLIP_IN_PROVINCE
                fits = matching.fits_of(reading, names, labels, slips=may_slip, many=in_province)
                if fits:
                    yield self._best(mention, reading, place, fits, manner)

    def _ward_tables(self, place: Place) -> Iterator[tuple[Wards, Wards | None]]:
        if isinstance(place, DistrictName):
            for district in place.districts:
                yield district.wards, district.ward_labels
        elif place is not None:
            yield place.province.wards, place.province.ward_labels
        else:
            yield self._all.wards, None

    def _best(
        self,
        mention: Mention,
        reading: Reading,
        place: Place,
        fits: Sequence[Fit[WardName]],
        manner: Manner,
    ) -> Found:
        base = _price_of_column(mention, reading, WARD)
        prices = [
            matching.price_of_text(reading, fit, row_has_marks=manner.has_marks)
            + matching.price_of_kind(reading.kind, fit.name.kind)
            + _price_of_era(mention, fit.name, place)
            for fit in fits
        ]
        least = min(prices)
        limit = least + matching.AS_GOOD
        alike = [fit for fit, price in zip(fits, prices, strict=True) if price <= limit]
        found = _found(reading, base + least, alike)
        if found.flaws and self._is_known_elsewhere(reading, alike[0].name):
            return found._replace(flaws=(*found.flaws, ELSEWHERE))
        return found

    def _is_known_elsewhere(self, reading: Reading, read: WardName) -> bool:
        """Tell whether a commune has exactly the name written, and the kind or the province."""
        return any(
            name.marked == reading.marked
            and (reading.kind in {None, name.kind} or name.province is read.province)
            for name in self._all.wards.get(reading.key, ())
            if name is not read
        )


def _readings(mention: Mention, level: str) -> list[Reading]:
    return [
        reading
        for reading in mention.piece.readings
        if level in levels_of(reading.kind)
        and not (reading.kind is None and mention.column != level and reading.key.isdigit())
    ]


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


def _price_of_era(mention: Mention, name: WardName, place: Place) -> float:
    """Return the cost of a name whose time does not go with what else is written."""
    price = matching.FORMER_NAME if name.era == "former" else 0.0
    told = mention.piece.told
    if (told == "was" and name.era == "new") or (told == "now" and name.era != "new"):
        price += _OTHER_EPOCH_TOLD
    if not isinstance(place, ProvinceName):
        return price
    if not place.is_label_of_today:
        return price + _price_of_elsewhere(place, name.old_provinces)
    return price if name.era == "new" else price + _BEFORE_THE_LABEL


def _found(
    reading: Reading, price: float, fits: Sequence[Fit[ProvinceName | DistrictName | WardName]]
) -> Found:
    names = tuple([fit.name for fit in fits])
    flaws = []
    if fits[0].is_slip:
        flaws.append(SLIP)
    elif reading.key != reading.marked and reading.marked not in [n.marked for n in names]:
        flaws.append(MARKS)
    if not price and len(names) == 1:
        return Found(reading, price, tuple(flaws), names)
    dated = [name for name in names if not isinstance(name, ProvinceName)]
    if dated and reading.kind is not None and reading.kind not in [n.kind for n in dated]:
        flaws.append("kind")
    if {name.era for name in dated} == {"former"}:
        flaws.append("former")
    return Found(reading, price, tuple(flaws), names)
