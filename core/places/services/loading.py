"""Loading the geography's reference files; a second load finds nothing to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from core.kernel import clock
from core.kernel.reference import Tally, Values, compare, split_list
from core.places.enums import AdminLevel, ChangeRelation
from core.places.models import (
    AdminUnit,
    AdminUnitChange,
    AdminUnitLabel,
    ProvinceBorder,
    UnitGroup,
)
from core.places.services import reading
from core.places.services.freight_files import load_freight
from core.places.services.reading import UnitKey, rows_of
from core.places.services.syncing import sync, update

_LOAD_LOCK = 2_026_001
_MERGER_OF_2025 = dt.date(2025, 7, 1)


@transaction.atomic
def load_places() -> list[Tally]:
    """Make the tables say what the reference files say; return what changed, kind by kind.

    A link whose status somebody changed by hand keeps that status. Units that left the files
    are closed, not deleted: figures hang on them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOAD_LOCK])
    units_tally, labels_tally = _load_units()
    provinces = _ids_of_today(AdminLevel.PROVINCE)
    return [
        units_tally,
        labels_tally,
        _load_changes(provinces),
        _load_borders(provinces),
        _load_groups(provinces),
        *load_freight(provinces),
    ]


def _ids_of_today(level: AdminLevel) -> dict[str, int]:
    return dict(AdminUnit.objects.filter(level=level, valid_to=None).values_list("code", "pk"))


def _load_units() -> tuple[Tally, Tally]:
    today = clock.today()
    provinces = dict(reading.province_values())
    spans = reading.label_spans(provinces)
    reading.relabel(provinces, spans=spans, day=today)
    first = _store_units(AdminLevel.PROVINCE, provinces, today)
    communes = dict(reading.commune_values(_ids_of_today(AdminLevel.PROVINCE)))
    commune_spans = reading.label_spans(communes)
    reading.relabel(communes, spans=commune_spans, day=today)
    second = _store_units(AdminLevel.COMMUNE, communes, today)
    return _sum("units", [first, second]), _load_labels({**spans, **commune_spans})


def _sum(kind: str, tallies: Iterable[Tally]) -> Tally:
    parts = [(t.created, t.changed, t.closed, t.unchanged) for t in tallies]
    return Tally(kind, *(sum(column) for column in zip(*parts, strict=True)))


def _store_units(level: AdminLevel, wanted: dict[UnitKey, Values], today: dt.date) -> Tally:
    stored = {
        UnitKey(unit.level, unit.code, unit.valid_from): unit
        for unit in AdminUnit.objects.filter(level=level)
    }
    difference = compare(stored, wanted=wanted)
    leaving = [unit for unit in difference.gone if unit.valid_to is None]
    for unit in leaving:
        unit.valid_to = today - dt.timedelta(days=1)
    update([*leaving, *difference.changed], fields={f for v in wanted.values() for f in v})
    AdminUnit.objects.bulk_create(
        [AdminUnit(**key._asdict(), **values) for key, values in difference.created.items()]
    )
    return Tally(
        level.value,
        created=len(difference.created),
        changed=len(difference.changed),
        closed=len(leaving),
        unchanged=difference.unchanged,
    )


def _load_labels(spans: Mapping[UnitKey, Iterable[reading.LabelSpan]]) -> Tally:
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
    return sync(AdminUnitLabel, wanted, key=("unit_id", "valid_from"), kind="labels")


def _load_changes(provinces: Mapping[str, int]) -> Tally:
    closed = dict(
        AdminUnit.objects.filter(level=AdminLevel.PROVINCE, valid_to__isnull=False).values_list(
            "code", "pk"
        )
    )
    wanted: dict[tuple[Any, ...], Values] = {
        (closed[row["code"]], provinces[row["new_code"]]): {
            "relation": ChangeRelation.WHOLE.value,
            "weight": Decimal(1),
            "happened_on": _MERGER_OF_2025,
            "basis": row["source"],
        }
        for row in rows_of("provinces_closed")
    }
    return sync(AdminUnitChange, wanted, key=("old_id", "new_id"), kind="changes")


def _load_borders(provinces: Mapping[str, int]) -> Tally:
    wanted: dict[tuple[Any, ...], Values] = {
        (provinces[row["a"]], provinces[row["b"]]): {} for row in rows_of("borders")
    }
    return sync(ProvinceBorder, wanted, key=("a_id", "b_id"), kind="borders")


def _load_groups(provinces: Mapping[str, int]) -> Tally:
    rows = rows_of("unit_groups")
    wanted: dict[tuple[Any, ...], Values] = {
        (row["code"],): {
            "name_vi": row["name_vi"],
            "name_en": row["name_en"],
            "is_region": row["is_region"] == "1",
            "source": row["source"],
        }
        for row in rows
    }
    tally = sync(UnitGroup, wanted, key=("code",), kind="groups")
    groups = {group.code: group for group in UnitGroup.objects.all()}
    for row in rows:
        groups[row["code"]].members.set([provinces[code] for code in split_list(row["members"])])
    return tally
