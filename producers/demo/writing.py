"""Writing the demo's producers: many rows at a time, final from the start, without events."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db.models import Model, QuerySet
from stdnum import ean

from core.accounts import demo as people
from core.accounts.demo import dice
from core.accounts.enums import OrganisationKind
from core.catalogue.demo import units_by_code
from core.catalogue.enums import StorageClass
from core.kernel.text import fold
from producers.demo import documents, lists
from producers.demo.offers import offers_of
from producers.demo.papers import Desk, papers_of
from producers.demo.plan import (
    COOPERATIVE_EMAIL,
    MAIN_JOB_PRODUCT,
    Ground,
    ProducerPlan,
    ProductPlan,
    businesses_of,
    plan_producers,
)
from producers.enums import OfferStatus, PaperKind, PaperStatus
from producers.models import Paper, Producer, Product, SupplyOffer

_BATCH: Final = 500
_PACKED: Final = frozenset({"seafood", "processed", "tea", "liquor", "herb"})
_PAPERS_PER_COPY: Final = 10_000
_STORY: Final = (
    "Chúng tôi làm nghề này đã ba đời. Sản phẩm làm ra đến đâu ghi sổ đến đó, ai hỏi cũng trả lời "
    "được hàng từ vùng nào, ngày nào thu hoạch."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Which copy of the world is written, on what ground, and who decides on papers."""

    key: tuple[object, ...]
    copy: int
    first_number: int
    today: dt.date
    ground: Ground
    officer_of: Mapping[int, int]


def create(setting: Setting) -> dict[str, int]:
    """Create one copy of the producers with products, papers and offers; return the counts."""
    plans = plan_producers(setting.ground, key=setting.key, first_copy=setting.copy == 0)
    businesses = businesses_of(
        plans, key=setting.key, first_number=setting.first_number, today=setting.today
    )
    organisations = people.create_businesses(businesses)
    rng = dice(*setting.key, "profiles")
    producers = Producer.objects.bulk_create(
        _profile(plan, organisation.pk, rng)
        for plan, organisation in zip(plans, organisations, strict=True)
    )
    products = _create_products(plans, producers, setting)
    offers = _create_offers(plans, products, setting)
    papers = _create_papers(plans, producers, products, setting)
    return {
        "producers": len(producers),
        "products": sum(len(own) for own in products),
        "papers": papers,
        "offers": offers,
    }


def demo_producers() -> QuerySet[Producer]:
    """Return the producers of the demo world."""
    return Producer.objects.filter(organisation__is_demo=True)


def counts() -> dict[str, int]:
    """Return how many rows of each kind the demo world has now."""
    ours = {"producer__organisation__is_demo": True}
    return {
        "producers": demo_producers().count(),
        "products": Product.objects.filter(**ours).count(),
        "papers": Paper.objects.filter(**ours).count(),
        "offers": SupplyOffer.objects.filter(**ours).count(),
        "open offers": SupplyOffer.objects.filter(**ours, status=OfferStatus.PUBLISHED).count(),
    }


def starred_products(*, province_code: str, day: dt.date) -> dict[int, int]:
    """Return how many of a province's demo products hold each number of stars on a day."""
    awards = Paper.objects.filter(
        producer__organisation__is_demo=True,
        producer__organisation__province__code=province_code,
        kind=PaperKind.OCOP_AWARD,
        status=PaperStatus.VERIFIED,
        valid_from__lte=day,
        valid_to__gte=day,
    )
    found: dict[int, set[int]] = {}
    for stars, product_id in awards.values_list("stars", "product_id"):
        found.setdefault(stars or 0, set()).add(product_id or 0)
    return {stars: len(ids) for stars, ids in found.items()}


def main_job_goods() -> dict[str, str | int]:
    """Return what the main job trades: product, kind, and a price for one kilogram in đồng."""
    product = Product.objects.select_related("category").get(
        producer__organisation__contact_email=COOPERATIVE_EMAIL,
        producer__organisation__is_demo=True,
        name=MAIN_JOB_PRODUCT,
    )
    return {"product": product.name, "category": product.category.name_vi, "price_vnd": 26_000}


def remove() -> None:
    """Remove the demo's producers, all they made, and its history."""
    lists.remove()
    ids = list(demo_producers().values_list("pk", flat=True))
    products = Product.objects.filter(producer__in=ids)
    for name, rows in (
        ("SupplyOfferRevision", SupplyOffer.objects.filter(producer__in=ids)),
        ("PaperRevision", Paper.objects.filter(producer__in=ids)),
    ):
        revisions: Any = apps.get_model("producers", name)
        _erase(revisions.objects.filter(producer_id__in=ids))
        _erase(rows)
    documents.remove()
    _erase(products)
    _erase(Producer.objects.filter(pk__in=ids))


def _erase(rows: QuerySet[Any]) -> None:
    """Delete in one statement: what hangs on the rows is gone already."""
    rows._raw_delete(rows.db)  # Django's own way to delete without collecting


def _profile(plan: ProducerPlan, organisation_id: int, rng: random.Random) -> Producer:
    invoices: dict[OrganisationKind, tuple[bool | None, ...]] = {
        OrganisationKind.ENTERPRISE: (True,),
        OrganisationKind.COOPERATIVE: (True,) * 6 + (False, None),
        OrganisationKind.HOUSEHOLD: (True, True, False, None),
    }
    is_cooperative = plan.kind == OrganisationKind.COOPERATIVE
    is_cold = plan.trade in {"aqua", "seafood", "livestock"}
    place = plan.commune.name if plan.commune else plan.province.name
    return Producer(
        organisation_id=organisation_id,
        summary=f"{plan.products[0].name} từ {place}.",
        story=_STORY if rng.random() < 0.5 else "",  # every second tells one
        can_issue_invoice=plan.is_main or rng.choice(invoices[plan.kind]),
        has_cold_storage=rng.choice((True, True, False) if is_cold else (False, None, True)),
        has_own_transport=rng.choice((True, False, None)),
        households=rng.randint(8, 140) if is_cooperative else None,
    )


def _create_products(
    plans: Sequence[ProducerPlan], producers: Sequence[Producer], setting: Setting
) -> list[list[Product]]:
    rng = dice(*setting.key, "products")
    made = [
        [_product(one, producer.pk, setting, rng) for one in plan.products]
        for plan, producer in zip(plans, producers, strict=True)
    ]
    flat = [product for own in made for product in own]
    for number, product in enumerate(flat, start=setting.first_number * 10):
        if product.gtin:
            product.gtin = gtin(number)
    _write(Product, flat)
    return made


def _product(plan: ProductPlan, producer_id: int, setting: Setting, rng: random.Random) -> Product:
    category = plan.good.category
    storage = category.storage
    if storage == StorageClass.LIVE and rng.random() < 0.2:  # some sell it cooled
        storage = StorageClass.CHILLED
    has_barcode = rng.random() < (0.72 if plan.good.kind in _PACKED else 0.15)
    return Product(
        producer_id=producer_id,
        category=category,
        name=plan.name,
        name_folded=fold(plan.name),
        description=f"{plan.name}: hàng mẫu để xem thử, không bán thật.",
        gtin="?" if has_barcode else "",
        storage=storage,
        shelf_life_days=category.shelf_life_days if rng.random() < 0.6 else None,  # else the kind's
        created_at=people.at_hour(setting.today - dt.timedelta(days=rng.randint(40, 55)), 9),
    )


def gtin(number: int) -> str:
    """Return the n-th invented barcode: prefix 893, a maker of zeros, a true check digit."""
    digits = f"893000{number:06d}"
    return f"{digits}{ean.calc_check_digit(digits)}"


def _create_offers(
    plans: Sequence[ProducerPlan], products: list[list[Product]], setting: Setting
) -> int:
    offers = offers_of(
        list(zip(plans, products, strict=True)),
        units=units_by_code(),
        today=setting.today,
        rng=dice(*setting.key, "offers"),
    )
    _write(SupplyOffer, offers)
    return len(offers)


def _create_papers(
    plans: Sequence[ProducerPlan],
    producers: Sequence[Producer],
    products: list[list[Product]],
    setting: Setting,
) -> int:
    desk = Desk(
        today=setting.today,
        officer_of=setting.officer_of,
        number=setting.copy * _PAPERS_PER_COPY,
    )
    papers = papers_of(
        list(zip(plans, producers, products, strict=True)),
        desk=desk,
        rng=dice(*setting.key, "papers"),
    )
    cooperatives = frozenset(
        producer.pk
        for plan, producer in zip(plans, producers, strict=True)
        if plan.kind == OrganisationKind.COOPERATIVE
    )
    documents.keep_scans(papers, holders=cooperatives)
    _write(Paper, papers)
    return len(papers)


def _write(model: type[Model], rows: Iterable[Any]) -> None:
    model._default_manager.bulk_create(rows, batch_size=_BATCH)  # noqa: SLF001 -- models of any kind
