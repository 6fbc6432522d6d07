"""Supply offers of the demo: quantities, prices and windows around today, in season."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.accounts.demo import at_hour, drawn
from core.accounts.enums import OrganisationKind
from core.catalogue.demo import Good, rounded_price, season_from
from core.catalogue.models import Unit
from core.catalogue.selectors import measure_for
from core.kernel.periods import DayRange
from core.kernel.quantity import Dimension, Measure
from producers.demo.plan import ProducerPlan, ProductPlan
from producers.enums import OfferStatus
from producers.models import Product, SupplyOffer

_SECOND_OFFER: Final = 0.2
_STATUSES: Final = (
    (OfferStatus.PUBLISHED, 76),
    (OfferStatus.DRAFT, 9),
    (OfferStatus.WITHDRAWN, 6),
    (OfferStatus.EXPIRED, 9),
)
_AHEAD_DAYS: Final = 110
_SIZES: Final = {
    OrganisationKind.HOUSEHOLD: 0.35,
    OrganisationKind.COOPERATIVE: 1.0,
    OrganisationKind.ENTERPRISE: 1.3,
}
_STAR_PREMIUM: Final = {5: 1.12, 4: 1.05}
_NO_PRICE: Final = 0.06
_NOTES: Final = (
    "",
    "",
    "Giao tại kho hoặc nhờ xe ghép của hợp tác xã.",
    "Đóng gói theo yêu cầu, có tem truy xuất.",
    "Cần báo trước ba ngày.",
)


@dataclass(frozen=True, slots=True)
class Counting:
    """In what an offer is counted."""

    unit: Unit
    pack_size: Decimal | None
    pack_unit: Unit | None
    measure: Measure


def offers_of(
    made: Sequence[tuple[ProducerPlan, list[Product]]],
    *,
    units: Mapping[str, Unit],
    today: dt.date,
    rng: random.Random,
) -> list[SupplyOffer]:
    """Return the offers of one copy of the world's producers, unsaved."""
    offers = []
    for plan, products in made:
        for product_plan, product in zip(plan.products, products, strict=True):
            if not product_plan.good.is_traded or _is_kept_free(plan, product_plan):
                continue
            many = 1 + (rng.random() < _SECOND_OFFER)
            offers += [
                _offer(plan, product_plan, product, units=units, today=today, rng=rng)
                for _ in range(many)
            ]
    return offers


def _is_kept_free(plan: ProducerPlan, product_plan: ProductPlan) -> bool:
    """The main job publishes the oranges' offer itself."""
    return plan.is_main and product_plan.good.category.code == "B01-cam"


def _offer(
    plan: ProducerPlan,
    product_plan: ProductPlan,
    product: Product,
    *,
    units: Mapping[str, Unit],
    today: dt.date,
    rng: random.Random,
) -> SupplyOffer:
    good = product_plan.good
    status = OfferStatus.PUBLISHED if plan.is_main else drawn(_STATUSES, rng)
    status, days = _window(good, status, today=today, rng=rng)
    week = rng.triangular(good.week_min, good.week_max, good.week_min * 1.5) * _SIZES[plan.kind]
    total = week * max(float(days.weeks), 1.0) * rng.uniform(0.4, 0.9)
    counting = _counting(good, total, units=units, rng=rng)
    offer = SupplyOffer(
        product=product,
        producer_id=product.producer_id,
        status=status,
        unit=counting.unit,
        pack_size=counting.pack_size,
        pack_unit=counting.pack_unit,
        dimension=counting.measure.dimension.value,
        available_from=days.first,
        available_to=days.last,
        storage=product.storage,
        origin_province=plan.province,
        origin_commune=plan.commune,
        note=rng.choice(_NOTES),
    )
    _set_quantities(offer, counting, total=total, week=week, rng=rng)
    premium = _STAR_PREMIUM.get(product_plan.stars, 1.0)
    _set_price(offer, counting, base_vnd=_price(good, rng) * premium, rng=rng)
    _set_history(offer, today=today, rng=rng)
    return offer


def _window(
    good: Good, status: OfferStatus, *, today: dt.date, rng: random.Random
) -> tuple[OfferStatus, DayRange]:
    """Return days that suit the status; out of season an offer waits, or is past."""
    season = season_from(good, today)
    starts_in = (season.first - today).days
    if status == OfferStatus.PUBLISHED and starts_in > _AHEAD_DAYS:
        status = rng.choice((OfferStatus.EXPIRED, OfferStatus.DRAFT))
    if status == OfferStatus.EXPIRED:
        last = today - dt.timedelta(days=rng.randint(3, 60))
        return status, DayRange(last - dt.timedelta(days=rng.randint(25, 60)), last)
    first = season.first - dt.timedelta(days=rng.randint(0, 20)) if starts_in == 0 else season.first
    length = rng.randint(60, 200) if good.keeps else rng.randint(28, 80)
    last = min(max(first, today) + dt.timedelta(days=length), season.last)
    return status, DayRange(first, max(last, first))


def _counting(
    good: Good, total: float, *, units: Mapping[str, Unit], rng: random.Random
) -> Counting:
    """Choose the unit people would count so much in: kg, yến, tạ, tấn, thùng, vỉ, chai."""
    kg, piece = units["kg"], units["qua"]
    cartons = (units["thung"], Decimal(10), kg)
    trays = (units["vi"], Decimal(30), piece)
    options: list[tuple[Unit, Decimal | None, Unit | None]] = [
        (good.unit, good.pack_size, good.pack_unit)
    ]
    if good.unit == kg and total >= 8000:  # from eight tonnes people say tonnes
        options = [(units["tan"], None, None)] * 4 + [(kg, None, None), cartons]
    elif good.unit == kg and total >= 500:  # five hundredweight
        options += [
            (kg, None, None),
            (units["ta"], None, None),
            (units["yen"], None, None),
            cartons,
        ]
    elif good.unit == piece:
        options += [trays, (units["chuc"], None, None)]
    elif good.pack_size is not None and good.pack_size >= Decimal("0.2"):
        options += [options[0], (units["thung"], good.pack_size * 12, good.pack_unit)]
    unit, pack_size, pack_unit = rng.choice(options)
    measure = measure_for(unit, pack_size=pack_size, pack_unit=pack_unit)
    if measure is None or measure.dimension not in set(Dimension):
        raise ValueError(f"{good.category.code} cannot be counted in {unit.code}.")
    return Counting(unit, pack_size, pack_unit, measure)


def _set_quantities(
    offer: SupplyOffer, counting: Counting, *, total: float, week: float, rng: random.Random
) -> None:
    to_base = counting.measure.to_base
    offer.quantity = rounded(total, to_base)
    offer.quantity_base = counting.measure.base_of(offer.quantity)
    if rng.random() < 0.85:  # most state what a week yields
        offer.weekly_capacity = min(rounded(week, to_base), offer.quantity)
        offer.weekly_capacity_base = counting.measure.base_of(offer.weekly_capacity)
    if rng.random() < 0.55:  # about half have a smallest lot
        lot = rounded(week * rng.uniform(0.05, 0.3), to_base)
        offer.minimum_lot = min(lot, offer.quantity)
        offer.minimum_lot_base = counting.measure.base_of(offer.minimum_lot)


def rounded(base: float, to_base: Decimal) -> Decimal:
    """Return a quantity in units of `to_base` base units, rounded as people do, above zero."""
    exact = base / float(to_base)
    digits = 1 if exact < 20 and to_base >= 100 else 0  # 2.5 tấn, but 25 tấn
    step = Decimal(10) if exact >= 200 else Decimal(1)  # 240, not 237
    if digits:
        return max(round(Decimal(str(exact)), 1), Decimal("0.1"))
    return max(Decimal(round(exact / float(step))) * step, Decimal(1))


def _price(good: Good, rng: random.Random) -> float:
    return rng.uniform(good.price_min_vnd, good.price_max_vnd)


def _set_price(
    offer: SupplyOffer, counting: Counting, *, base_vnd: float, rng: random.Random
) -> None:
    if rng.random() < _NO_PRICE:
        return
    offer.price_vnd = rounded_price(base_vnd * float(counting.measure.to_base))
    offer.price_vnd_per_base = counting.measure.price_per_base(offer.price_vnd)


def _set_history(offer: SupplyOffer, *, today: dt.date, rng: random.Random) -> None:
    made_on = min(offer.available_from, today) - dt.timedelta(days=rng.randint(1, 14))
    offer.created_at = at_hour(made_on, 8)
    if offer.status == OfferStatus.DRAFT:
        return
    offer.version = 2
    offer.published_at = at_hour(made_on, 9)
    if offer.status == OfferStatus.WITHDRAWN:
        offer.version, offer.closed_at = 3, at_hour(today - dt.timedelta(days=1), 17)
    if offer.status == OfferStatus.EXPIRED:
        offer.version = 3
        offer.closed_at = at_hour(offer.available_to + dt.timedelta(days=1), 0)
