"""Which producers the demo world has, where they sit and what they make."""

from __future__ import annotations

import datetime as dt
import functools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from core.accounts.demo import MARK, Business, at_hour, dice, drawn, email_of, person_name
from core.accounts.enums import OrganisationKind, Role
from core.catalogue.demo import Good, Naming
from core.kernel.text import fold
from core.places.models import AdminUnit
from producers.enums import PaperStatus

HOME_CODE: Final = "22"
HOME_PRODUCERS: Final = 235
OTHER_PRODUCERS: Final = 60
OTHER_PRODUCTS: Final = 110
STARRED: Final = {5: 5, 4: 107, 3: 320}
AWARDS_IN_OTHER_STATES: Final = (
    *([None] * 30),
    *([PaperStatus.SUBMITTED] * 8),
    *([PaperStatus.RETURNED] * 6),
    *([PaperStatus.SUSPENDED] * 4),
    *([PaperStatus.REVOKED] * 6),
    *([PaperStatus.VERIFIED] * 12),
)
"""Of products that have no star today: None never applied, VERIFIED is past its end."""
MOST_PRODUCTS: Final = 6
COOPERATIVE_EMAIL: Final = email_of("htx")
COOPERATIVE_PRODUCT: Final = "Cam Vân Đồn"
MAIN_JOB_PRODUCT: Final = "Cam Bản Sen"
_COOPERATIVE_COMMUNE: Final = "06994"
_FIVE_STARS: Final = frozenset({"B08-cha-muc", "B12-tra-hoa-vang", "B21-ngoc-trai", "B09-nuoc-mam"})
_OTHER_PROVINCES: Final = {
    "31": 9, "24": 8, "01": 5, "33": 5, "20": 5, "15": 5, "37": 4, "04": 3, "19": 3, "08": 3,
    "25": 3, "14": 3, "38": 2, "40": 2, "11": 1, "42": 1,
}  # fmt: skip
_TRADES: Final = {
    "crop": ("Nông nghiệp sạch", "Rau quả an toàn", "Nông sản"),
    "livestock": ("Chăn nuôi", "Nông trại"),
    "aqua": ("Nuôi trồng thủy sản", "Thủy sản"),
    "seafood": ("Chế biến hải sản", "Hải sản"),
    "processed": ("Nông sản chế biến", "Đặc sản"),
    "tea": ("Trà và dược liệu", "Trà"),
    "liquor": ("Đồ uống truyền thống", "Men lá"),
    "craft": ("Làng nghề", "Thủ công mỹ nghệ"),
    "herb": ("Dược liệu", "Lâm sản"),
    "flower": ("Hoa cây cảnh",),
    "service": ("Du lịch cộng đồng",),
}
_BRANDS: Final = (
    "Biển Xanh", "Nắng Mới", "Rừng Non", "Hải Đăng", "Sao Khuê", "Mai An", "Bình Nguyên", "Sóng Cả",
    "Đất Lành", "Mùa Vàng", "Suối Trong", "Thuận Hòa", "Cánh Buồm", "Hạt Ngọc", "Đồi Gió",
)  # fmt: skip
_KINDS: Final = (
    (OrganisationKind.HOUSEHOLD, 36),
    (OrganisationKind.COOPERATIVE, 36),
    (OrganisationKind.ENTERPRISE, 28),
)
_QUALIFIERS: Final = ("loại 1", "hộp quà", "đặc biệt", "gói nhỏ", "vụ sớm", "tuyển chọn")


@dataclass(kw_only=True)
class ProductPlan:
    """One product; `stars` counts today, `award` is the state of an award that does not."""

    good: Good
    name: str
    stars: int = 0
    award: PaperStatus | None = None

    @functools.cached_property
    def folded_name(self) -> str:
        """Its name as the database compares it."""
        return fold(self.name)


@dataclass(slots=True, kw_only=True)
class ProducerPlan:
    """One producer with its products; `is_main` marks the cooperative of the main job."""

    province: AdminUnit
    commune: AdminUnit | None
    kind: OrganisationKind
    products: list[ProductPlan] = field(default_factory=list)
    is_main: bool = False

    @property
    def trade(self) -> str:
        """What it mainly does: the kind of its first good."""
        return self.products[0].good.kind

    def has_room_for(self, folded_name: str) -> bool:
        """Tell whether one more product of that name is plausible here."""
        if self.is_main or len(self.products) >= MOST_PRODUCTS:
            return False
        return all(product.folded_name != folded_name for product in self.products)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the demo stands on: the goods and the places of a day."""

    goods: Sequence[Good]
    communes: Mapping[str, AdminUnit]
    provinces: Mapping[str, AdminUnit]


def plan_producers(
    ground: Ground, *, key: tuple[object, ...], first_copy: bool
) -> list[ProducerPlan]:
    """Return the producers of one copy of the world, those of Quảng Ninh first."""
    rng = dice(*key, "producers")
    home = _home_producers(ground, rng, first_copy=first_copy)
    return [*home, *_other_producers(ground, rng)]


def businesses_of(
    plans: Sequence[ProducerPlan], *, key: tuple[object, ...], first_number: int, today: dt.date
) -> list[Business]:
    """Return the organisations behind the plans, each with a name of its own among them."""
    rng, taken = dice(*key, "names"), set[str]()
    return [
        _business(plan, number=number, today=today, rng=rng, taken=taken)
        for number, plan in enumerate(plans, start=first_number)
    ]


def _home_producers(ground: Ground, rng: random.Random, *, first_copy: bool) -> list[ProducerPlan]:
    plans = [_main_cooperative(ground)] if first_copy else []
    starred = sum(STARRED.values()) - sum(len(plan.products) for plan in plans)
    known = [good for good in ground.goods if good.weight_qn]
    weights = [good.weight_qn for good in known]
    wanted = [*known, *rng.choices(known, weights, k=starred - len(known))]
    rng.shuffle(wanted)
    home = ground.provinces[HOME_CODE]
    for good in wanted:
        naming = rng.choice(good.names_qn)
        commune = ground.communes[rng.choice(naming.place_codes)]
        product = ProductPlan(good=good, name=naming.name)
        if len(plans) < HOME_PRODUCERS:
            kind = drawn(_KINDS, rng)
            plans.append(
                ProducerPlan(province=home, commune=commune, kind=kind, products=[product])
            )
        else:
            _place(product, plans, commune=commune, rng=rng)
    _give_stars(plans, rng)
    _add_products_without_star(plans, known, rng)
    return plans


def _main_cooperative(ground: Ground) -> ProducerPlan:
    goods = {good.category.code: good for good in ground.goods}
    oranges, honey = goods["B01-cam"], goods["B04-mat-ong"]
    return ProducerPlan(
        province=ground.provinces[HOME_CODE],
        commune=ground.communes[_COOPERATIVE_COMMUNE],
        kind=OrganisationKind.COOPERATIVE,
        products=[
            ProductPlan(good=oranges, name=COOPERATIVE_PRODUCT, stars=4),
            ProductPlan(good=oranges, name=MAIN_JOB_PRODUCT, stars=3),
            ProductPlan(good=honey, name="Mật ong hoa rừng Vạn Yên", stars=3),
        ],
        is_main=True,
    )


def _place(
    product: ProductPlan, plans: list[ProducerPlan], *, commune: AdminUnit, rng: random.Random
) -> None:
    """Give a product to a producer nearby; under another name where its own is taken."""
    for name in (product.name, *(f"{product.name} {more}" for more in _QUALIFIERS)):
        folded = fold(name)
        room = [plan for plan in plans if plan.has_room_for(folded)]
        near = [plan for plan in room if plan.commune == commune]
        alike = [plan for plan in near if plan.trade == product.good.kind]
        same = [plan for plan in room if plan.trade == product.good.kind]
        found = alike or near or same or (room if name != product.name else [])
        if found:
            product.name = name
            vars(product).pop("folded_name", None)
            rng.choice(found).products.append(product)
            return
    raise ValueError(f"No producer has room for {product.name}.")


def _give_stars(plans: Sequence[ProducerPlan], rng: random.Random) -> None:
    plain = [product for plan in plans for product in plan.products if not product.stars]
    given = [product.stars for plan in plans for product in plan.products if product.stars]
    left = [stars for stars, many in STARRED.items() for _ in range(many - given.count(stars))]
    famous = [product for product in plain if product.good.category.code in _FIVE_STARS]
    best = rng.sample(famous, left.count(5))
    for product in best:
        product.stars = 5
    rest = [stars for stars in left if stars != 5]  # five stars are given above
    rng.shuffle(rest)
    others = [product for product in plain if not product.stars]
    for product, stars in zip(others, rest, strict=True):
        product.stars = stars


def _add_products_without_star(
    plans: list[ProducerPlan], known: Sequence[Good], rng: random.Random
) -> None:
    for award in AWARDS_IN_OTHER_STATES:
        good = rng.choices(known, [one.weight_qn for one in known])[0]
        naming = rng.choice(good.names_qn)
        product = ProductPlan(good=good, name=naming.name, award=award)
        hosts = [plan for plan in plans if plan.trade == good.kind]
        commune = rng.choice(hosts or plans).commune
        if commune is not None:
            _place(product, plans, commune=commune, rng=rng)


def _other_producers(ground: Ground, rng: random.Random) -> list[ProducerPlan]:
    plans = [_other_producer(ground, code, rng) for code in _spread()]
    spare = OTHER_PRODUCTS - len(plans)
    for plan in rng.choices(plans, k=spare):
        good, naming = _local_good(ground, plan.province.code, rng)
        plan.products.append(ProductPlan(good=good, name=_varied(plan, naming.name)))
    for product in (product for plan in plans for product in plan.products):
        product.stars = rng.choices((0, 3, 4), (45, 38, 17))[0]
    return plans


def _spread() -> Iterator[str]:
    total = sum(_OTHER_PROVINCES.values())
    codes = [code for code, many in _OTHER_PROVINCES.items() for _ in range(many)]
    yield from (codes[at * total // OTHER_PRODUCERS] for at in range(OTHER_PRODUCERS))


def _other_producer(ground: Ground, code: str, rng: random.Random) -> ProducerPlan:
    good, naming = _local_good(ground, code, rng)
    province = ground.provinces[code]
    communes = [unit for unit in ground.communes.values() if unit.parent_id == province.pk]
    return ProducerPlan(
        province=province,
        commune=rng.choice(communes),
        kind=drawn(_KINDS, rng),
        products=[ProductPlan(good=good, name=naming.name)],
    )


def _local_good(ground: Ground, code: str, rng: random.Random) -> tuple[Good, Naming]:
    found = [
        (good, naming)
        for good in ground.goods
        for naming in good.names_north
        if code in naming.place_codes
    ]
    return rng.choices(found, [good.weight_north for good, _ in found])[0]


def _varied(plan: ProducerPlan, name: str) -> str:
    names = {product.folded_name for product in plan.products}
    variants = (name, *(f"{name} {more}" for more in _QUALIFIERS))
    return next(variant for variant in variants if fold(variant) not in names)


def _business(
    plan: ProducerPlan, *, number: int, today: dt.date, rng: random.Random, taken: set[str]
) -> Business:
    owner = person_name(number)
    name = _name_of(plan, owner, rng)
    at = 2
    while name in taken:
        name = f"{_name_of(plan, owner, rng).removesuffix(MARK)}{at} {MARK}"
        at += 1
    taken.add(name)
    others = ((person_name(number + 5000), Role.EDITOR), (person_name(number + 7000), Role.VIEWER))
    return Business(
        number=number,
        kind=plan.kind,
        name=name,
        province=plan.province,
        commune=plan.commune,
        joined_at=at_hour(today - dt.timedelta(days=rng.randint(60, 420)), 9),
        owner_name=owner,
        email=COOPERATIVE_EMAIL if plan.is_main else "",
        is_producer=True,
        more_members=others
        if plan.kind == OrganisationKind.COOPERATIVE and number % 4 == 0
        else (),
    )


def _name_of(plan: ProducerPlan, owner: str, rng: random.Random) -> str:
    place = plan.commune.name if plan.commune else plan.province.name
    if plan.is_main:
        return f"Hợp tác xã Cam {place} {MARK}"
    trade = rng.choice(_TRADES[plan.trade])
    if plan.kind == OrganisationKind.HOUSEHOLD:
        return f"Hộ kinh doanh {owner} – {trade} {place} {MARK}"
    if plan.kind == OrganisationKind.COOPERATIVE:
        return f"Hợp tác xã {trade} {place} {MARK}"
    return f"Công ty TNHH {trade} {rng.choice(_BRANDS)} {place} {MARK}"
