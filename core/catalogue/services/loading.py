"""Loading the catalogue's reference files; a second load finds nothing to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from django.db import connection, transaction

from core.catalogue.models import FormerSet, ProductCategory, Unit
from core.kernel import clock
from core.kernel.reference import Tally, Values, compare, read_rows, split_list
from core.kernel.text import fold

M = TypeVar("M", Unit, ProductCategory, FormerSet)
DATA = Path(__file__).resolve().parents[1] / "data"
_LOAD_LOCK = 2_026_002


@transaction.atomic
def load_catalogue() -> list[Tally]:
    """Make units, categories and former sets say what the reference files say.

    Synonyms that officers approved stand in a table of their own and stay as they are.

    A category that left the file is taken out of use, not deleted: offers and requests hang on
    it. Tree numbers of the others close the gap.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOAD_LOCK])
    return [
        _load_units(),
        _load_categories(read_rows(DATA / "categories.csv")),
        _load_former_sets("2019", read_rows(DATA / "ocop_sets_2019.csv")),
    ]


def _load_units() -> Tally:
    wanted: dict[str, Values] = {
        row["code"]: {
            "name_vi": row["name_vi"],
            "name_en": row["name_en"],
            "dimension": row["dimension"],
            "to_base": Decimal(row["to_base"]) if row["to_base"] else None,
            "synonyms": split_list(row["synonyms"]),
            "sort_order": number,
            "source": row["source"],
        }
        for number, row in enumerate(read_rows(DATA / "units.csv"), start=1)
    }
    stored = {unit.code: unit for unit in Unit.objects.all()}
    difference = compare(stored, wanted=wanted)
    _update(Unit, difference.changed, fields=next(iter(wanted.values())))
    Unit.objects.bulk_create([Unit(code=c, **v) for c, v in difference.created.items()])
    return Tally(
        "units of measure",
        created=len(difference.created),
        changed=len(difference.changed),
        unchanged=difference.unchanged,
    )


def _load_categories(rows: Sequence[Mapping[str, str]]) -> Tally:
    units = dict(Unit.objects.values_list("code", "pk"))
    numbers = number_tree([(row["code"], row["parent"]) for row in rows])
    wanted = {row["code"]: _category_values(row, units, numbers[row["code"]]) for row in rows}
    stored = {category.code: category for category in ProductCategory.objects.all()}
    difference = compare(stored, wanted=wanted)
    leaving = [category for category in difference.gone if category.is_active]
    for category in leaving:
        # Outside every range, for ranges begin at 1.
        category.is_active, category.order_lo, category.order_hi = False, 0, 0
    fields = next(iter(wanted.values()))
    _update(ProductCategory, [*difference.changed, *leaving], fields=fields)
    new = [ProductCategory(code=code, **values) for code, values in difference.created.items()]
    ProductCategory.objects.bulk_create(new)
    moved = _set_parents({row["code"]: row["parent"] for row in rows})
    return Tally(
        "categories",
        created=len(new),
        changed=len({c.code for c in difference.changed} | (moved - difference.created.keys())),
        closed=len(leaving),
        unchanged=difference.unchanged,
    )


def _category_values(
    row: Mapping[str, str], units: Mapping[str, int], numbers: tuple[int, int]
) -> Values:
    return {
        "level": row["level"],
        "name_vi": row["name_vi"],
        "name_en": row["name_en"],
        "name_folded": fold(row["name_vi"]),
        "synonyms": split_list(row["synonyms"]),
        "season_months": [int(month) for month in split_list(row["season_months"])],
        "default_unit_id": units[row["unit"]] if row["unit"] else None,
        "storage": row["storage"],
        "shelf_life_days": int(row["shelf_life_days"]) if row["shelf_life_days"] else None,
        "managing_agencies": split_list(row["managing_agencies"]),
        "specialty_of": split_list(row["specialty_of"]),
        "hs_heading": row["hs_heading"],
        "hs_confidence": row["hs_confidence"],
        "order_lo": numbers[0],
        "order_hi": numbers[1],
        "is_active": True,
        "source": row["source"],
    }


def _load_former_sets(version: str, rows: Sequence[Mapping[str, str]]) -> Tally:
    fields = ("sector_vi", "group_vi", "name_vi", "name_en", "note", "source")
    wanted: dict[int, Values] = {
        int(row["number"]): {
            "criteria_version": version,
            "sets_today": split_list(row["sets_today"]),
            **{field: row[field] for field in fields},
        }
        for row in rows
    }
    known = FormerSet.objects.filter(criteria_version=version)
    difference = compare({one.number: one for one in known}, wanted=wanted)
    _update(FormerSet, difference.changed, fields=next(iter(wanted.values())))
    FormerSet.objects.bulk_create(
        [FormerSet(number=number, **values) for number, values in difference.created.items()]
    )
    return Tally(
        "former product sets",
        created=len(difference.created),
        changed=len(difference.changed),
        unchanged=difference.unchanged,
    )


def _set_parents(parents: Mapping[str, str]) -> set[str]:
    """Hang every category under its parent; return the codes that moved."""
    stored = {category.code: category for category in ProductCategory.objects.all()}
    moved = []
    for code, parent in parents.items():
        parent_id = stored[parent].pk if parent else None
        if stored[code].parent_id != parent_id:
            stored[code].parent_id = parent_id
            moved.append(stored[code])
    ProductCategory.objects.bulk_update(moved, ["parent"])
    return {category.code for category in moved}


def number_tree(nodes: Iterable[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """Number a tree in pre-order, in the order given; a node's range spans all below it.

    Args:
        nodes: Pairs of code and parent's code, the latter empty at the roots.

    Raises:
        ValueError: A parent is missing, or nodes hang in a circle.
    """
    children: dict[str, list[str]] = defaultdict(list)
    codes = set()
    for code, parent in nodes:
        children[parent].append(code)
        codes.add(code)
    numbers: dict[str, tuple[int, int]] = {}
    for root in children[""]:
        _number(root, children, numbers)
    if missing := codes - numbers.keys():
        raise ValueError(f"These categories hang on no root: {sorted(missing)}.")
    return numbers


def _number(
    code: str, children: Mapping[str, list[str]], numbers: dict[str, tuple[int, int]]
) -> None:
    low = len(numbers) + 1
    numbers[code] = (low, low)
    for child in children.get(code, []):
        _number(child, children, numbers)
    numbers[code] = (low, len(numbers))


def _update(model: type[M], rows: list[M], *, fields: Iterable[str]) -> None:
    if not rows:
        return
    for row in rows:
        row.updated_at = clock.now()
    names = {name.removesuffix("_id") for name in fields} | {"updated_at"}
    model.objects.bulk_update(rows, sorted(names))
