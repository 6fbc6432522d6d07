"""Three scripts that fill the table of products from a list, and do nothing else.

They check nothing, announce nothing, leave no trace and cannot be undone; what they store must be
what the product stores. Their reader is calamine, the fastest there is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from import_lists import GOODS, kind_of
from import_world import SLOW_ROWS, products_digest


def get_or_create(path: Path) -> dict[str, Any]:
    """Do what a quick script does: one row after the other."""
    from producers.models import Product

    def write(rows: Iterator[dict[str, Any]]) -> None:
        for row in rows:
            keys = {name: row.pop(name) for name in ("producer_id", "name_folded")}
            Product.objects.get_or_create(**keys, defaults=row)

    return _filled(path, write, most=SLOW_ROWS)


def bulk_create(path: Path) -> dict[str, Any]:
    """Let Django write a thousand rows at a time, which PostgreSQL takes as arrays."""
    from producers.models import Product

    def write(rows: Iterator[dict[str, Any]]) -> None:
        Product.objects.bulk_create((Product(**row) for row in rows), batch_size=1000)

    return _filled(path, write)


def copy(path: Path) -> dict[str, Any]:
    """Pour the rows into the table, as nothing is faster at."""
    from django.db import connection

    from core.kernel import clock
    from producers.models import Product

    def write(rows: Iterator[dict[str, Any]]) -> None:
        moment = clock.now()
        rest = {"photo": "", "is_archived": False, "version": 1, "created_at": moment}
        fields = [f for f in Product._meta.concrete_fields if not f.primary_key]
        names = [field.column for field in fields]
        with connection.cursor() as cursor:
            statement = f"COPY {Product._meta.db_table} ({', '.join(names)}) FROM STDIN"
            with cursor.copy(statement) as target:
                for row in rows:
                    target.write_row([(row | rest)[name] for name in names])

    return _filled(path, write)


def _filled(
    path: Path, write: Callable[[Iterator[dict[str, Any]]], None], *, most: int | None = None
) -> dict[str, Any]:
    from django.db import transaction

    began = time.perf_counter()
    with transaction.atomic():
        write(islice(_rows(path), most))
    return {"seconds": time.perf_counter() - began, "digest": products_digest()}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    from python_calamine import CalamineWorkbook

    from core.catalogue.models import ProductCategory
    from core.kernel.text import fold
    from producers.models import Producer

    producer_id = Producer.objects.get().pk
    kinds = {row.name_vi: row for row in ProductCategory.objects.filter(name_vi__in=GOODS.values())}
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()

    def values(name: str, days: float, gtin: str, about: str) -> dict[str, Any]:
        category = kinds[kind_of(name)]
        return {
            "producer_id": producer_id, "name": name, "name_folded": fold(name),
            "category_id": category.pk, "storage": category.storage, "gtin": gtin,
            "shelf_life_days": int(days), "description": about,
        }  # fmt: skip

    # Nothing is asked of the database any more: while COPY runs, nothing could be.
    return (values(row[0], row[3], row[4], row[5]) for row in sheet[1:])


PEERS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "get_or_create": get_or_create,
    "bulk_create": bulk_create,
    "COPY": copy,
}
