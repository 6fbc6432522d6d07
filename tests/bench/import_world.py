"""One organisation in a scratch database, whose lists go through their whole life."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from import_lists import GOODS, OFFERED, kind_of, name_of

DATABASE = "import_bench"
TEMPLATE = "import_bench_template"
SLOW_ROWS = 2_000
"""So many rows tell the pace of a script that asks for each."""
HARMLESS = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "only-for-benches-never-deployed-0123456789-abcdef",
    "REDIS_URL": "unix:///nonexistent",
    "EMAIL_URL": "memorymail://",
}


def prepare() -> None:
    """Make the database every measurement starts from: the reference data and one organisation."""
    _setup(database=TEMPLATE, template="template0")
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_reference", stdout=io.StringIO())
    _fill()


def enter() -> None:
    """Start from that database; nothing of the portal can be imported before."""
    _setup(database=DATABASE, template=TEMPLATE)


def life(kind: str, path: Path) -> dict[str, Any]:
    """Read, check, take over, check again, change where there is another list, and undo.

    Returns the seconds of each step and what it came to.
    """
    from core.imports import services

    found = _hand_in(kind, path)
    said: dict[str, Any] = {"read": _advanced(found, once=True), "dry run": _advanced(found)}
    new = found.new_count
    services.confirm_import(import_id=found.pk)
    said["taken over"] = _advanced(found)
    again = _hand_in(kind, path)
    _advanced(again, once=True)
    said["again"] = _advanced(again)
    said |= {"digest": products_digest(), "slow_digest": products_digest(SLOW_ROWS)}
    said["missing_traces"] = _traces(kind)
    counts = [new, found.applied_count, again.unchanged_count]
    other = path.with_suffix(".changed.xlsx")
    if other.exists():
        changed = _hand_in(kind, other)
        _advanced(changed)
        services.confirm_import(import_id=changed.pk)
        said["changed"] = _advanced(changed)
        counts.append(changed.applied_count)
        services.recall_import(import_id=changed.pk)
        said["changed back"] = _advanced(changed)
        counts.append(changed.undone_count)
    services.recall_import(import_id=found.pk)
    said["undone"] = _advanced(found)
    return said | {"counts": [*counts, found.undone_count]}


def products_digest(first: int = 0) -> str:
    """Return a digest of the products that came in by a list, or of the first so many."""
    from producers.models import Product

    names = [
        "name", "name_folded", "category_id", "storage", "shelf_life_days", "gtin", "description",
    ]  # fmt: skip
    rows = Product.objects.exclude(description="").order_by("pk").values_list(*names)
    found = hashlib.sha256()
    for row in rows[:first] if first else rows.iterator(2000):
        found.update(repr(row).encode())
    return found.hexdigest()[:12]


def _traces(kind: str) -> int:
    """Return how many records hold fewer traces than one row after the other would leave.

    An offer or request has a revision for its draft and one for its publication, and an event of
    the latter; a paper one of each.
    """
    from django.apps import apps

    from core.outbox.models import OutboxMessage

    kept = {
        "offers": ("producers.SupplyOffer", "producers.supply_offer.published.v1"),
        "requests": ("buyers.DemandRequest", "buyers.demand_request.published.v1"),
        "papers": ("producers.Paper", "producers.paper.submitted.v1"),
    }
    if kind not in kept:
        return 0
    model, event = kept[kind]
    records = apps.get_model(model).objects
    announced = records.count() if kind == "papers" else records.filter(status="published").count()
    revisions = records.count() + (0 if kind == "papers" else announced)
    said = set(OutboxMessage.objects.filter(type=event).values_list("aggregate_id", flat=True))
    return abs(announced - len(said)) + abs(
        revisions - apps.get_model(f"{model}Revision").objects.count()
    )


def _hand_in(kind: str, path: Path) -> Any:
    from django.core.files.base import ContentFile

    from core.accounts.models import Organisation
    from core.imports import registry, services
    from core.kernel import clock

    owner, known = Organisation.objects.get(), registry.kind_named(kind)
    if known is None:
        raise RuntimeError(kind)
    is_province = known.is_for_officers
    context = registry.Context(
        organisation_id=None if is_province else owner.pk,
        province_id=owner.province_id if is_province else None,
        as_of=clock.today(),
    )
    upload = ContentFile(path.read_bytes(), name="list.xlsx")
    return services.upload_list(kind=known, upload=upload, context=context)


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


def _setup(*, database: str, template: str) -> None:
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {database}")
        connection.execute(f"CREATE DATABASE {database} TEMPLATE {template}")
    scratch = urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
    os.environ.update(HARMLESS, DATABASE_URL=scratch, MEDIA_ROOT=tempfile.mkdtemp())
    import django

    django.setup()


def _fill() -> None:
    from buyers.models import BuyerGroup
    from core.accounts.models import Organisation
    from core.catalogue.models import ProductCategory
    from core.kernel.text import fold
    from core.places.models import AdminUnit
    from producers.models import Producer, Product

    organisation = Organisation.objects.create(
        name="HTX thử", name_folded="htx thu", is_producer=True, is_buyer=True, status="approved",
        province=AdminUnit.objects.get(code="22", level="province"), tax_code="5700100256",
    )  # fmt: skip
    producer = Producer.objects.create(organisation=organisation)
    BuyerGroup.objects.create(organisation=organisation)
    kinds = {row.name_vi: row for row in ProductCategory.objects.filter(name_vi__in=GOODS.values())}
    Product.objects.bulk_create(
        Product(
            producer=producer, name=name_of(n), name_folded=fold(name_of(n)),
            category=kinds[kind_of(name_of(n))], storage="chilled",
        )
        for n in range(OFFERED)
    )  # fmt: skip
