"""One producer in a scratch database, whose list of products goes through its whole life."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

DATABASE = "import_bench"
HARMLESS = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "only-for-benches-never-deployed-0123456789-abcdef",
    "REDIS_URL": "unix:///nonexistent",
    "EMAIL_URL": "memorymail://",
}


def life(path: Path) -> dict[str, Any]:
    """Read, check, take over, check again and undo a list; return the seconds of each."""
    producer_id = _world()
    from core.imports import services
    from core.imports.models import ImportRow

    found = _hand_in(path, producer_id)
    seconds = {"read": _advanced(found, once=True)}
    seconds["dry run"] = _advanced(found)
    new = found.new_count
    services.confirm_import(import_id=found.pk)
    seconds["taken over"] = _advanced(found)
    again = _hand_in(path, producer_id)
    _advanced(again, once=True)
    seconds["again"] = _advanced(again)
    services.recall_import(import_id=found.pk)
    seconds["undone"] = _advanced(found)
    left = ImportRow.objects.filter(of=found.pk, state="applied").count()
    return {**seconds, "counts": [new, again.unchanged_count, left]}


def get_or_create(path: Path) -> dict[str, Any]:
    """Do what a quick script does: load everything, then one row after the other."""
    producer_id = _world()
    from openpyxl import load_workbook

    from core.catalogue.models import ProductCategory
    from core.kernel.text import fold
    from producers.models import Product

    began = time.perf_counter()
    category = ProductCategory.objects.get()
    rows = load_workbook(path).worksheets[0].iter_rows(min_row=2, values_only=True)
    for name, _kind, _storage, days, *_rest in rows:
        Product.objects.get_or_create(
            producer_id=producer_id,
            name_folded=fold(name),
            defaults={
                "name": name,
                "category": category,
                "storage": "chilled",
                "shelf_life_days": days,
            },
        )
    return {"seconds": time.perf_counter() - began}


def _hand_in(path: Path, producer_id: int) -> Any:
    from django.core.files.base import ContentFile

    from core.imports import registry, services
    from core.kernel import clock

    context = registry.Context(organisation_id=producer_id, as_of=clock.today())
    kind = registry.kind_named("products")
    upload = ContentFile(path.read_bytes(), name="list.xlsx")
    return services.upload_list(kind=kind, upload=upload, context=context)


def _advanced(found: Any, *, once: bool = False) -> float:
    from core.imports import services

    began = time.perf_counter()
    found.refresh_from_db()
    while found.is_busy:
        services.advance(import_id=found.pk, version=found.version)
        found.refresh_from_db()
        if once:
            break
    return time.perf_counter() - began


def _world() -> int:
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    scratch = urlunsplit(urlsplit(url)._replace(path=f"/{DATABASE}"))
    os.environ.update(HARMLESS, DATABASE_URL=scratch, MEDIA_ROOT=tempfile.mkdtemp())
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    return _rows()


def _rows() -> int:
    from core.accounts.models import Organisation
    from core.catalogue.models import ProductCategory, Unit
    from core.places.models import AdminUnit
    from producers.models import Producer

    province = AdminUnit.objects.create(
        code="22", name="Quảng Ninh", name_folded="quang ninh", level="province",
        kind="thanh_pho", valid_from=dt.date(2025, 7, 1), source="bench",
    )  # fmt: skip
    unit = Unit.objects.create(
        code="kg", name_vi="kg", name_en="kg", dimension="mass", to_base=1, source="bench"
    )
    ProductCategory.objects.create(
        code="cam", level="leaf", name_vi="Cam", name_en="Orange", name_folded="cam",
        default_unit=unit, storage="chilled", shelf_life_days=30, order_lo=1, order_hi=1,
        source="bench",
    )  # fmt: skip
    organisation = Organisation.objects.create(
        name="HTX thử", name_folded="htx thu", province=province, is_producer=True,
        status="approved", tax_code="5700100256",
    )  # fmt: skip
    return Producer.objects.create(organisation=organisation).pk
