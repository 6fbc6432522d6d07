"""Loading units of both maps, their names, and what became of those that ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from psycopg import sql

from core.kernel import clock
from core.kernel.reference import Tally, Values, compare
from core.places.enums import AdminLevel, ChangeRelation
from core.places.models import LAST_DAY_OF_DISTRICTS, AdminUnit, AdminUnitChange, AdminUnitLabel
from core.places.services import reading
from core.places.services.reading import COMMUNES_SINCE, LabelSpan, UnitKey, rows_of
from core.places.services.syncing import sync, update

_COLUMNS = (
    "code", "level", "parent_id", "name", "kind", "name_folded", "region_code", "lat", "lon",
    "border_countries", "extra_access_hours", "access_note", "valid_from", "valid_to", "source",
    "updated_at",
)  # fmt: skip
_MANY = 1_000
_Spans = Mapping[UnitKey, list[LabelSpan]]


def load_units() -> list[Tally]:
    """Store units, labels and changes; parents come before their children."""
    provinces = dict(reading.province_values())
    stored, spans = _store(AdminLevel.PROVINCE, provinces)
    tallies, labels = [stored], dict(spans)
    districts = dict(reading.district_values(ids_on(LAST_DAY_OF_DISTRICTS, AdminLevel.PROVINCE)))
    stored, spans = _store(AdminLevel.DISTRICT, districts)
    tallies.append(stored)
    labels |= _that_changed(spans)
    closed = reading.closed_commune_values(ids_on(LAST_DAY_OF_DISTRICTS, AdminLevel.DISTRICT))
    today = reading.commune_values(ids_on(COMMUNES_SINCE, AdminLevel.PROVINCE))
    communes = {**dict(closed), **dict(today)}
    stored, spans = _store(AdminLevel.COMMUNE, communes)
    tallies.append(stored)
    labels |= {key: found for key, found in spans.items() if key.valid_from >= COMMUNES_SINCE}
    labels |= _that_changed(spans)
    loaded = [_sum("units", tallies), _load_labels(labels), _load_changes()]
    if sum(tally.created for tally in loaded) > _MANY:
        _tell_the_planner()
    return loaded


def ids_on(day: dt.date, level: AdminLevel) -> dict[str, int]:
    """Return the ids of a level's units of a day by code."""
    units = AdminUnit.objects.filter(level=level, valid_from__lte=day).exclude(valid_to__lt=day)
    return dict(units.values_list("code", "pk"))


def _tell_the_planner() -> None:
    """Count the rows anew: until PostgreSQL does by itself, it plans for empty tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE places_adminunit, places_adminunitlabel, places_adminunitchange")


def _that_changed(spans: _Spans) -> dict[UnitKey, list[LabelSpan]]:
    """Return the units that had several names or types; the others carry their only one."""
    return {key: found for key, found in spans.items() if len(found) > 1}


def _sum(kind: str, tallies: Iterable[Tally]) -> Tally:
    parts = [(t.created, t.changed, t.closed, t.unchanged) for t in tallies]
    return Tally(kind, *(sum(column) for column in zip(*parts, strict=True)))


def _store(level: AdminLevel, wanted: dict[UnitKey, Values]) -> tuple[Tally, _Spans]:
    today = clock.today()
    spans = reading.label_spans(wanted)
    reading.relabel(wanted, spans=spans, day=today)
    stored = {
        UnitKey(unit.level, unit.code, unit.valid_from): unit
        for unit in AdminUnit.objects.filter(level=level)
    }
    difference = compare(stored, wanted=wanted)
    leaving = [unit for unit in difference.gone if unit.valid_to is None]
    for unit in leaving:
        unit.valid_to = today - dt.timedelta(days=1)
    update([*leaving, *difference.changed], fields={f for v in wanted.values() for f in v})
    _create([AdminUnit(**key._asdict(), **values) for key, values in difference.created.items()])
    tally = Tally(
        level.value,
        created=len(difference.created),
        changed=len(difference.changed),
        closed=len(leaving),
        unchanged=difference.unchanged,
    )
    return tally, spans


def _create(units: Sequence[AdminUnit]) -> None:
    now = clock.now()
    for unit in units:
        unit.updated_at = now
    rows = ([getattr(unit, column) for column in _COLUMNS] for unit in units)
    _copy("places_adminunit", _COLUMNS, rows)


def _copy(table: str, columns: Iterable[str], rows: Iterable[Sequence[object]]) -> None:
    """Copy rows in: as 14,000 rows of parameters the database takes them five times as long."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(",").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _synced(
    model: type[AdminUnitLabel | AdminUnitChange],
    wanted: dict[tuple[Any, ...], Values],
    *,
    key: tuple[str, ...],
    kind: str,
) -> Tally:
    """Fill an empty table at once; compare row by row otherwise."""
    if not wanted or model.objects.exists():
        return sync(model, wanted, key=key, kind=kind)
    names = tuple(next(iter(wanted.values())))
    rows = ((*k, *(values[name] for name in names)) for k, values in wanted.items())
    _copy(model._meta.db_table, (*key, *names), rows)
    return Tally(kind, created=len(wanted))


def _load_labels(spans: _Spans) -> Tally:
    ids = {
        UnitKey(level, code, since): pk
        for pk, level, code, since in AdminUnit.objects.values_list(
            "pk", "level", "code", "valid_from"
        )
    }
    wanted: dict[tuple[Any, ...], Values] = {}
    for key, labels in spans.items():
        for label in labels:
            values = label._asdict()
            wanted[ids[key], values.pop("valid_from")] = values
    return _synced(AdminUnitLabel, wanted, key=("unit_id", "valid_from"), kind="labels")


def _load_changes() -> Tally:
    olds = {
        level.value: ids_on(LAST_DAY_OF_DISTRICTS, level)
        for level in (AdminLevel.PROVINCE, AdminLevel.DISTRICT, AdminLevel.COMMUNE)
    }
    provinces = ids_on(COMMUNES_SINCE, AdminLevel.PROVINCE)
    communes = ids_on(COMMUNES_SINCE, AdminLevel.COMMUNE)
    wanted: dict[tuple[Any, ...], Values] = {
        (olds[AdminLevel.PROVINCE][row["code"]], provinces[row["new_code"]]): _change(
            ChangeRelation.WHOLE, weight=Decimal(1), basis=row["source"]
        )
        for row in rows_of("provinces_closed")
    }
    for row in rows_of("commune_changes"):
        wanted[olds[row["old_level"]][row["old_code"]], communes[row["new_code"]]] = _change(
            row["relation"],
            weight=Decimal(row["weight"]) if row["weight"] else None,
            basis=row["basis"],
        )
    return _synced(AdminUnitChange, wanted, key=("old_id", "new_id"), kind="changes")


def _change(relation: str, *, weight: Decimal | None, basis: str) -> Values:
    return {
        "relation": str(relation),
        "weight": weight,
        "happened_on": COMMUNES_SINCE,
        "basis": basis,
    }
