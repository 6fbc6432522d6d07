"""All names of both maps, ready to be looked up by the way they are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeVar

from core.places.resolver.kinds import DISTRICT, LABELS, LEVELS_OF_KIND, PROVINCE, WARD
from core.places.resolver.letters import bare_key, marked_key, words_of

NEW_MAP_SINCE: Final = dt.date(2025, 7, 1)
_KIND_KEYS: Final = {kind: bare_key(words_of(label)) for kind, label in LABELS.items()}
Era = Literal["old", "new", "former"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Province:
    """A province of the new map with what lies in it, of both maps."""

    code: str
    name: str
    districts: dict[str, list[DistrictName]] = field(default_factory=dict)
    district_labels: dict[str, list[DistrictName]] = field(default_factory=dict)
    wards: dict[str, list[WardName]] = field(default_factory=dict)
    ward_labels: dict[str, list[WardName]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class District:
    """A district of the old map: its wards and the new communes that took from it."""

    code: str
    name: str
    kind: str
    old_province: str
    province: Province
    wards: dict[str, list[WardName]] = field(default_factory=dict)
    ward_labels: dict[str, list[WardName]] = field(default_factory=dict)
    on_new_map: set[str] = field(default_factory=set)
    on_old_map: set[str] = field(default_factory=set)

    @property
    def label(self) -> str:
        """Type and name."""
        return f"{LABELS[self.kind]} {self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class ProvinceName:
    """A name a province is written with: the new one it means, and the old ones it may mean.

    A label of today, such as "Thành phố Quảng Ninh", only stands over communes of today.
    """

    marked: str
    kinds: frozenset[str]
    province: Province
    old_codes: frozenset[str]
    label: str
    is_new: bool
    is_label_of_today: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class DistrictName:
    """A name a district is or was written with; a former one may mean several of the last ones."""

    marked: str
    kind: str
    districts: tuple[District, ...]
    era: Era
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class WardName:
    """A name a commune is or was written with, and where it lies on either map.

    `on_new_map` and `on_old_map` hold the codes it stands for there; one code is certain.
    """

    marked: str
    kind: str
    era: Era
    province: Province
    old_provinces: frozenset[str]
    on_new_map: frozenset[str]
    on_old_map: frozenset[str]
    label: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """Name and type of a unit and the day they began, for `Gazetteer.label_on`."""

    since: dt.date
    kind: str
    name: str


@dataclass(slots=True)
class Gazetteer:
    """The index the resolver reads: names of provinces, districts and wards by bare key.

    `known` says for each bare key on which levels a name is written so; `glued` does so for
    names run together with their type.
    """

    provinces: dict[str, list[ProvinceName]] = field(default_factory=dict)
    province_labels: dict[str, list[ProvinceName]] = field(default_factory=dict)
    by_code: dict[str, Province] = field(default_factory=dict)
    new_of_old: dict[str, Province] = field(default_factory=dict)
    districts: dict[str, list[DistrictName]] = field(default_factory=dict)
    wards: dict[str, list[WardName]] = field(default_factory=dict)
    codes: dict[str, list[WardName]] = field(default_factory=dict)
    known: dict[str, frozenset[str]] = field(default_factory=dict)
    glued: dict[str, tuple[str, str]] = field(default_factory=dict)
    old_province_of: dict[str, str] = field(default_factory=dict)
    labels: dict[tuple[str, str], list[Labelled]] = field(default_factory=dict)

    def label_on(self, code: str, *, level: str, day: dt.date) -> str:
        """Return type and name of a unit on a day, "" of an unknown code."""
        spans = self.labels.get((_map_of(day) + level, code), [])
        begun = [span for span in spans if span.since <= day] or spans[:1]
        return f"{LABELS[begun[-1].kind]} {begun[-1].name}" if begun else ""

    def add_province_name(self, text: str, name: ProvinceName) -> None:
        """Let a province be found by one more writing."""
        key = bare_key(words_of(text))
        _append(self.provinces, key, name)
        for kind in name.kinds:
            _append(self.province_labels, _KIND_KEYS[kind] + key, name)
        self._know(text, kinds=name.kinds, level=PROVINCE)

    def add_district_name(self, text: str, name: DistrictName) -> None:
        """Let a district be found by one more writing."""
        key = bare_key(words_of(text))
        _append(self.districts, key, name)
        for code in {district.province.code for district in name.districts}:
            _append(self.by_code[code].districts, key, name)
            _append(self.by_code[code].district_labels, _KIND_KEYS[name.kind] + key, name)
        self._know(text, kinds=[name.kind], level=DISTRICT)

    def add_ward_name(self, text: str, name: WardName, *, among: Iterable[District]) -> None:
        """Let a commune be found by one more writing, in its province and districts."""
        key = bare_key(words_of(text))
        _append(self.wards, key, name)
        places: list[Province | District] = [name.province, *among]
        for place in places:
            _append(place.wards, key, name)
            _append(place.ward_labels, _KIND_KEYS[name.kind] + key, name)
        self._know(text, kinds=[name.kind], level=WARD)

    def _know(self, text: str, *, kinds: Iterable[str], level: str) -> None:
        key = bare_key(words_of(text))
        self.known[key] = self.known.get(key, frozenset()) | {level}
        for kind in kinds:
            if level in LEVELS_OF_KIND[kind]:
                self.glued.setdefault(_KIND_KEYS[kind] + key, (kind, text))


def _map_of(day: dt.date) -> str:
    return "new " if day >= NEW_MAP_SINCE else "old "


def _append(table: dict[str, list[T]], key: str, value: T) -> None:
    table.setdefault(key, []).append(value)


def marked(text: str) -> str:
    """Return the key with marks of a name."""
    return marked_key(words_of(text))


def names_of(entries: Sequence[ProvinceName | DistrictName | WardName]) -> str:
    """Return the labels of entries for people, each once."""
    return ", ".join(dict.fromkeys(entry.label for entry in entries))
