"""Buyers, their chains and requests for tests: approved and drafts unless told otherwise."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from buyers.enums import OutletKind, ProfileStatus, RequestStatus
from buyers.models import Banner, BuyerGroup, DemandRequest, Outlet, RequirementProfile
from core.catalogue.enums import CategoryLevel, Dimension, StorageClass
from core.catalogue.models import ProductCategory, Unit
from core.kernel import clock
from core.kernel.text import fold
from tests.factories.accounts import OrganisationFactory, province

UNITS = {
    "kg": ("kilôgam", "kilogram", Dimension.MASS, Decimal(1)),
    "tan": ("tấn", "tonne", Dimension.MASS, Decimal(1000)),
    "lit": ("lít", "litre", Dimension.VOLUME, Decimal(1)),
    "thung": ("thùng", "carton", Dimension.PACK, None),
    "qua": ("quả", "piece", Dimension.COUNT, Decimal(1)),
    "ha": ("hecta", "hectare", Dimension.AREA, Decimal(10000)),
}


def unit(code: str = "kg") -> Unit:
    """Return the unit of that code, made on first use."""
    name_vi, name_en, dimension, to_base = UNITS[code]
    values = {
        "name_vi": name_vi,
        "name_en": name_en,
        "dimension": dimension,
        "to_base": to_base,
        "sort_order": list(UNITS).index(code) + 1,
        "source": "test",
    }
    found, _ = Unit.objects.get_or_create(code=code, defaults=values)
    return found


def category(
    code: str = "B01-cam", *, name: str = "Cam", name_en: str = "Orange", order: int = 10
) -> ProductCategory:
    """Return the leaf of that code, made on first use."""
    values = {
        "name_vi": name,
        "name_en": name_en,
        "name_folded": fold(name),
        "level": CategoryLevel.LEAF,
        "default_unit": unit("kg"),
        "storage": StorageClass.AMBIENT,
        "order_lo": order,
        "order_hi": order,
        "source": "test",
    }
    found, _ = ProductCategory.objects.get_or_create(code=code, defaults=values)
    return found


class BuyerGroupFactory(DjangoModelFactory):
    """The buyer group of an approved chain of Quảng Ninh."""

    class Meta:
        model = BuyerGroup

    organisation = factory.SubFactory(
        OrganisationFactory, buyer=True, name=factory.Sequence(lambda n: f"Chuỗi bán lẻ Thử {n}")
    )


class BannerFactory(DjangoModelFactory):
    """A banner in use."""

    class Meta:
        model = Banner

    group = factory.SubFactory(BuyerGroupFactory)
    name = factory.Sequence(lambda n: f"Siêu thị {n}")


class OutletFactory(DjangoModelFactory):
    """A store of Quảng Ninh."""

    class Meta:
        model = Outlet

    banner = factory.SubFactory(BannerFactory)
    kind = OutletKind.STORE
    name = factory.Sequence(lambda n: f"Cửa hàng {n}")
    province = factory.LazyFunction(province)


class RequirementProfileFactory(DjangoModelFactory):
    """A draft that asks everybody for a food-safety certificate."""

    class Meta:
        model = RequirementProfile

    class Params:
        published = factory.Trait(
            status=ProfileStatus.PUBLISHED, published_at=factory.LazyFunction(clock.now)
        )

    group = factory.SubFactory(BuyerGroupFactory)
    required_papers = factory.LazyFunction(lambda: ["food_safety"])


class DemandRequestFactory(DjangoModelFactory):
    """A draft asking for 12 tấn of oranges in four weeks from tomorrow."""

    class Meta:
        model = DemandRequest
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(
            status=RequestStatus.PUBLISHED,
            version=2,
            published_at=factory.LazyFunction(clock.now),
        )

    group = factory.SubFactory(BuyerGroupFactory)
    words = "cam Vân Đồn"
    words_folded = factory.LazyAttribute(lambda o: fold(o.words))
    category = factory.LazyFunction(category)
    quantity = Decimal(12)
    unit = factory.LazyFunction(lambda: unit("tan"))
    dimension = "mass"
    quantity_base = Decimal(12000)
    price_ceiling_vnd = 25_000_000
    price_ceiling_vnd_per_base = 25_000
    needed_from = factory.LazyFunction(lambda: clock.today() + dt.timedelta(days=1))
    needed_to = factory.LazyAttribute(lambda o: o.needed_from + dt.timedelta(days=27))
    delivery_province = factory.LazyFunction(province)

    @factory.post_generation
    def outlets(self, create, extracted, **kwargs):
        if create and extracted:
            self.outlets.set(extracted)
