"""Demand requests of the demo: what each sort of buyer asks for, and on which conditions."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from buyers.demo.chains import Buyer
from buyers.enums import OutletKind, QuantityPeriod, RequestStatus
from buyers.models import DemandRequest, Outlet
from buyers.services.terms import Amounts, reckon
from core.accounts.demo import at_hour, drawn
from core.catalogue.demo import Good, rounded_price, season_from
from core.catalogue.enums import Market, PaperKind, StorageClass
from core.catalogue.models import Unit
from core.kernel.periods import DayRange
from core.kernel.text import fold

_MADE: Final = frozenset({"seafood", "processed", "tea", "liquor", "herb"})
_AHEAD_DAYS: Final = 100
_FAR_WINDOW: Final = 0.05
_WIDE_CATEGORY: Final = 0.08
_NO_CEILING: Final = 0.04
_CEILINGS: Final = (((1.15, 1.45), 74), ((0.98, 1.1), 16), ((0.6, 0.8), 10))
"""Ceiling as a share of the usual price, with weights: generous, tight, too low."""
_NOT_OPEN: Final = (RequestStatus.DRAFT, RequestStatus.CLOSED, RequestStatus.EXPIRED)
_EVERY_NTH_NOT_OPEN: Final = 9
_PERIODS: Final = ((QuantityPeriod.WEEK, 5), (QuantityPeriod.MONTH, 3), (QuantityPeriod.TOTAL, 2))
_PERIOD_WEEKS: Final = {QuantityPeriod.WEEK: 1.0, QuantityPeriod.MONTH: 4.3}
_WELCOME: Final = (
    PaperKind.TRACE_LINK,
    PaperKind.HACCP,
    PaperKind.VIETGAP,
    PaperKind.ISO_22000,
    PaperKind.FOOD_SAFETY,
)
_NOTES: Final = (
    "",
    "",
    "Giao buổi sáng trước 8 giờ.",
    "Có thể lấy thử một lô nhỏ trước.",
    "Cần mẫu sản phẩm và phiếu kiểm nghiệm trong 12 tháng.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How one sort of buyer asks; chances are shares of its requests."""

    kinds: frozenset[str]
    size: tuple[float, float]
    """Quantity of a week as a multiple of what one producer yields."""
    invoice: float
    barcode: float
    stars: tuple[int, int, int, int]
    """Weights of asking for no star, 3, 4 and 5."""
    papers: Mapping[PaperKind, float]
    market: Market = Market.DOMESTIC


_PROFILES: Final = {
    "chain": Profile(
        kinds=frozenset({"crop", "livestock", "aqua", *_MADE}),
        size=(0.6, 2.5),
        invoice=0.75,
        barcode=0.45,
        stars=(66, 26, 7, 1),
        papers={
            PaperKind.FOOD_SAFETY: 0.4,
            PaperKind.SELF_DECLARATION: 0.25,
            PaperKind.VIETGAP: 0.25,
            PaperKind.GROWING_AREA_CODE: 0.12,
            PaperKind.TRACE_LINK: 0.1,
            PaperKind.HACCP: 0.08,
        },
    ),
    "kitchen": Profile(
        kinds=frozenset({"crop", "livestock", "aqua", "seafood"}),
        size=(0.08, 0.4),
        invoice=0.45,
        barcode=0.0,
        stars=(90, 8, 2, 0),
        papers={PaperKind.FOOD_SAFETY: 0.35, PaperKind.VIETGAP: 0.1},
    ),
    "seafood_kitchen": Profile(
        kinds=frozenset({"aqua"}),
        size=(0.08, 0.3),
        invoice=0.3,
        barcode=0.0,
        stars=(100, 0, 0, 0),
        papers={PaperKind.FOOD_SAFETY: 0.2},
    ),
    "canteen": Profile(
        kinds=frozenset({"crop", "livestock"}),
        size=(0.15, 0.7),
        invoice=0.7,
        barcode=0.0,
        stars=(100, 0, 0, 0),
        papers={PaperKind.FOOD_SAFETY: 0.5, PaperKind.VIETGAP: 0.2},
    ),
    "export": Profile(
        kinds=frozenset({"crop", "seafood", "herb", "tea"}),
        size=(2.0, 6.0),
        invoice=0.3,
        barcode=0.1,
        stars=(95, 5, 0, 0),
        papers={
            PaperKind.GROWING_AREA_CODE: 0.7,
            PaperKind.PACKING_FACILITY_CODE: 0.15,
            PaperKind.FOOD_SAFETY: 0.5,
        },
        market=Market.CHINA,
    ),
    "wholesale": Profile(
        kinds=frozenset({"crop"}),
        size=(1.5, 5.0),
        invoice=0.2,
        barcode=0.0,
        stars=(100, 0, 0, 0),
        papers={PaperKind.VIETGAP: 0.15},
    ),
    "gifts": Profile(
        kinds=frozenset({"seafood", "processed", "tea", "liquor", "herb", "craft"}),
        size=(0.1, 0.6),
        invoice=0.7,
        barcode=0.5,
        stars=(15, 45, 35, 5),
        papers={PaperKind.SELF_DECLARATION: 0.3, PaperKind.TRACE_LINK: 0.15},
    ),
}
_MEANT_FOR: Final = {
    PaperKind.VIETGAP: frozenset({"crop", "livestock", "aqua"}),
    PaperKind.GROWING_AREA_CODE: frozenset({"crop"}),
    PaperKind.PACKING_FACILITY_CODE: frozenset({"crop"}),
    PaperKind.SELF_DECLARATION: _MADE,
    PaperKind.HACCP: frozenset({"seafood", "processed"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What requests are written with."""

    goods: Sequence[Good]
    units: Mapping[str, Unit]
    today: dt.date
    rng: random.Random


def requests_of(
    buyers: Sequence[Buyer], *, desk: Desk
) -> Iterator[tuple[DemandRequest, list[Outlet]]]:
    """Yield the requests of one copy of the world's buyers, unsaved, each with its outlets."""
    number = 0
    for buyer in buyers:
        profile = _PROFILES[buyer.plan.profile]
        for good in _asked(profile, buyer.plan.requests, desk):
            number += 1
            status = RequestStatus.PUBLISHED
            if number % _EVERY_NTH_NOT_OPEN == 0:
                status = _NOT_OPEN[number // _EVERY_NTH_NOT_OPEN % len(_NOT_OPEN)]
            yield _request(buyer, profile, good, status=status, desk=desk)


def _asked(profile: Profile, many: int, desk: Desk) -> list[Good]:
    """Draw different goods that are, or soon will be, on sale."""
    latest = desk.today + dt.timedelta(days=_AHEAD_DAYS)
    left = [
        good
        for good in desk.goods
        if good.kind in profile.kinds
        and good.weight_demand
        and good.is_traded
        and season_from(good, desk.today).first <= latest
    ]
    drawn = []
    for _ in range(min(many, len(left))):
        good = desk.rng.choices(left, [one.weight_demand for one in left])[0]
        left.remove(good)
        drawn.append(good)
    return drawn


def _request(
    buyer: Buyer, profile: Profile, good: Good, *, status: RequestStatus, desk: Desk
) -> tuple[DemandRequest, list[Outlet]]:
    rng = desk.rng
    days = _window(good, status, desk)
    amounts = _amounts(profile, good, days, desk)
    reckoned = reckon(amounts)
    outlets = _outlets(buyer, rng)
    has_one_banner = len({outlet.banner_id for outlet in outlets}) == 1
    words = rng.choice(good.words)
    category = good.category
    if good.kind in _MADE and rng.random() < _WIDE_CATEGORY and category.parent is not None:
        category = category.parent
    request = DemandRequest(
        group=buyer.group,
        banner=outlets[0].banner if has_one_banner else None,
        status=status,
        words=words,
        words_folded=fold(words),
        category=category,
        quantity=amounts.quantity,
        unit_id=amounts.unit_id,
        pack_size=amounts.pack_size,
        pack_unit_id=amounts.pack_unit_id,
        period=amounts.period,
        dimension=reckoned.dimension.value,
        quantity_base=reckoned.quantity_base,
        price_ceiling_vnd=amounts.price_ceiling_vnd,
        price_ceiling_vnd_per_base=reckoned.price_ceiling_vnd_per_base,
        needed_from=days.first,
        needed_to=days.last,
        delivery_province=outlets[0].province if outlets else buyer.plan.province,
        minimum_stars=rng.choices((0, 3, 4, 5), profile.stars)[0],
        market=profile.market,
        storage=_storage(good, rng),
        needs_invoice=rng.random() < profile.invoice,
        needs_barcode=good.kind in _MADE and rng.random() < profile.barcode,
        note=rng.choice(_NOTES),
    )
    _set_papers(request, profile, good, rng)
    _set_history(request, desk)
    return request, outlets


def _window(good: Good, status: RequestStatus, desk: Desk) -> DayRange:
    rng, season = desk.rng, season_from(good, desk.today)
    if status == RequestStatus.EXPIRED:
        last = desk.today - dt.timedelta(days=rng.randint(2, 30))
        return DayRange(last - dt.timedelta(days=rng.randint(14, 40)), last)
    ahead = rng.randint(230, 290) if rng.random() < _FAR_WINDOW else rng.randint(2, 18)
    first = max(season.first, desk.today) + dt.timedelta(days=ahead)
    last = first + dt.timedelta(days=rng.randint(20, 75))
    if first < season.last < last and not good.keeps:
        last = season.last
    return DayRange(first, last)


def _amounts(profile: Profile, good: Good, days: DayRange, desk: Desk) -> Amounts:
    rng = desk.rng
    period = drawn(_PERIODS, rng)
    weeks = _PERIOD_WEEKS.get(period, float(days.weeks))
    usual = (good.week_min + good.week_max) / 3
    base = usual * rng.uniform(*profile.size) * weeks
    unit, to_base = good.unit, good.measure.to_base if good.measure else Decimal(1)
    if unit.code == "kg" and base >= 3000:  # from three tonnes people say tonnes
        unit = desk.units["tan"]
        to_base = Decimal(1000)
    ceiling = None
    if rng.random() >= _NO_CEILING:
        share = rng.uniform(*drawn(_CEILINGS, rng))
        ceiling = rounded_price(
            (good.price_min_vnd + good.price_max_vnd) / 2 * share * float(to_base)
        )
    return Amounts(
        quantity=_rounded(base / float(to_base)),
        unit_id=unit.pk,
        needed_from=days.first,
        needed_to=days.last,
        pack_size=good.pack_size,
        pack_unit_id=good.pack_unit.pk if good.pack_unit else None,
        period=period,
        price_ceiling_vnd=ceiling,
    )


def _rounded(exact: float) -> Decimal:
    """Return a quantity rounded as people do, above zero."""
    if exact < 10:  # 2.5 tấn, but 25 tấn
        return max(round(Decimal(str(exact)) * 2, 0) / 2, Decimal("0.5"))
    step = 50 if exact >= 500 else 10 if exact >= 100 else 1  # 550, 120, 37
    return Decimal(round(exact / step) * step)


def _outlets(buyer: Buyer, rng: random.Random) -> list[Outlet]:
    """Choose where the goods go: the centre, some stores of one banner, or the one kitchen."""
    centres = [one for one in buyer.outlets if one.kind != OutletKind.STORE]
    stores = [one for one in buyer.outlets if one.kind == OutletKind.STORE]
    if centres and (not stores or rng.random() < 0.45):  # else it goes to the stores
        return [rng.choice(centres)]
    banner_id = rng.choice(stores).banner_id
    own = [one for one in stores if one.banner_id == banner_id]
    return sorted(rng.sample(own, min(len(own), rng.randint(2, 9))), key=lambda one: one.pk)


def _set_papers(request: DemandRequest, profile: Profile, good: Good, rng: random.Random) -> None:
    request.required_papers = [
        kind.value
        for kind, chance in profile.papers.items()
        if good.kind in _MEANT_FOR.get(kind, frozenset({good.kind})) and rng.random() < chance
    ]
    if good.kind == "craft":
        request.required_papers = []
    elif rng.random() < 0.4:  # two in five name what they would welcome
        welcome = [kind.value for kind in rng.sample(_WELCOME, 2)]
        request.preferred_papers = [kind for kind in welcome if kind not in request.required_papers]


def _storage(good: Good, rng: random.Random) -> str:
    if good.category.storage == StorageClass.LIVE:
        return rng.choice(("", "", "", StorageClass.LIVE.value, StorageClass.CHILLED.value))
    wanted = rng.choices(("", good.category.storage, StorageClass.CHILLED.value), (60, 36, 4))[0]
    return str(wanted)


def _set_history(request: DemandRequest, desk: Desk) -> None:
    made_on = min(desk.today, request.needed_from) - dt.timedelta(days=desk.rng.randint(1, 12))
    request.created_at = at_hour(made_on, 9)
    if request.status == RequestStatus.DRAFT:
        return
    request.version, request.published_at = 2, at_hour(made_on, 10)
    if request.status != RequestStatus.PUBLISHED:
        request.version = 3
        over = min(desk.today, request.needed_to + dt.timedelta(days=1))
        request.closed_at = at_hour(over - dt.timedelta(days=1), 17)
