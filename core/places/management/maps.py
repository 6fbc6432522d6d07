"""Both maps and the way between them, as rows of the project's own files."""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from core.places.distance import great_circle_km
from core.places.enums import ChangeRelation
from core.places.management.package import NewCommune, OldCommune, Package, Point

BEGINNING = "2008-08-01"
LAST_DAY = "2025-06-30"
# Two island communes whose old points were looked up on the mainland.
KEPT_AFTER_REVIEW = {"30781", "30811"}
# An old commune that looks farther from all it became was looked up wrongly.
_FARTHEST_KM = 40

Row = dict[str, str]
# The resolutions of 2025-06-16 on the communes of each province of today.
RESOLUTIONS = {
    "01": 1656, "04": 1657, "08": 1684, "11": 1661, "12": 1670, "14": 1681, "15": 1673,
    "19": 1683, "20": 1672, "22": 1679, "24": 1658, "25": 1676, "31": 1669, "33": 1666,
    "37": 1674, "38": 1686, "40": 1678, "42": 1665, "44": 1680, "46": 1675, "48": 1659,
    "51": 1677, "52": 1664, "56": 1667, "66": 1660, "68": 1671, "75": 1662, "79": 1685,
    "80": 1682, "82": 1663, "86": 1687, "91": 1654, "92": 1668, "96": 1655,
}  # fmt: skip


class Since(NamedTuple):
    """From which day a code is known, by the older lists it stands in."""

    list_of_2019: frozenset[str]
    list_of_2023: frozenset[str]

    def day(self, code: str) -> str:
        """Return the first day the code may have existed, as far as the lists tell."""
        if code in self.list_of_2019:
            return BEGINNING
        return "2019-10-07" if code in self.list_of_2023 else "2023-04-11"


class Positions:
    """Where the old units lay; points looked up wrongly give way to the successor's."""

    def __init__(
        self, package: Package, *, communes: Iterable[Row], changes: Iterable[Row]
    ) -> None:
        news = {row["code"]: (float(row["lat"]), float(row["lon"])) for row in communes}
        counted = Counter(old.point for old in package.olds)
        self._news: dict[str, list[Point]] = defaultdict(list)
        for row in changes:
            self._news[row["old_code"]].append(news[row["new_code"]])
        # A point of several units is that of a unit above them, looked up in vain.
        self._shared = {point for point, n in counted.items() if n > 1 or point is None}
        inside: dict[str, list[Point]] = defaultdict(list)
        for old in package.olds:
            inside[old.district_code].append(self.commune(old)[0])
        self.districts = {code: middle_of(points) for code, points in inside.items()}

    def commune(self, old: OldCommune) -> tuple[Point, str]:
        """Return the point and whose it is: ``commune`` or ``successor``."""
        news = self._news[old.code or old.district_code]
        if old.point is None or old.point in self._shared:
            return news[0], "successor"
        if min(great_circle_km(old.point, new) for new in news) > _FARTHEST_KM:
            return news[0], "successor"
        return old.point, "commune"


def middle_of(points: Iterable[Point]) -> Point:
    """Return the median point, which a few wrong ones do not move."""
    lats, lons = zip(*points, strict=True)
    return statistics.median(lats), statistics.median(lons)


def district_rows(package: Package, *, positions: Positions, since: Since) -> list[Row]:
    """Return the rows of `districts_closed.csv`."""
    rows = [
        {
            "code": code,
            "name": district.name,
            "kind": district.kind,
            "province_code": district.province_code,
            **_cells(positions.districts[code]),
            "valid_from": since.day(code),
            "valid_to": LAST_DAY,
        }
        for code, district in package.districts.items()
    ]
    return sorted(rows, key=lambda row: row["code"])


def closed_rows(package: Package, *, positions: Positions, since: Since) -> list[Row]:
    """Return the rows of `communes_closed.csv`."""
    rows = []
    for old in package.olds:
        if old.code:
            point, whose = positions.commune(old)
            rows.append(
                {
                    "code": old.code,
                    "name": old.name,
                    "kind": old.kind,
                    "district_code": old.district_code,
                    "province_code": old.province_code,
                    **_cells(point),
                    "position_from": whose,
                    "valid_from": since.day(old.code),
                    "valid_to": LAST_DAY,
                }
            )
    return sorted(rows, key=lambda row: row["code"])


def _cells(point: Point) -> Row:
    return {"lat": f"{point[0]:.4f}", "lon": f"{point[1]:.4f}"}


def change_rows(package: Package, *, amendments: Iterable[Row]) -> list[Row]:
    """Return the rows of `commune_changes.csv`.

    The amendments of an old unit replace all that the package says of it.
    """
    provinces = {new.code: new.province_code for new in package.news}
    amended: dict[str, list[Row]] = defaultdict(list)
    for row in amendments:
        amended[row["old_code"]].append(row)
    rows = []
    for old in package.olds:
        code = old.code or old.district_code
        rows += amended.get(code) or _package_changes(code, package.edges[old.key], provinces)
    level = {True: "commune", False: "district"}
    return sorted(
        (
            {"old_level": level[len(row["old_code"]) > len("000")]}
            | {name: row[name] for name in ("old_code", "new_code", "relation", "weight", "basis")}
            for row in rows
        ),
        key=lambda row: (row["old_level"], row["old_code"], row["new_code"]),
    )


def _package_changes(old: str, news: list[str], provinces: Mapping[str, str]) -> list[Row]:
    is_whole = len(news) == 1
    return [
        {
            "old_code": old,
            "new_code": new,
            "relation": ChangeRelation.WHOLE if is_whole else ChangeRelation.PART,
            "weight": "1" if is_whole else "",
            "basis": f"NQ {RESOLUTIONS[provinces[new]]}/NQ-UBTVQH15",
        }
        for new in news
    ]


def commune_rows(package: Package, *, amendments: Iterable[Row]) -> list[Row]:
    """Return the rows of `communes.csv`, the map of 2025-07-01.

    Args:
        package: What the package says.
        amendments: Rows of `kind_amendments.csv`, whose type counts instead of the package's.
    """
    kinds = {row["code"]: row["kind"] for row in amendments}
    shared = Counter(old.point for old in package.olds)
    into: dict[str, list[OldCommune]] = defaultdict(list)
    for old in package.olds:
        if old.point is not None and shared[old.point] == 1:
            for code in package.edges[old.key]:
                into[code].append(old)
    rows = []
    for new in package.news:
        point, origin = _position(new, into[new.code], package)
        rows.append(
            {
                "code": new.code,
                "name": new.name,
                "kind": kinds.get(new.code, new.kind),
                "province_code": new.province_code,
                **_cells(point),
                "position_from": origin,
            }
        )
    return sorted(rows, key=lambda row: (row["province_code"], row["code"]))


def _position(new: NewCommune, olds: list[OldCommune], package: Package) -> tuple[Point, str]:
    """Return the package's point, or the middle of the old communes where that fits better.

    A few points of the package are those of a namesake or of the province. One is suspect when
    it lies farther from every old commune than one and a half radii of the new one; then the
    point nearer to the old districts wins, for old points have such errors too.
    """
    points = [old.point for old in olds if old.point is not None]
    radius_km = math.sqrt((new.area_km2 or 0.0) / math.pi)
    if new.code in KEPT_AFTER_REVIEW or not points:
        return new.point, "commune"
    if min(great_circle_km(new.point, point) for point in points) <= max(3.0, 1.5 * radius_km):
        return new.point, "commune"
    middle = middle_of(points)
    districts = [package.districts[old.district_code].point for old in olds]
    seats = [point for point in districts if point is not None]
    if _mean_km(new.point, seats) <= _mean_km(middle, seats):
        return new.point, "commune"
    return middle, "old_communes"


def _mean_km(point: Point, others: list[Point]) -> float:
    return statistics.mean(great_circle_km(point, other) for other in others)
