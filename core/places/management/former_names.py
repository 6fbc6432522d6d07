"""Names of communes and districts that went before 2025-07-01, and what they had become by then.

Three things tell a successor, in this order: the package's aliases (squashed and unaccented,
but checked by its author), a unit of the same name in the district, and the code, which a
merged or renamed unit mostly keeps. What they say together is written down; where they differ
there are several successors, and where nothing is known there is none.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from core.kernel.text import fold
from core.places.enums import UnitKind
from core.places.management.older_lists import OlderList, OlderUnit
from core.places.management.package import OldCommune, OldDistrict, Package

Row = dict[str, str]
COLUMNS = (
    "level", "name", "kind", "code", "district_code", "province_code",
    "successors", "basis", "seen_on", "source",
)  # fmt: skip
_ALIAS = re.compile(r"(?P<kind>phuong|xa|thitran|huien|thixa|quan|thanhpho)(?P<name>[a-z]{4,})")
_ALIAS_KINDS = {
    "phuong": UnitKind.WARD,
    "xa": UnitKind.COMMUNE,
    "thitran": UnitKind.TOWNSHIP,
    "huien": UnitKind.DISTRICT,
    "thixa": UnitKind.TOWN,
    "quan": UnitKind.URBAN_DISTRICT,
    "thanhpho": UnitKind.CITY,
}
_OF_PACKAGE = "vietnamadminunits 1.0.4 (MIT)"


class Found(NamedTuple):
    """The successors of a former name and what told them."""

    successors: frozenset[str]
    basis: tuple[str, ...]


def rows_of(
    package: Package, *, lists: Iterable[OlderList], amendments: Iterable[Row]
) -> list[Row]:
    """Return the rows of `former_names.csv`.

    Args:
        package: The map of 2025-06-30 with its aliases.
        lists: Older lists, the oldest first; a name in two lists is told by the later one.
        amendments: Successors a person found out; they replace those found here.
    """
    older = list(lists)
    search = _Search(package, older)
    rows: dict[tuple[str, ...], Row] = {}
    for told in (*_commune_rows(search, older), *_district_rows(search, older)):
        rows[told["level"], told["code"], fold(told["name"]), told["district_code"]] = told
    _amend(rows.values(), amendments)
    listed = list(rows.values())
    listed += _alias_rows(package, listed, _accents(package, older))
    return sorted(listed, key=lambda row: tuple(row[column] for column in COLUMNS[:6]))


def _amend(rows: Iterable[Row], amendments: Iterable[Row]) -> None:
    known = {(row["level"], row["code"], row["name"]): row for row in amendments}
    for row in rows:
        amended = known.get((row["level"], row["code"], row["name"]))
        if amended:
            row["successors"], row["basis"] = amended["successors"], amended["basis"]


def squashed(text: str) -> str:
    """Return a name unaccented, without spaces, i for y: the package's form, and a bit more."""
    return fold(text).replace(" ", "").replace("y", "i")


class _Search:
    """Finds what a unit of an older list had become on 2025-06-30."""

    def __init__(self, package: Package, lists: Iterable[OlderList]) -> None:
        self.communes = {old.code: old for old in package.olds if old.code}
        self.districts = package.districts
        self._aliases: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._names: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._went: dict[str, Counter[str]] = defaultdict(Counter)
        for old in self.communes.values():
            self._names[old.district_code, squashed(old.name)].add(old.code)
            self._names[old.province_code, squashed(old.name)].add(old.code)
            for alias in old.aliases:
                self._aliases[old.district_code, squashed(alias)].add(old.code)
        for unit in (unit for older in lists for unit in older.communes.values()):
            if unit.code in self.communes:
                self._went[unit.district_code][self.communes[unit.code].district_code] += 1

    def districts_of(self, code: str) -> list[str]:
        """Return the districts of 2025 a former one went into, the largest share first."""
        went = self._went.get(code)
        if went:
            return [district for district, _ in went.most_common()]
        return [code] if code in self.districts else []

    def commune(self, unit: OlderUnit) -> Found:
        """Return what a commune of an older list had become."""
        name = squashed(unit.name)
        districts = self.districts_of(unit.district_code)
        ways = (
            ("alias", self._aliases, squashed(unit.kind) + name),
            ("alias", self._aliases, name),
            ("same_name", self._names, name),
        )
        for basis, index, key in ways:
            hits = {code for district in districts for code in index.get((district, key), ())}
            if hits:
                return self._with_code(unit, self._likest(hits, unit), basis)
        if unit.code in self.communes:
            return Found(frozenset({unit.code}), ("same_code",))
        if len(elsewhere := self._names.get((unit.province_code, name), set())) == 1:
            return Found(frozenset(elsewhere), ("same_name",))
        childless = {d for d in districts if not self._has_communes(d)}
        return Found(frozenset(childless), ("district",) if childless else ("unknown",))

    def _likest(self, codes: set[str], unit: OlderUnit) -> set[str]:
        """Return the namesakes with the same accents, of those the ones of the same type."""
        named = {code for code in codes if self.communes[code].name == unit.name} or codes
        return {code for code in named if self.communes[code].kind == unit.kind} or named

    def _with_code(self, unit: OlderUnit, hits: set[str], basis: str) -> Found:
        if unit.code not in self.communes:
            return Found(frozenset(hits), (basis,))
        return Found(frozenset(hits | {unit.code}), ("same_code", basis))

    def _has_communes(self, district: str) -> bool:
        return any(old.district_code == district for old in self.communes.values())


def _commune_rows(search: _Search, lists: Iterable[OlderList]) -> Iterator[Row]:
    for older in lists:
        for unit in older.communes.values():
            now = search.communes.get(unit.code)
            if now is None or not _is_same(unit, now) or unit.district_code != now.district_code:
                yield _row("commune", unit, search.commune(unit), older)


def _district_rows(search: _Search, lists: Iterable[OlderList]) -> Iterator[Row]:
    for older in lists:
        for unit in older.districts.values():
            now = search.districts.get(unit.code)
            if now is None or not _is_same(unit, now):
                found = Found(frozenset(search.districts_of(unit.code)), ("communes",))
                yield _row("district", unit, found, older)


def _is_same(unit: OlderUnit, now: OldCommune | OldDistrict) -> bool:
    return unit.kind == now.kind and squashed(unit.name) == squashed(now.name)


def _row(level: str, unit: OlderUnit, found: Found, older: OlderList) -> Row:
    return {
        "level": level,
        "name": unit.name,
        "kind": unit.kind,
        "code": unit.code,
        "district_code": unit.district_code,
        "province_code": unit.province_code,
        "successors": ";".join(sorted(found.successors)),
        "basis": ";".join(found.basis),
        "seen_on": older.seen_on,
        "source": older.source,
    }


def _accents(package: Package, lists: Iterable[OlderList]) -> Mapping[str, str]:
    """Return the commonest accented form of each squashed name that any list has."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    names = [unit.name for older in lists for unit in (*older.communes.values(),
             *older.districts.values())]  # fmt: skip
    for name in (*names, *(old.name for old in package.olds), *(new.name for new in package.news)):
        forms[squashed(name)][name] += 1
    return {key: counted.most_common(1)[0][0] for key, counted in forms.items()}


def _alias_rows(package: Package, rows: Iterable[Row], accents: Mapping[str, str]) -> list[Row]:
    """Return the aliases of the package that no list explains: names gone before 2019-10."""
    known = {(code, squashed(row["name"])) for row in rows for code in row["successors"].split(";")}
    named: list[tuple[str, OldCommune | OldDistrict]] = [
        *(("commune", old) for old in package.olds if old.code),
        *(("district", district) for district in package.districts.values()),
    ]
    found = []
    for level, unit in named:
        for alias in unit.aliases:
            parts = _ALIAS.fullmatch(squashed(alias))
            if parts is None or parts["name"] not in accents:
                continue
            is_own = parts["name"] == squashed(unit.name)
            kind = _ALIAS_KINDS[parts["kind"]]
            if (is_own and kind == unit.kind) or (unit.code, parts["name"]) in known:
                continue
            known.add((unit.code, parts["name"]))
            name = unit.name if is_own else accents[parts["name"]]
            found.append(_alias_row(level, unit, name, kind))
    return found


def _alias_row(level: str, unit: OldCommune | OldDistrict, name: str, kind: str) -> Row:
    return {
        "level": level,
        "name": name,
        "kind": kind,
        "code": "",
        "district_code": unit.district_code if isinstance(unit, OldCommune) else "",
        "province_code": unit.province_code,
        "successors": unit.code,
        "basis": "alias",
        "seen_on": "",
        "source": _OF_PACKAGE,
    }
