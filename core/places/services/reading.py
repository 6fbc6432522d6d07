"""The geography's reference files, read into values ready to be compared and stored."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from core.kernel.reference import Values, read_rows, split_list
from core.kernel.text import fold
from core.places.enums import AdminLevel

DATA = Path(__file__).resolve().parents[1] / "data"
COMMUNES_SINCE = dt.date(2025, 7, 1)
CLOSED_SOURCE = "vietnamadminunits 1.0.4 (MIT), state of 2025-06-30"
COMMUNES_SOURCE = "vietnamadminunits 1.0.4 (MIT); QĐ 19/2025/QĐ-TTg"

Cells = Mapping[str, str]


class UnitKey(NamedTuple):
    """What names a unit: a code means nothing without its day."""

    level: str
    code: str
    valid_from: dt.date


class LabelSpan(NamedTuple):
    """A name and type on the days from `valid_from` to `valid_to`, both in."""

    name: str
    kind: str
    valid_from: dt.date
    valid_to: dt.date | None
    basis: str


def rows_of(name: str, *, folder: Path = DATA) -> list[dict[str, str]]:
    """Return the rows of one of the geography's files, e.g. ``borders``."""
    return read_rows(folder / f"{name}.csv")


def date_or_none(cell: str) -> dt.date | None:
    """Return the ISO date in a cell, None when it is empty."""
    return dt.date.fromisoformat(cell) if cell else None


def province_values() -> Iterator[tuple[UnitKey, Values]]:
    """Yield today's provinces and those the law has closed."""
    for row in rows_of("provinces"):
        yield (
            _province_key(row),
            {
                **_province_values(row),
                "region_code": row["region_code"],
                "lat": float(row["lat"]),
                "lon": float(row["lon"]),
                "border_countries": split_list(row["border_countries"]),
            },
        )
    for row in rows_of("provinces_closed"):
        yield (
            _province_key(row),
            {
                **_province_values(row),
                "valid_to": dt.date.fromisoformat(row["valid_to"]),
            },
        )


def _province_key(row: Cells) -> UnitKey:
    return UnitKey(AdminLevel.PROVINCE, row["code"], dt.date.fromisoformat(row["valid_from"]))


def _province_values(row: Cells) -> Values:
    return {"name": row["name"], "kind": row["kind"], "source": row["source"]}


def district_values(parents: Mapping[str, int]) -> Iterator[tuple[UnitKey, Values]]:
    """Yield the districts of before July 2025.

    Args:
        parents: Ids of the 63 provinces of their last day by code.
    """
    for row in rows_of("districts_closed"):
        yield (
            _closed_key(AdminLevel.DISTRICT, row),
            _closed_values(row, parents[row["province_code"]]),
        )


def closed_commune_values(parents: Mapping[str, int]) -> Iterator[tuple[UnitKey, Values]]:
    """Yield the communes of before July 2025.

    Args:
        parents: Ids of the districts by code.
    """
    for row in rows_of("communes_closed"):
        yield (
            _closed_key(AdminLevel.COMMUNE, row),
            _closed_values(row, parents[row["district_code"]]),
        )


def _closed_key(level: AdminLevel, row: Cells) -> UnitKey:
    return UnitKey(level, row["code"], dt.date.fromisoformat(row["valid_from"]))


def _closed_values(row: Cells, parent_id: int) -> Values:
    return {
        "name": row["name"],
        "kind": row["kind"],
        "parent_id": parent_id,
        "lat": float(row["lat"]),
        "lon": float(row["lon"]),
        "source": CLOSED_SOURCE,
        "valid_to": dt.date.fromisoformat(row["valid_to"]),
    }


def commune_values(parents: Mapping[str, int]) -> Iterator[tuple[UnitKey, Values]]:
    """Yield today's communes.

    Args:
        parents: Ids of today's provinces by code.
    """
    ferries = {row["code"]: row for row in rows_of("ferry_communes")}
    for row in rows_of("communes"):
        ferry = ferries.get(row["code"], {"extra_hours": "0", "note": ""})
        yield (
            UnitKey(AdminLevel.COMMUNE, row["code"], COMMUNES_SINCE),
            {
                "name": row["name"],
                "kind": row["kind"],
                "parent_id": parents[row["province_code"]],
                "lat": float(row["lat"]),
                "lon": float(row["lon"]),
                "extra_access_hours": Decimal(ferry["extra_hours"]),
                "access_note": ferry["note"],
                "source": COMMUNES_SOURCE,
            },
        )


def label_spans(units: Mapping[UnitKey, Values]) -> dict[UnitKey, list[LabelSpan]]:
    """Return each unit's names and types in order of time, without gap or overlap."""
    spans: dict[UnitKey, dict[dt.date, tuple[str, str, str]]] = defaultdict(dict)
    by_code: dict[tuple[str, str], list[UnitKey]] = defaultdict(list)
    for key, values in units.items():
        spans[key][key.valid_from] = (str(values["name"]), str(values["kind"]), "")
        by_code[key.level, key.code].append(key)
    levels = {key.level for key in units}
    for row in rows_of("labels"):
        if row["level"] not in levels:
            continue
        since = dt.date.fromisoformat(row["valid_from"])
        keys = (key for key in by_code[row["level"], row["code"]] if key.valid_from <= since)
        spans[max(keys)][since] = (row["name"], row["kind"], row["basis"])
    return {key: _joined(starts, last=_end_of(units[key])) for key, starts in spans.items()}


def _end_of(values: Values) -> dt.date | None:
    end = values.get("valid_to")
    return end if isinstance(end, dt.date) else None


def _joined(
    starts: Mapping[dt.date, tuple[str, str, str]], *, last: dt.date | None
) -> list[LabelSpan]:
    days = sorted(starts)
    ends = [*(day - dt.timedelta(days=1) for day in days[1:]), last]
    return [
        LabelSpan(
            name=starts[day][0],
            kind=starts[day][1],
            valid_from=day,
            valid_to=end,
            basis=starts[day][2],
        )
        for day, end in zip(days, ends, strict=True)
    ]


def relabel(
    units: dict[UnitKey, Values], *, spans: Mapping[UnitKey, Iterable[LabelSpan]], day: dt.date
) -> None:
    """Set on each unit the name and type of `day`, or of its last day when it has ended."""
    for key, values in units.items():
        begun = [span for span in spans[key] if span.valid_from <= day]
        label = begun[-1] if begun else next(iter(spans[key]))
        values["name"], values["kind"] = label.name, label.kind
        values["name_folded"] = fold(label.name)
        values.setdefault("valid_to", None)
