"""Producers, products, papers and offers for tests: valid today unless told otherwise."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from core.catalogue.enums import CategoryLevel, StorageClass
from core.catalogue.models import ProductCategory, Unit
from core.kernel import clock
from core.kernel.text import fold
from producers.enums import EvidenceGrade, OfferStatus, PaperKind, PaperStatus
from producers.models import Paper, Producer, Product, SupplyOffer
from tests.factories.accounts import OrganisationFactory

_UNITS = {
    "kg": ("kilôgam", "kilogram", "mass", "1"),
    "tan": ("tấn", "tonne", "mass", "1000"),
    "ta": ("tạ", "tạ (100 kg)", "mass", "100"),
    "ta_dozen": ("tá", "dozen", "count", "12"),
    "lit": ("lít", "litre", "volume", "1"),
    "qua": ("quả", "piece", "count", "1"),
    "thung": ("thùng", "carton", "pack", None),
    "m2": ("m²", "square metre", "area", "1"),
}


def unit(code: str = "kg") -> Unit:
    """Return the unit of that code, made on first use."""
    name_vi, name_en, dimension, to_base = _UNITS[code]
    values = {
        "name_vi": name_vi,
        "name_en": name_en,
        "dimension": dimension,
        "to_base": Decimal(to_base) if to_base else None,
        "source": "test",
    }
    return Unit.objects.get_or_create(code=code, defaults=values)[0]


def category(code: str = "cam", *, name: str = "Cam", order: int = 1) -> ProductCategory:
    """Return the kind of product of that code, made on first use; it keeps 30 days, chilled."""
    values = {
        "level": CategoryLevel.LEAF,
        "name_vi": name,
        "name_en": f"{name} (en)",
        "name_folded": fold(name),
        "default_unit": unit("kg"),
        "storage": StorageClass.CHILLED,
        "shelf_life_days": 30,
        "order_lo": order,
        "order_hi": order,
        "source": "test",
    }
    return ProductCategory.objects.get_or_create(code=code, defaults=values)[0]


def crop(code: str = "cam", *, name: str = "Cam", order: int = 1) -> ProductCategory:
    """Return a kind of product that grows: below the set of vegetables and fruit."""
    over = {
        "level": CategoryLevel.SET, "name_vi": "Rau, củ, quả", "name_en": "Vegetables and fruit",
        "name_folded": "rau cu qua", "order_lo": 0, "order_hi": 50, "source": "test",
    }  # fmt: skip
    found = category(code, name=name, order=order)
    found.parent = ProductCategory.objects.get_or_create(code="B01", defaults=over)[0]
    found.save()
    return found


class ProducerFactory(DjangoModelFactory):
    """The seller side of an approved organisation of Quảng Ninh."""

    class Meta:
        model = Producer

    organisation = factory.SubFactory(OrganisationFactory)
    can_issue_invoice = True


class ProductFactory(DjangoModelFactory):
    """A chilled product."""

    class Meta:
        model = Product

    producer = factory.SubFactory(ProducerFactory)
    category = factory.LazyFunction(category)
    name = factory.Sequence(lambda n: f"Cam Vạn Yên {n}")
    name_folded = factory.LazyAttribute(lambda o: fold(o.name))
    storage = StorageClass.CHILLED


class PaperFactory(DjangoModelFactory):
    """A VietGAP paper of the whole producer that waits for verification; valid for a year."""

    class Meta:
        model = Paper

    class Params:
        verified = factory.Trait(
            status=PaperStatus.VERIFIED,
            grade=EvidenceGrade.DOCUMENT,
            decided_at=factory.LazyFunction(clock.now),
        )
        award = factory.Trait(
            kind=PaperKind.OCOP_AWARD,
            stars=4,
            product=factory.SubFactory(
                ProductFactory, producer=factory.SelfAttribute("..producer")
            ),
        )

    producer = factory.SubFactory(ProducerFactory)
    kind = PaperKind.VIETGAP
    number = factory.Sequence(lambda n: f"VG-{n}")
    issuer = "Tổ chức chứng nhận thử"
    valid_from = factory.LazyFunction(lambda: clock.today() - dt.timedelta(days=30))
    valid_to = factory.LazyFunction(lambda: clock.today() + dt.timedelta(days=335))


class SupplyOfferFactory(DjangoModelFactory):
    """A draft of five tonnes at 30,000 đồng a kilogram, from today for 30 days."""

    class Meta:
        model = SupplyOffer

    class Params:
        published = factory.Trait(
            status=OfferStatus.PUBLISHED, published_at=factory.LazyFunction(clock.now)
        )

    producer = factory.SubFactory(ProducerFactory)
    product = factory.SubFactory(ProductFactory, producer=factory.SelfAttribute("..producer"))
    quantity = Decimal(5)
    unit = factory.LazyFunction(lambda: unit("tan"))
    dimension = "mass"
    quantity_base = Decimal(5000)
    price_vnd = 30_000_000
    price_vnd_per_base = 30_000
    available_from = factory.LazyFunction(clock.today)
    available_to = factory.LazyFunction(lambda: clock.today() + dt.timedelta(days=30))
    storage = StorageClass.CHILLED
    origin_province = factory.LazyAttribute(lambda o: o.producer.organisation.province)
