"""Open requests, producers with goods and papers, and offers about to be published.

Imported once Django is set up for the scratch database. Places, roads and categories are the
product's own.
"""

from __future__ import annotations

import datetime as dt
import random
from functools import lru_cache
from io import StringIO
from typing import NamedTuple

from django.core.management import call_command
from django.db import connection, transaction

from buyers.models import BuyerGroup, DemandRequest
from core.accounts.models import Organisation
from core.catalogue.models import ProductCategory
from core.kernel import clock
from core.kernel.text import fold
from core.places.models import AdminUnit
from producers.events import SupplyOfferPublished
from producers.models import Paper, Producer, Product, SupplyOffer
from producers.services.announcing import announce

BUYERS_FROM = 1_000_000
PRODUCTS_EACH = 6
HELD = {"food_safety": 0.7, "vietgap": 0.25, "trace_link": 0.2, "haccp": 0.1, "organic": 0.05}
REQUIRED = ("food_safety", "vietgap", "trace_link")
GOODS = ("mass", "volume", "count")
IN_BULK = 5_000


class Ground(NamedTuple):
    """What offers and requests are drawn from."""

    provinces: list[AdminUnit]
    leaves: list[ProductCategory]
    sets: list[ProductCategory]
    popularity: list[float]
    price_vnd: dict[int, int]


def fill(*, requests: int, producers: int, seed: int) -> None:
    """Write the market without its offers: everything the workers find at their start."""
    call_command("load_reference", stdout=StringIO())
    dice = random.Random(seed)
    _producers(producers, dice)
    _requests(requests, dice)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def drawn_offers(count: int, *, seed: int) -> list[SupplyOffer]:
    """Offers as a producer would publish them, not stored yet."""
    dice, ground = random.Random(seed), _ground()
    products = list(
        Product.objects.select_related("category__default_unit", "producer__organisation")
    )
    weights = [ground.popularity[at % len(ground.popularity)] for at in range(len(products))]
    return [_offer(one, dice, ground) for one in dice.choices(products, weights, k=count)]


@transaction.atomic
def publish(offers: list[SupplyOffer]) -> list[int]:
    """Store offers with their events, as many do at once; return their ids."""
    stored = SupplyOffer.objects.bulk_create(offers)
    announce(SupplyOfferPublished, stored)
    return [one.pk for one in stored]


@lru_cache(maxsize=1)
def _ground() -> Ground:
    dice = random.Random(1)
    kinds = ProductCategory.objects.select_related("default_unit")
    leaves = [
        one
        for one in kinds.filter(level="leaf").order_by("pk")
        if one.default_unit and one.default_unit.to_base and one.default_unit.dimension in GOODS
    ]
    above = {one.parent_id for one in leaves}
    return Ground(
        provinces=list(AdminUnit.objects.filter(level="province", valid_to=None).order_by("code")),
        leaves=leaves,
        sets=list(kinds.filter(pk__in=above)),
        popularity=[1 / (at + 1) ** 0.9 for at in range(len(leaves))],
        price_vnd={one.pk: int(dice.lognormvariate(10.5, 0.6)) for one in leaves},
    )


def _producers(count: int, dice: random.Random) -> None:
    ground, numbers = _ground(), range(1, count + 1)
    _organisations(numbers, dice, is_producer=True)
    Producer.objects.bulk_create(
        Producer(pk=n, can_issue_invoice=dice.random() < 0.8) for n in numbers
    )
    kinds = dice.choices(ground.leaves, ground.popularity, k=count * PRODUCTS_EACH)
    products = [
        Product(
            pk=at + 1, producer_id=at // PRODUCTS_EACH + 1, category=kind, storage=kind.storage,
            name=f"{kind.name_vi} {at}", name_folded=fold(f"{kind.name_vi} {at}"),
            gtin="8930000000000" if dice.random() < 0.6 else "",
        )
        for at, kind in enumerate(kinds)
    ]  # fmt: skip
    Product.objects.bulk_create(products, batch_size=IN_BULK)
    today = clock.today()
    papers = [
        Paper(
            producer_id=n, kind=kind, number=f"{kind}-{n}", issuer="x", status="verified",
            valid_from=today - dt.timedelta(days=dice.randint(10, 400)),
            valid_to=today + dt.timedelta(days=dice.randint(20, 700)),
        )
        for n in numbers
        for kind, share in HELD.items()
        if dice.random() < share
    ]  # fmt: skip
    Paper.objects.bulk_create(papers, batch_size=IN_BULK)


def _requests(count: int, dice: random.Random) -> None:
    ground, today = _ground(), clock.today()
    groups = range(BUYERS_FROM, BUYERS_FROM + max(count // 100, 1))
    _organisations(groups, dice, is_producer=False)
    BuyerGroup.objects.bulk_create(BuyerGroup(pk=n) for n in groups)
    kinds = dice.choices(ground.leaves, ground.popularity, k=count)
    drawn = (_request(kind, dice, ground, groups, today) for kind in kinds)
    DemandRequest.objects.bulk_create(drawn, batch_size=IN_BULK)


def _request(
    kind: ProductCategory, dice: random.Random, ground: Ground, groups: range, today: dt.date
) -> DemandRequest:
    wider = next((one for one in ground.sets if one.pk == kind.parent_id), kind)
    asked = wider if dice.random() < 0.25 else kind
    words = kind.name_vi if dice.random() < 0.7 else ""
    first = today + dt.timedelta(days=dice.randint(0, 60))
    amount = max(round(dice.lognormvariate(7.5, 1.2)), 1)
    ceiling = int(ground.price_vnd[kind.pk] * dice.lognormvariate(0.2, 0.2))
    return DemandRequest(
        group_id=dice.choice(groups), status="published", words=words or asked.name_vi,
        words_folded=fold(words or asked.name_vi), category=asked, quantity=amount,
        unit=kind.default_unit, dimension=kind.default_unit.dimension, quantity_base=amount,
        price_ceiling_vnd=ceiling, price_ceiling_vnd_per_base=ceiling, needed_from=first,
        needed_to=first + dt.timedelta(days=dice.randint(14, 120)),
        delivery_province=dice.choice(ground.provinces), published_at=clock.now(),
        required_papers=dice.sample(REQUIRED, dice.choice((0, 0, 1))),
        needs_invoice=dice.random() < 0.4, needs_barcode=dice.random() < 0.2,
    )  # fmt: skip


def _offer(product: Product, dice: random.Random, ground: Ground) -> SupplyOffer:
    unit, today = product.category.default_unit, clock.today()
    first = today + dt.timedelta(days=dice.randint(0, 30))
    amount = max(round(dice.lognormvariate(7.0, 1.2)), 1)
    price = int(ground.price_vnd[product.category_id] * dice.lognormvariate(0, 0.2))
    return SupplyOffer(
        product=product, producer_id=product.producer_id, status="published", quantity=amount,
        unit=unit, dimension=unit.dimension, quantity_base=amount, price_vnd=price,
        price_vnd_per_base=price, available_from=first,
        available_to=first + dt.timedelta(days=dice.randint(14, 120)), storage=product.storage,
        origin_province_id=product.producer.organisation.province_id,
        published_at=clock.now(),
    )  # fmt: skip


def _organisations(numbers: range, dice: random.Random, *, is_producer: bool) -> None:
    provinces = _ground().provinces
    made = (
        Organisation(
            pk=n, name=f"Tổ chức {n}", name_folded=f"to chuc {n}", status="approved",
            kind="cooperative", is_producer=is_producer, is_buyer=not is_producer,
            province=dice.choice(provinces),
        )
        for n in numbers
    )  # fmt: skip
    Organisation.objects.bulk_create(made, batch_size=IN_BULK)
