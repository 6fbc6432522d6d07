"""Every way to take the pieces of one address for a province, a district and a ward."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, cast

from core.places.resolver import matching
from core.places.resolver.gazetteer import DistrictName, Gazetteer, Province, ProvinceName, WardName
from core.places.resolver.kinds import DISTRICT, PROVINCE, WARD
from core.places.resolver.matching import Mention, N
from core.places.resolver.pieces import Reading

POINTS: Final = 3.0
# Of an address whose province is only read from its name in part, others are thinkable.
_ELSEWHERE: Final = {True: 0.2, False: 1.0}
_OUT_OF_PLACE: Final = 0.4
# A lone district or ward name is less likely meant than a province of that name.
_ALONE: Final = 0.5
_GAP: Final = 0.3
_OTHER_EPOCH_TOLD: Final = 0.5
_MOST_WAYS: Final = 24


class Way(NamedTuple):
    """One mention taken for certain names of one level."""

    mention: Mention
    reading: Reading
    price: float
    is_slip: bool
    names: tuple[ProvinceName | DistrictName | WardName, ...]

    @property
    def province(self) -> ProvinceName:
        """The one province name of a way to read a province."""
        return cast("ProvinceName", self.names[0])

    @property
    def district(self) -> DistrictName:
        """The one district name of a way to read a district."""
        return cast("DistrictName", self.names[0])

    @property
    def wards(self) -> tuple[WardName, ...]:
        """The names of a way to read a ward."""
        return cast("tuple[WardName, ...]", self.names)


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One way to read a whole address, with its score; higher is better."""

    score: float
    province: Way | None
    district: Way | None
    ward: Way | None
    left: tuple[Mention, ...]
    cost_of_left: tuple[float, ...]


class Row(NamedTuple):
    """The mentions of one address and whether any word of it carries marks."""

    mentions: tuple[Mention, ...]
    has_marks: bool
    n_segments: int
    are_columns: bool


class Reader:
    """Finds the ways to read a row, first exactly, then with one slip of the finger."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._all = gazetteer

    def interpretations(self, row: Row, *, slips: bool) -> list[Interpretation]:
        """Return the ways to read a row, best first."""
        found = []
        for province in (*self._provinces(row, slips), None):
            for district in (*self._districts(row, province, slips), None):
                for ward in (*self._wards(row, province, district, slips), None):
                    if province or district or ward:
                        found.append(self._scored(row, province, district, ward))
        found.sort(key=lambda one: -one.score)
        return found

    # Levels

    def _provinces(self, row: Row, slips: bool) -> list[Way]:
        ways = []
        for mention, reading in _candidates(row, PROVINCE):
            names = _looked_up(
                reading, self._all.provinces, self._all.province_labels,
                slips=slips and _may_slip(row, mention, reading, PROVINCE), always=True,
            )  # fmt: skip
            price = mention.price_as(PROVINCE, reading) + _price_of_place(row, mention, reading)
            fits = [
                (
                    price
                    + matching.price_of_marks(reading, name, row_has_marks=row.has_marks)
                    + (0.1 if reading.kind and reading.kind not in name.kinds else 0.0)
                    + (matching.ONE_SLIP if is_slip else 0.0),
                    name,
                )
                for name, is_slip in names
            ]
            ways += [Way(mention, reading, p, p >= matching.ONE_SLIP, (n,)) for p, n in fits]
        return sorted(ways, key=lambda way: way.price)[:_MOST_WAYS]

    def _districts(self, row: Row, province: Way | None, slips: bool) -> list[Way]:
        place = _province_of(province)
        names = place.districts if place else self._all.districts
        labels = place.district_labels if place else None
        ways = []
        for mention, reading in _candidates(row, DISTRICT, besides=province):
            if reading.key.isdigit() and not (reading.kind or mention.column == DISTRICT):
                continue
            may_slip = slips and place and _may_slip(row, mention, reading, DISTRICT)
            hits = _looked_up(reading, names, labels, slips=bool(may_slip))
            fits = [
                (self._district_price(row, province, mention, reading, name, is_slip), name)
                for name, is_slip in hits
            ]
            for price, name in fits:
                ways.append(Way(mention, reading, price, price >= matching.ONE_SLIP, (name,)))
        return sorted(ways, key=lambda way: way.price)[:_MOST_WAYS]

    def _district_price(
        self,
        row: Row,
        province: Way | None,
        mention: Mention,
        reading: Reading,
        name: DistrictName,
        is_slip: bool,
    ) -> float:
        olds = frozenset(district.old_province for district in name.districts)
        return (
            mention.price_as(DISTRICT, reading)
            + matching.price_of_marks(reading, name, row_has_marks=row.has_marks)
            + matching.price_of_kind(reading.kind, name.kind)
            + (matching.FORMER_NAME if name.era == "former" else 0.0)
            + (matching.ONE_SLIP if is_slip else 0.0)
            + _price_of_elsewhere(province, olds) / 2
        )

    def _wards(
        self, row: Row, province: Way | None, district: Way | None, slips: bool
    ) -> list[Way]:
        ways = []
        for names, labels, is_near in self._ward_tables(province, district):
            for mention, reading in _candidates(row, WARD, besides=province, and_besides=district):
                is_told = reading.kind is not None or mention.column == WARD
                if not is_told and (reading.key.isdigit() or (province is district is None)):
                    continue
                may_slip = (
                    slips
                    and (province or district)
                    and _may_slip(row, mention, reading, WARD)
                    and (is_near or len(reading.key) > 4)  # noqa: PLR2004 -- too short to tell in a whole province
                )
                hits = _looked_up(reading, names, labels, slips=bool(may_slip))
                fits = matching.best(
                    (self._ward_price(row, province, district, mention, reading, name, is_slip), name)
                    for name, is_slip in hits
                )
                if fits:
                    price = min(p for p, _ in fits)
                    ways.append(
                        Way(
                            mention, reading, price, price >= matching.ONE_SLIP,
                            tuple(dict.fromkeys(name for _, name in fits)),
                        )
                    )  # fmt: skip
        return sorted(ways, key=lambda way: way.price)[:_MOST_WAYS]

    def _ward_tables(
        self, province: Way | None, district: Way | None
    ) -> Iterator[
        tuple[Mapping[str, list[WardName]], Mapping[str, list[WardName]] | None, bool]
    ]:
        if district is not None:
            for one in district.district.districts:
                yield one.wards, one.ward_labels, True
        elif (place := _province_of(province)) is not None:
            yield place.wards, place.ward_labels, False
        else:
            yield self._all.wards, None, False

    def _ward_price(
        self,
        row: Row,
        province: Way | None,
        district: Way | None,
        mention: Mention,
        reading: Reading,
        name: WardName,
        is_slip: bool,
    ) -> float:
        price = (
            mention.price_as(WARD, reading)
            + matching.price_of_marks(reading, name, row_has_marks=row.has_marks)
            + matching.price_of_kind(reading.kind, name.kind)
            + (matching.ONE_SLIP if is_slip else 0.0)
        )
        if name.era == "former":
            price += matching.FORMER_NAME if district else 3 * matching.FORMER_NAME
        told = mention.piece.told
        if (told == "was" and name.era == "new") or (told == "now" and name.era != "new"):
            price += _OTHER_EPOCH_TOLD
        if district is None:
            price += _price_of_elsewhere(province, name.old_provinces) * 0.5
        elif reading.kind is None and mention.column is None:
            price += _price_of_gap(mention, district.mention)
        return price

    # The whole

    def _scored(
        self, row: Row, province: Way | None, district: Way | None, ward: Way | None
    ) -> Interpretation:
        ways = [way for way in (province, district, ward) if way is not None]
        used = [way.mention for way in ways]
        left = tuple(_left_over(row, used))
        costs = tuple(cost_of_leaving(row, mention) for mention in left)
        score = POINTS * len(ways) - sum(way.price for way in ways) - sum(costs)
        score -= _price_of_order(row, province, district, ward)
        if province is None and len(ways) == 1:
            score -= _ALONE
        return Interpretation(score, province, district, ward, left, costs)


def cost_of_leaving(row: Row, mention: Mention) -> float:
    """Return what it costs to leave a piece unread: much where a unit was plainly meant."""
    piece = mention.piece
    kind = piece.kind
    if piece.is_weak and kind is None:
        return 0.0
    if kind is None and mention.column is None:
        if PROVINCE in piece.levels and mention.segment in {0, row.n_segments - 1}:
            return 1.5 if mention.segment else 0.5
        return 0.15 if piece.levels else 0.05
    if PROVINCE in (mention.column, *_levels_if_plain(kind)):
        return 2.0
    if kind in {"quan", "huyen", "thi_xa", "thanh_pho"} or mention.column == DISTRICT:
        return 1.5
    return 1.25


def _levels_if_plain(kind: str | None) -> tuple[str, ...]:
    return (PROVINCE,) if kind == "tinh" else ()


def _left_over(row: Row, used: Sequence[Mention]) -> Iterator[Mention]:
    """Yield the costliest mention of each stretch of words no unit was read from."""
    rest = sorted(
        (m for m in row.mentions if not any(m is u or m.overlaps(u) for u in used)),
        key=lambda m: (-cost_of_leaving(row, m), m.piece.start - m.piece.end),
    )
    kept: list[Mention] = []
    for mention in rest:
        if not any(mention.overlaps(other) for other in kept):
            kept.append(mention)
            yield mention


def _candidates(
    row: Row, level: str, *, besides: Way | None = None, and_besides: Way | None = None
) -> Iterator[tuple[Mention, Reading]]:
    for mention in row.mentions:
        if any(way is not None and way.mention.overlaps(mention) for way in (besides, and_besides)):
            continue
        for reading in mention.piece.readings:
            if mention.may_be(level, reading):
                yield mention, reading


def _looked_up(
    reading: Reading,
    names: Mapping[str, Sequence[N]],
    labels: Mapping[str, Sequence[N]] | None,
    *,
    slips: bool,
    always: bool = False,
) -> list[tuple[N, bool]]:
    """Return the names of a reading; with slips only where none is exact, or `always`."""
    exact = [(name, False) for name in names.get(reading.key, ())]
    if not slips or (exact and not always):
        return exact
    near = matching.with_one_slip(reading, names)
    if not near and not exact and reading.kind is None and labels is not None:
        near = matching.with_one_slip(reading, labels)
    return exact + [(name, True) for name in near]


def _may_slip(row: Row, mention: Mention, reading: Reading, level: str) -> bool:
    """Tell whether a piece may be a misspelt unit of this level rather than something else."""
    if mention.piece.is_weak:
        return False
    if reading.kind is not None:
        return True
    if mention.column is not None:
        return mention.column == level
    if level == PROVINCE:
        return mention.segment in {0, row.n_segments - 1}
    return True


def _province_of(way: Way | None) -> Province | None:
    return None if way is None else way.province.province


def _price_of_elsewhere(province: Way | None, olds: frozenset[str]) -> float:
    """Return the cost of a unit outside the old province of the name written."""
    if province is None:
        return 0.0
    name = province.province
    return 0.0 if name.old_codes & olds else _ELSEWHERE[name.is_new]


def _price_of_place(row: Row, mention: Mention, reading: Reading) -> float:
    """Return the cost of a bare name that is a province but stands in the middle."""
    if reading.kind is not None or row.are_columns:
        return 0.0
    return 0.0 if mention.segment in {0, row.n_segments - 1} else _OUT_OF_PLACE


def _price_of_gap(mention: Mention, district: Mention) -> float:
    if mention.segment != district.segment:
        return 0.0
    ends = (mention.piece.end, district.piece.end)
    gap = max(mention.piece.start, district.piece.start) - min(ends)
    return _GAP if gap > 0 else 0.0


def _price_of_order(
    row: Row, province: Way | None, district: Way | None, ward: Way | None
) -> float:
    """Return the cost of levels that stand neither upwards nor downwards."""
    if row.are_columns:
        return 0.0
    places = [
        (way.mention.segment, way.mention.piece.start)
        for way in (ward, district, province)
        if way is not None
    ]
    return 0.0 if places in (sorted(places), sorted(places, reverse=True)) else _OUT_OF_PLACE
