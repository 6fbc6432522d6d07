"""The data files of the PyPI package vietnamadminunits, read into plain rows.

The package joins old and new communes by keys of unaccented names. Keys are unique within
each table; that a key stands for the right unit is not certain (see `commune_amendments.csv`).
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from core.places.enums import UnitKind

NEW_KINDS = {"phường": UnitKind.WARD, "xã": UnitKind.COMMUNE, "đặc khu": UnitKind.ZONE}
OLD_KINDS = {
    "phường": UnitKind.WARD,
    "xã": UnitKind.COMMUNE,
    "thị trấn": UnitKind.TOWNSHIP,
    "quận": UnitKind.URBAN_DISTRICT,
    "huyện": UnitKind.DISTRICT,
    "thị xã": UnitKind.TOWN,
    "thành phố": UnitKind.CITY,
}

_EARLY_MARK = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_LATE_MARK = re.compile(rf"(?<![qQ])(?:{'|'.join(_EARLY_MARK)})\b")

Point = tuple[float, float]


class NewCommune(NamedTuple):
    """One row of the package's table of today's communes."""

    key: str
    code: str
    name: str
    kind: str
    province_code: str
    point: Point
    area_km2: float | None


class OldDistrict(NamedTuple):
    """A district of 2025-06-30, with the former names the package knows, squashed."""

    code: str
    name: str
    kind: str
    province_code: str
    point: Point | None
    aliases: tuple[str, ...]


class OldCommune(NamedTuple):
    """A commune of 2025-06-30, with the former names the package knows, squashed."""

    key: str
    code: str
    name: str
    kind: str
    district_code: str
    province_code: str
    point: Point | None
    aliases: tuple[str, ...]


class Package(NamedTuple):
    """Everything read from the package; `edges` lead from old keys to codes of today."""

    news: list[NewCommune]
    districts: dict[str, OldDistrict]
    olds: list[OldCommune]
    edges: dict[str, list[str]]


def read_package(source: Path) -> Package:
    """Return the package's tables.

    Args:
        source: Folder that holds `dataset.db` and `converter_2025.json`.
    """
    with sqlite3.connect(source / "dataset.db") as database:
        news = list(_news(database))
        districts = {district.code: district for district in _districts(database)}
        olds = list(_olds(database))
    converter = json.loads((source / "converter_2025.json").read_text(encoding="utf-8"))
    return Package(news, districts, olds, _edges(converter, {row.key: row.code for row in news}))


def proper(name: str) -> str:
    """Return a name in NFC, its marks placed as in ``Hòa`` and ``Thủy``, its initials capital.

    The package and the lists lose the capitals of accented initials.
    """
    composed = unicodedata.normalize("NFC", name)
    words = _LATE_MARK.sub(lambda found: _EARLY_MARK[found[0].lower()], composed).split()
    return " ".join(
        word[0].upper() + word[1:] if word[0] > "z" and word[0] != "đ" else word for word in words
    )


def _old_name(short: str, kind: str) -> tuple[str, str]:
    """Return name and type; the package writes ``Yên Viên (Xã)`` and ``Phường 5``."""
    name = re.sub(r"\s*\([^)]*\)$", "", proper(short))
    number = re.fullmatch(r"(Phường|Quận) 0*(\d+)", name)
    return (number[2], OLD_KINDS[number[1].lower()]) if number else (name, OLD_KINDS[kind.lower()])


def _news(database: sqlite3.Connection) -> Iterator[NewCommune]:
    rows = database.execute(
        "SELECT provinceKey || '_' || wardKey, wardCode, wardShort, wardType, provinceCode,"
        " wardLat, wardLon, wardAreaKm2 FROM admin_units"
    )
    for key, code, name, kind, province, lat, lon, area in rows:
        yield NewCommune(
            key, code, proper(name), NEW_KINDS[kind.lower()], province, (lat, lon), area
        )


def _districts(database: sqlite3.Connection) -> Iterator[OldDistrict]:
    rows = database.execute(
        "SELECT DISTINCT districtCode, districtShort, districtType, provinceCode,"
        " districtLat, districtLon, districtAlias FROM admin_units_legacy"
    )
    for code, name, kind, province, lat, lon, aliases in rows:
        yield OldDistrict(
            code,
            *_old_name(name, kind),
            province,
            _point(lat, lon),
            _aliases(aliases),
        )


def _olds(database: sqlite3.Connection) -> Iterator[OldCommune]:
    """Yield the old communes, and the five districts that had none, without a code."""
    rows = database.execute(
        "SELECT provinceKey || '_' || districtKey || '_' || ifnull(wardKey, ''), wardCode,"
        " wardShort, wardType, districtCode, provinceCode, wardLat, wardLon, wardAlias"
        " FROM admin_units_legacy"
    )
    for key, code, name, kind, district, province, lat, lon, aliases in rows:
        yield OldCommune(
            key,
            code or "",
            *(_old_name(name, kind) if code else ("", "")),
            district,
            province,
            _point(lat, lon),
            _aliases(aliases),
        )


def _point(lat: float | None, lon: float | None) -> Point | None:
    return None if lat is None or lon is None else (lat, lon)


def _aliases(cell: str | None) -> tuple[str, ...]:
    return tuple(json.loads(cell)) if cell else ()


def _edges(converter: dict[str, Any], codes: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for province, news in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new, olds in news.items():
            for old in olds:
                found[old].append(codes[f"{province}_{new}"])
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in divided.items():
            found[old] += [codes[f"{province}_{part['newWardKey']}"] for part in parts]
    return found
