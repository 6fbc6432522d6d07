"""The gazetteer, built from the project's own reference files."""

from __future__ import annotations

import datetime as dt
import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final

from core.kernel.reference import read_rows, split_list
from core.places.resolver import spellings
from core.places.resolver.gazetteer import (
    NEW_MAP_SINCE,
    District,
    DistrictName,
    Gazetteer,
    Labelled,
    Province,
    ProvinceName,
    WardName,
    marked,
)
from core.places.resolver.kinds import DISTRICT, LABELS, PROVINCE, ROMAN, WARD

DATA: Final = Path(__file__).resolve().parents[1] / "data"
_COMMUNE: Final = "commune"
Row = Mapping[str, str]


@cache
def load(folder: Path = DATA) -> Gazetteer:
    """Return the gazetteer of a folder of reference files, built once in a process."""
    gazetteer = _Builder(folder).build()
    gc.freeze()  # a hundred thousand objects that stay: no collection need look at them again
    return gazetteer


@dataclass
class _ProvinceNames:
    """What one name of a province means, while the files are read."""

    province: Province
    kinds: set[str] = field(default_factory=set)
    kinds_of_today: set[str] = field(default_factory=set)
    old_codes: set[str] = field(default_factory=set)


class _Builder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._gazetteer = Gazetteer()
        self._districts: dict[str, District] = {}
        self._former_districts: dict[str, list[District]] = {}
        self._district_of: dict[str, District] = {}
        self._news: dict[str, set[str]] = defaultdict(set)
        self._olds: dict[str, set[str]] = defaultdict(set)
        self._labels: dict[tuple[str, str], list[Row]] = defaultdict(list)

    def build(self) -> Gazetteer:
        for row in self._rows("labels"):
            level = WARD if row["level"] == _COMMUNE else row["level"]
            self._labels[level, row["code"]].append(row)
        for row in self._rows("commune_changes"):
            self._news[row["old_code"]].add(row["new_code"])
            self._olds[row["new_code"]].add(row["old_code"])
        self._add_provinces()
        self._add_districts()
        self._add_old_wards()
        self._add_communes()
        self._add_former()
        return self._gazetteer

    def _rows(self, name: str) -> list[dict[str, str]]:
        return read_rows(self._folder / f"{name}.csv")

    # Provinces

    def _add_provinces(self) -> None:
        names: dict[str, _ProvinceNames] = {}
        for row in self._rows("provinces"):
            province = Province(row["code"], row["name"])
            self._gazetteer.by_code[row["code"]] = province
            is_older = row["valid_from"] < NEW_MAP_SINCE.isoformat()
            if is_older:
                self._know_old_province(row, province)
            self._keep_labels("new ", PROVINCE, row)
            for name, kind, since in self._all_labels(PROVINCE, row):
                named = names.setdefault(name, _ProvinceNames(province))
                is_of_today = since > NEW_MAP_SINCE.isoformat()
                (named.kinds_of_today if is_of_today else named.kinds).add(kind)
                if is_older:
                    named.old_codes.add(row["code"])
        for row in self._rows("provinces_closed"):
            province = self._gazetteer.by_code[row["new_code"]]
            named = names.setdefault(row["name"], _ProvinceNames(province))
            named.kinds.add(row["kind"])
            named.old_codes.add(row["code"])
            self._know_old_province(row, province)
        for name, named in names.items():
            self._add_province_names(name, named)

    def _add_province_names(self, name: str, named: _ProvinceNames) -> None:
        known = ProvinceName(
            marked=marked(name),
            kinds=frozenset(named.kinds),
            province=named.province,
            old_codes=frozenset(named.old_codes),
            label=name,
            is_new=name == named.province.name,
        )
        for spelling in (name, *spellings.PROVINCES.get(name, ())):
            self._gazetteer.add_province_name(spelling, known)
        if kinds := named.kinds_of_today - named.kinds:
            label = replace(known, kinds=frozenset(kinds), is_label_of_today=True)
            self._gazetteer.add_province_name(name, label)

    def _know_old_province(self, row: Row, province: Province) -> None:
        self._gazetteer.new_of_old[row["code"]] = province
        self._keep_labels("old ", PROVINCE, row)

    def _all_labels(self, level: str, row: Row) -> Iterator[tuple[str, str, str]]:
        yield row["name"], row["kind"], ""
        for label in self._labels[level, row["code"]]:
            yield label["name"], label["kind"], label["valid_from"]

    def _keep_labels(self, which_map: str, level: str, row: Row) -> None:
        first = Labelled(
            dt.date.fromisoformat(row.get("valid_from") or NEW_MAP_SINCE.isoformat()),
            row["kind"],
            row["name"],
        )
        later = [
            Labelled(dt.date.fromisoformat(label["valid_from"]), label["kind"], label["name"])
            for label in self._labels[level, row["code"]]
        ]
        spans = {span.since: span for span in (first, *later)}
        self._gazetteer.labels[which_map + level, row["code"]] = [spans[d] for d in sorted(spans)]

    # Districts

    def _add_districts(self) -> None:
        for row in self._rows("districts_closed"):
            province = self._gazetteer.new_of_old[row["province_code"]]
            district = District(
                row["code"], row["name"], row["kind"], row["province_code"], province
            )
            self._districts[row["code"]] = district
            if row["code"] in self._news:
                self._district_of[row["code"]] = district
                district.on_new_map.update(self._news[row["code"]])
                district.on_old_map.add(row["code"])
                self._gazetteer.old_province_of[row["code"]] = row["province_code"]
            self._gazetteer.labels["old " + DISTRICT, row["code"]] = [
                Labelled(dt.date.min, row["kind"], row["name"])
            ]
            name = DistrictName(
                marked(row["name"]), row["kind"], (district,), "old", district.label
            )
            others = spellings.DISTRICTS.get((row["province_code"], row["name"]), ())
            for spelling in (row["name"], *others):
                self._gazetteer.add_district_name(spelling, name)

    # Communes

    def _add_old_wards(self) -> None:
        for row in self._rows("communes_closed"):
            district = self._districts[row["district_code"]]
            code = row["code"]
            self._district_of[code] = district
            district.on_new_map.update(self._news[code])
            district.on_old_map.add(code)
            self._gazetteer.old_province_of[code] = district.old_province
            name = WardName(
                marked=marked(row["name"]),
                kind=row["kind"],
                era="old",
                province=district.province,
                old_provinces=frozenset({district.old_province}),
                on_new_map=frozenset(self._news[code]),
                on_old_map=frozenset({code}),
                label=f"{LABELS[row['kind']]} {row['name']}, {district.label}",
            )
            self._gazetteer.codes.setdefault(code, []).append(name)
            self._gazetteer.labels["old " + WARD, code] = [
                Labelled(dt.date.min, row["kind"], row["name"])
            ]
            self._gazetteer.add_ward_name(row["name"], name, among=[district])
            if (number := ROMAN.get(row["name"].lower())) is not None:
                self._gazetteer.add_ward_name(number, name, among=[district])

    def _add_communes(self) -> None:
        for row in self._rows("communes"):
            code = row["code"]
            olds = frozenset(self._olds[code])
            among = {self._district_of[old].code: self._district_of[old] for old in olds}
            self._keep_labels("new ", WARD, row)
            province = self._gazetteer.by_code[row["province_code"]]
            for number, (text, kind, _) in enumerate(self._all_labels(WARD, row)):
                name = WardName(
                    marked=marked(text),
                    kind=kind,
                    era="new",
                    province=province,
                    old_provinces=frozenset(d.old_province for d in among.values()),
                    on_new_map=frozenset({code}),
                    on_old_map=olds,
                    label=f"{LABELS[kind]} {text}",
                )
                if number == 0:
                    self._gazetteer.codes.setdefault(code, []).append(name)
                self._gazetteer.add_ward_name(text, name, among=among.values())

    # Names given up before the last day of the old map

    def _add_former(self) -> None:
        rows = [row for row in self._rows("former_names") if row["successors"]]
        for row in (row for row in rows if row["level"] == DISTRICT):
            self._add_former_district(row)
        for row in (row for row in rows if row["level"] == _COMMUNE):
            self._add_former_ward(row)

    def _add_former_district(self, row: Row) -> None:
        now = [self._districts[code] for code in split_list(row["successors"])]
        self._former_districts[row["code"]] = now
        if any((d.name, d.kind) == (row["name"], row["kind"]) for d in now):
            return
        label = f"{LABELS[row['kind']]} {row['name']}"
        name = DistrictName(marked(row["name"]), row["kind"], tuple(now), "former", label)
        self._gazetteer.add_district_name(row["name"], name)

    def _add_former_ward(self, row: Row) -> None:
        olds = frozenset(split_list(row["successors"]))
        district = self._districts.get(row["district_code"])
        now = [self._district_of[old] for old in olds]
        among = [*now, *self._former_districts.get(row["district_code"], [])]
        among += [district] if district else []
        name = WardName(
            marked=marked(row["name"]),
            kind=row["kind"],
            era="former",
            province=now[0].province,
            old_provinces=frozenset(d.old_province for d in now),
            on_new_map=frozenset(new for old in olds for new in self._news[old]),
            on_old_map=olds,
            label=f"{LABELS[row['kind']]} {row['name']}",
        )
        if any(d.province is not name.province for d in now):
            return
        distinct: Iterable[District] = {d.code: d for d in among}.values()
        self._gazetteer.add_ward_name(row["name"], name, among=distinct)
