"""Products with papers, chains with requirements, open requests; and gaps read one by one.

Imported once Django is set up for the scratch database.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from django.db import connection

from buyers.models import BuyerGroup, DemandRequest, RequirementProfile
from buyers.selectors import published_profiles
from core.accounts.actors import ANONYMOUS
from core.accounts.models import Organisation
from core.catalogue.models import ProductCategory, Unit
from core.kernel import clock
from core.places.models import AdminUnit
from matchmaking.selectors.chains import board
from matchmaking.selectors.readiness import Readiness, items, judged, readiness_of
from producers.models import Paper, Producer, Product
from producers.selectors import products_of, products_visible_to
from producers.services.paper_special import plus_months

KINDS = (
    "food_safety",
    "self_declaration",
    "vietgap",
    "haccp",
    "iso_22000",
    "trace_link",
    "organic",
)
WRITTEN = (Organisation, AdminUnit, Unit, ProductCategory)
CATEGORIES = 198
OWNERS_PER_100_PRODUCTS = 55
GROUPS_OFFSET = 1_000_000
PAPERS_EACH = 3
Gaps = dict[int, tuple[int, ...]]


def fill(*, products: int, chains: int, requests: int, rng: random.Random) -> None:
    """Write the world anew; keys of reference tables are not asked for."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        names = ", ".join(model._meta.db_table for model in WRITTEN)
        cursor.execute(f"TRUNCATE {names} CASCADE")
    _reference()
    owners = max(1, products * OWNERS_PER_100_PRODUCTS // 100)
    _organisations(range(1, owners + 1), is_buyer=False)
    Producer.objects.bulk_create(
        (Producer(pk=n, can_issue_invoice=rng.random() < 0.6) for n in range(1, owners + 1)),
        batch_size=2000,
    )
    _products(products, owners, rng)
    _papers(owners, products, rng)
    _chains(chains, rng)
    _requests(chains, requests, rng)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def all_products() -> Any:
    """Return every product, as the pages of chains and officers read them."""
    return products_visible_to(ANONYMOUS)


def holders_products(holder: int) -> Any:
    """Return the products that a holder's paper touches."""
    return products_of(holder)


def judge_all() -> Gaps:
    """Return the gaps of every product at each chain, by product."""
    return _gaps(judged(items(all_products()), on=board()))


def judge(products: Any) -> Gaps:
    """Return the gaps of some products at each chain, by product."""
    return _gaps(readiness_of(products))


def _gaps(found: list[Readiness]) -> Gaps:
    return {one.item.product_id: tuple(cell.gaps for cell in one.cells) for one in found}


def revoke_one() -> int:
    """Revoke the first food-safety paper, and return its holder."""
    paper = Paper.objects.filter(kind="food_safety", product=None).order_by("pk")[0]
    Paper.objects.filter(pk=paper.pk).update(status="revoked")
    return int(paper.producer_id)


def plain_reading(many: int) -> Gaps:
    """Return the gaps of the first products, told one by one from rows and profiles."""
    from matchmaking.engine.readiness import mask_of
    from matchmaking.selectors.chains import chains

    found: Gaps = {}
    today = clock.today()
    known = chains()
    for product in Product.objects.select_related("category", "producer").order_by("pk")[:many]:
        papers = [
            one
            for one in Paper.objects.filter(producer=product.producer_id, status="verified")
            if one.product_id in {None, product.pk} and one.valid_from <= today <= one.valid_to
        ]
        gaps = []
        for chain in known:
            profile = chain.profile_for(product.category.order_lo)
            if profile is not None:
                gaps.append(mask_of(_missing(profile, product, papers, today)))
        found[product.pk] = tuple(gaps)
    return found


def _missing(profile: Any, product: Product, papers: list[Paper], today: dt.date) -> set[str]:
    held = {one.kind for one in papers}
    missing = set(profile.required_papers) - held - {"ocop_award"}
    stars = max((one.stars or 0 for one in papers), default=0)
    if stars < profile.minimum_stars:
        missing.add(f"stars_{profile.minimum_stars}")
    if profile.needs_invoice and not product.producer.can_issue_invoice:
        missing.add("invoice")
    if profile.needs_barcode and not product.gtin:
        missing.add("barcode")
    tested = [one.test_report_on for one in papers if one.test_report_on]
    months = profile.test_report_months
    if months and (not tested or plus_months(max(tested), months) < today):
        missing.add("test_report")
    if profile.weekly_capacity_kg:
        missing.add("capacity")
    return missing


def _reference() -> None:
    AdminUnit.objects.create(
        pk=1, code="22", name="Quảng Ninh", name_folded="quang ninh", level="province",
        kind="thanh_pho", valid_from=dt.date(2025, 7, 1), source="bench",
    )  # fmt: skip
    Unit.objects.create(pk=1, code="kg", name_vi="kg", name_en="kg", dimension="mass", to_base=1)
    ProductCategory.objects.bulk_create(
        ProductCategory(
            pk=n, code=f"c{n}", level="leaf", name_vi=f"Loại {n}", name_en=f"Kind {n}",
            default_unit_id=1, storage="ambient", order_lo=n, order_hi=n, source="bench",
        )
        for n in range(1, CATEGORIES + 1)
    )  # fmt: skip


def _organisations(numbers: range, *, is_buyer: bool) -> None:
    Organisation.objects.bulk_create(
        (
            Organisation(
                pk=n, name=f"Tổ chức {n}", name_folded=f"to chuc {n}", status="approved",
                is_producer=not is_buyer, is_buyer=is_buyer, province_id=1, kind="cooperative",
            )
            for n in numbers
        ),
        batch_size=2000,
    )  # fmt: skip


def _products(products: int, owners: int, rng: random.Random) -> None:
    Product.objects.bulk_create(
        (
            Product(
                pk=n, producer_id=(n - 1) % owners + 1, category_id=rng.randint(1, CATEGORIES),
                name=f"Sản phẩm {n}", name_folded=f"san pham {n}", storage="ambient",
                gtin="8930000000000" if rng.random() < 0.5 else "",
            )
            for n in range(1, products + 1)
        ),
        batch_size=2000,
    )  # fmt: skip


def _papers(owners: int, products: int, rng: random.Random) -> None:
    today = clock.today()

    def paper(number: int, **values: Any) -> Paper:
        began = today - dt.timedelta(days=rng.randint(10, 700))
        until = today + dt.timedelta(days=rng.randint(-60, 700))
        tested = began if values["kind"] == "self_declaration" else None
        return Paper(
            number=str(number), issuer="x", status="verified", valid_from=began,
            valid_to=max(began, until), test_report_on=tested, **values,
        )  # fmt: skip

    of_owners = (
        paper(n * 10 + at, producer_id=n, kind=kind)
        for n in range(1, owners + 1)
        for at, kind in enumerate(rng.sample(KINDS, PAPERS_EACH))
    )
    Paper.objects.bulk_create(of_owners, batch_size=2000)
    awards = (
        paper(n, producer_id=(n - 1) % owners + 1, product_id=n, kind="ocop_award",
              stars=rng.choice((3, 3, 4, 5)))
        for n in range(1, products + 1)
        if rng.random() < 0.5
    )  # fmt: skip
    Paper.objects.bulk_create(awards, batch_size=2000)


def _chains(chains: int, rng: random.Random) -> None:
    numbers = range(GROUPS_OFFSET, GROUPS_OFFSET + chains)
    _organisations(numbers, is_buyer=True)
    BuyerGroup.objects.bulk_create(BuyerGroup(pk=n) for n in numbers)
    now = clock.now()
    RequirementProfile.objects.bulk_create(
        RequirementProfile(
            group_id=n, category_id=category, status="published", published_at=now,
            minimum_stars=rng.choice((0, 3, 4)), required_papers=rng.sample(KINDS, 2),
            needs_invoice=rng.random() < 0.7, needs_barcode=rng.random() < 0.5,
            test_report_months=rng.choice((None, 12)),
            weekly_capacity_kg=rng.choice((None, 200)),
        )
        for n in numbers
        for category in (None, *rng.sample(range(1, CATEGORIES + 1), 3))
    )  # fmt: skip
    if len(published_profiles()) < chains:
        raise RuntimeError("the chains are not there")


def _requests(chains: int, requests: int, rng: random.Random) -> None:
    today = clock.today()
    DemandRequest.objects.bulk_create(
        (
            DemandRequest(
                group_id=GROUPS_OFFSET + n % chains, status="published", words="x",
                words_folded="x", category_id=rng.randint(1, CATEGORIES), quantity=1000,
                unit_id=1, dimension="mass", quantity_base=1000, needed_from=today,
                needed_to=today + dt.timedelta(days=60), delivery_province_id=1,
                required_papers=rng.sample(KINDS, 1), minimum_stars=rng.choice((0, 3)),
            )
            for n in range(requests)
        ),
        batch_size=2000,
    )  # fmt: skip
