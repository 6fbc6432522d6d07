"""The system check of the geography's reference files: `./dev manage check`.

It reads the files, not the database, and takes about a tenth of a second.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from core.kernel.reference import split_list
from core.places.enums import KINDS, AdminLevel, ChangeRelation, LinkStatus
from core.places.services.reading import DATA, date_or_none, rows_of

Row = dict[str, str]
_HINT = "Correct the file in core/places/data; docs/data.md says how and from which source."
_MOST_SHOWN = 10
_SINCE = "2025-07-01"


@register("reference")
def check_places(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> Iterable[CheckMessage]:
    """Fail when the files of the geography contradict each other."""
    del app_configs, kwargs
    found = problems()
    shown = [Error(problem, hint=_HINT, id="places.E001") for problem in found[:_MOST_SHOWN]]
    if len(found) > _MOST_SHOWN:
        left = len(found) - _MOST_SHOWN
        shown.append(Error(f"{left} more problems of places.", hint=_HINT, id="places.E001"))
    return shown


def problems(folder: Path = DATA) -> list[str]:
    """Return what is wrong in a folder of reference files, a sentence each."""
    files = _Files(folder)
    return [
        problem
        for look in (_units, _labels, _changes, _former_names, _provinces_named, _network)
        for problem in look(files)
    ]


class _Files:
    """The files of a folder, each read once, and the codes they may name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[str, list[Row]] = {}

    def __getitem__(self, name: str) -> list[Row]:
        if name not in self._rows:
            self._rows[name] = rows_of(name, folder=self._folder)
        return self._rows[name]

    @cached_property
    def provinces(self) -> dict[str, Row]:
        """Today's provinces by code."""
        return {row["code"]: row for row in self["provinces"]}

    @cached_property
    def old_provinces(self) -> dict[str, str]:
        """Code of the province of today each province of before July 2025 is in."""
        stayed = (row["code"] for row in self["provinces"] if row["valid_from"] < _SINCE)
        closed = {row["code"]: row["new_code"] for row in self["provinces_closed"]}
        return {code: code for code in stayed} | closed

    @cached_property
    def districts(self) -> dict[str, Row]:
        """Districts of the last day by code."""
        return {row["code"]: row for row in self["districts_closed"]}

    @cached_property
    def closed(self) -> dict[str, Row]:
        """Communes of the last day of the old map by code."""
        return {row["code"]: row for row in self["communes_closed"]}

    @cached_property
    def communes(self) -> dict[str, Row]:
        """Today's communes by code."""
        return {row["code"]: row for row in self["communes"]}


def _units(files: _Files) -> Iterator[str]:
    for name, level in (
        ("provinces", AdminLevel.PROVINCE),
        ("provinces_closed", AdminLevel.PROVINCE),
        ("districts_closed", AdminLevel.DISTRICT),
        ("communes_closed", AdminLevel.COMMUNE),
        ("communes", AdminLevel.COMMUNE),
    ):
        yield from _rows_of_units(name, files[name], level)
    yield from _parents(files)
    # A code may serve two provinces only if the one ended before the other began.
    last = {row["code"]: row["valid_to"] for row in files["provinces_closed"]}
    for row in files["provinces"]:
        if last.get(row["code"], "") >= row["valid_from"]:
            yield f"provinces.csv: {row['code']} begins before the province of that code ended."


def _rows_of_units(name: str, rows: Sequence[Row], level: AdminLevel) -> Iterator[str]:
    kinds = set(KINDS[level])
    for code, n_rows in Counter(row["code"] for row in rows).items():
        if n_rows > 1:
            yield f"{name}.csv: code {code} stands there {n_rows} times."
    for row in rows:
        if row["kind"] not in kinds:
            yield f"{name}.csv: {row['code']} is a {row['kind']!r}, no type of a {level.value}."
        if row.get("valid_to") and row["valid_to"] < row["valid_from"]:
            yield f"{name}.csv: {row['code']} ends before it begins."


def _parents(files: _Files) -> Iterator[str]:
    yield from _unknown(files, "provinces_closed", "new_code", files.provinces)
    yield from _unknown(files, "communes", "province_code", files.provinces)
    yield from _unknown(files, "districts_closed", "province_code", files.old_provinces)
    yield from _unknown(files, "communes_closed", "district_code", files.districts)
    for row in files["communes_closed"]:
        district = files.districts.get(row["district_code"])
        if district and district["province_code"] != row["province_code"]:
            yield f"communes_closed.csv: {row['code']} is in another province than its district."


def _unknown(files: _Files, name: str, column: str, known: Iterable[str]) -> Iterator[str]:
    codes = set(known)
    for row in files[name]:
        if row[column] not in codes:
            named = row.get("code") or "/".join(list(row.values())[:2])
            yield f"{name}.csv: {named} names the unknown {column} {row[column]!r}."


def _labels(files: _Files) -> Iterator[str]:
    starts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, level in (
        ("provinces", "province"),
        ("provinces_closed", "province"),
        ("districts_closed", "district"),
        ("communes_closed", "commune"),
    ):
        for row in files[name]:
            starts[level, row["code"]].append(row["valid_from"])
    for code in files.communes:
        starts["commune", code].append(_SINCE)
    begun = Counter((row["level"], row["code"], row["valid_from"]) for row in files["labels"])
    for (level, code, since), n_rows in begun.items():
        if not any(start <= since for start in starts[level, code]):
            yield f"labels.csv: no {level} has the code {code} on {since}."
        if n_rows > 1:
            yield f"labels.csv: {level} {code} has {n_rows} names from {since}."


def _changes(files: _Files) -> Iterator[str]:
    olds: dict[str, list[Row]] = defaultdict(list)
    for row in files["commune_changes"]:
        olds[row["old_code"]].append(row)
        if problem := _astray(files, row):
            yield f"commune_changes.csv: {row['old_code']} {problem}."
    childless = files.districts.keys() - {row["district_code"] for row in files.closed.values()}
    for code in sorted((files.closed.keys() | childless) - olds.keys()):
        yield f"commune_changes.csv: nothing says what became of {code}."
    reached = {row["new_code"] for row in files["commune_changes"]}
    for code in sorted(files.communes.keys() - reached):
        yield f"commune_changes.csv: nothing became {code}."
    for code, rows in olds.items():
        yield from _shares(code, rows)


def _astray(files: _Files, change: Row) -> str:
    known = files.closed if change["old_level"] == AdminLevel.COMMUNE else files.districts
    if change["old_code"] not in known:
        return f"was no {change['old_level']}"
    if change["new_code"] not in files.communes:
        return f"leads nowhere: {change['new_code']!r}"
    if _is_elsewhere(files, known[change["old_code"]], change):
        return f"leads out of its province, to {change['new_code']}"
    return ""


def _is_elsewhere(files: _Files, old: Row, change: Row) -> bool:
    new = files.communes[change["new_code"]]["province_code"]
    return files.old_provinces.get(old["province_code"]) != new


def _shares(code: str, rows: Sequence[Row]) -> Iterator[str]:
    if len({row["new_code"] for row in rows}) < len(rows):
        yield f"commune_changes.csv: {code} leads to one commune twice."
    if len(rows) > 1 and any(row["relation"] == ChangeRelation.WHOLE for row in rows):
        yield f"commune_changes.csv: {code} went whole to one commune, and to others too."
    if sum(Decimal(row["weight"] or 0) for row in rows) > 1:
        yield f"commune_changes.csv: the shares of {code} sum up to more than 1."


def _former_names(files: _Files) -> Iterator[str]:
    known = {
        AdminLevel.COMMUNE: files.closed.keys() | files.districts.keys(),
        AdminLevel.DISTRICT: set(files.districts),
    }
    rows = files["former_names"]
    districts = {row["code"] for row in rows if row["level"] == AdminLevel.DISTRICT}
    districts |= {"", *files.districts}
    for row in rows:
        for code in split_list(row["successors"]):
            if code not in known[AdminLevel(row["level"])]:
                yield f"former_names.csv: {row['name']} became the unknown {code}."
        if row["district_code"] not in districts:
            yield f"former_names.csv: {row['name']} stood in the unknown {row['district_code']}."
    yield from _unknown(files, "former_names", "province_code", files.old_provinces)


def _provinces_named(files: _Files) -> Iterator[str]:
    for name in ("borders", "pacts"):
        for column in ("a", "b"):
            yield from _unknown(files, name, column, files.provinces)
        for row in files[name]:
            if row["a"] >= row["b"]:
                yield f"{name}.csv: {row['a']}/{row['b']}: the smaller code stands first."
    for row in files["unit_groups"]:
        for code in sorted(set(split_list(row["members"])) - files.provinces.keys()):
            yield f"unit_groups.csv: {row['code']} has the unknown member {code}."
    yield from _unknown(files, "ferry_communes", "code", files.communes)


def _network(files: _Files) -> Iterator[str]:
    yield from _unknown(files, "road_nodes", "province_code", files.provinces)
    nodes = [row["code"] for row in files["road_nodes"]]
    for column in ("start", "end"):
        yield from _unknown(files, "road_links", column, nodes)
    near: dict[str, set[str]] = defaultdict(set)
    for row in files["road_links"]:
        if row["status"] == LinkStatus.OPEN and not date_or_none(row["opens_on"]):
            near[row["start"]].add(row["end"])
            near[row["end"]].add(row["start"])
    for code in sorted(set(nodes) - _reached(nodes[0], near)) if nodes else ():
        yield f"road_links.csv: no open way leads from {nodes[0]} to {code}."


def _reached(start: str, near: dict[str, set[str]]) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        for code in near[waiting.pop()] - seen:
            seen.add(code)
            waiting.append(code)
    return seen
