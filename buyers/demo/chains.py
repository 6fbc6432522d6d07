"""The demo's buyers: the chains the press names, as samples, and invented kitchens and traders."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from buyers.enums import OutletKind
from buyers.models import Banner, BuyerGroup, Outlet
from core.accounts import demo as people
from core.accounts.demo import MARK, Business, at_hour, email_of, person_name
from core.accounts.enums import OrganisationKind, Role
from core.kernel.reference import read_rows, split_list
from core.places.enums import UnitKind
from core.places.models import AdminUnit

DATA: Final = Path(__file__).resolve().parents[1] / "data"
CHAIN_EMAIL: Final = email_of("chuoi")
MAIN_CHAIN: Final = "WinMart"
CHAIN_REQUESTS: Final = {"WinMart": 14, "MM Mega Market": 12, "Aloha": 8}
_USUAL_CHAIN_REQUESTS: Final = 14
_PREFIXES: Final = {
    OutletKind.DISTRIBUTION_CENTRE: "Kho trung tâm ",
    OutletKind.PLATFORM: "Trạm thu mua ",
}
_SUMMARIES: Final = {
    "kitchen": "Bếp nhà hàng, khách sạn cần hàng tươi quanh năm.",
    "seafood_kitchen": "Nhà hàng hải sản ở xa, cần hàng tươi miền Bắc.",
    "canteen": "Bếp ăn tập thể nấu vài nghìn suất mỗi ngày.",
    "export": "Thu gom và xuất khẩu qua cửa khẩu, cảng biển.",
    "wholesale": "Bán buôn tại chợ đầu mối.",
    "gifts": "Đặc sản và quà biếu.",
}


@dataclass(slots=True, kw_only=True)
class BuyerPlan:
    """One buyer: what it is, where its goods go, and how many requests it has."""

    name: str
    profile: str
    kind: OrganisationKind
    province: AdminUnit
    commune: AdminUnit | None
    summary: str
    payment_days: int | None
    requests: int
    outlets: list[tuple[str, OutletKind, AdminUnit, AdminUnit]] = field(default_factory=list)
    """Banner, kind, province and commune of each."""

    @property
    def is_main(self) -> bool:
        """Whether it is the chain of the main job."""
        return self.name == MAIN_CHAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """One buyer as written."""

    plan: BuyerPlan
    group: BuyerGroup
    outlets: Sequence[Outlet]


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """Places of a day by code."""

    communes: Mapping[str, AdminUnit]
    provinces: Mapping[str, AdminUnit]

    def wards(self, province: AdminUnit) -> list[AdminUnit]:
        """Return the urban communes of a province, by code; all where it has none."""
        own = [unit for unit in self.communes.values() if unit.parent_id == province.pk]
        return [unit for unit in own if unit.kind == UnitKind.WARD] or own


def plan_buyers(where: Map, *, rng: random.Random) -> list[BuyerPlan]:
    """Return the buyers of one copy of the world, the chains first."""
    return [*_chains(where, rng), *_others(where, rng)]


def create_buyers(
    plans: Sequence[BuyerPlan], *, first_number: int, today: dt.date, is_first_copy: bool
) -> list[Buyer]:
    """Create the buyers with banners and outlets."""
    businesses = [
        _business(plan, number=number, today=today, is_first_copy=is_first_copy)
        for number, plan in enumerate(plans, start=first_number)
    ]
    organisations = people.create_businesses(businesses)
    groups = BuyerGroup.objects.bulk_create(
        BuyerGroup(organisation=organisation, summary=plan.summary, payment_days=plan.payment_days)
        for plan, organisation in zip(plans, organisations, strict=True)
    )
    return _with_outlets(plans, groups)


def _chains(where: Map, rng: random.Random) -> list[BuyerPlan]:
    plans: dict[str, BuyerPlan] = {}
    used: set[tuple[str, str]] = set()
    for row in read_rows(DATA / "demo_chains.csv"):
        plan = plans.get(row["group"])
        if plan is None:
            plan = plans[row["group"]] = _chain(row, where)
        province = where.provinces[row["province"]]
        named = [where.communes[code] for code in split_list(row["communes"])]
        free = [unit for unit in where.wards(province) if (row["banner"], unit.name) not in used]
        communes = named or rng.sample(free, min(int(row["stores"]), len(free)))
        for commune in communes:
            used.add((row["banner"], commune.name))
            plan.outlets.append((row["banner"], OutletKind(row["kind"]), province, commune))
    return list(plans.values())


def _chain(row: Mapping[str, str], where: Map) -> BuyerPlan:
    return BuyerPlan(
        name=row["group"],
        profile="chain",
        kind=OrganisationKind.CHAIN,
        province=where.provinces[row["group_province"]],
        commune=where.communes.get(row["group_commune"]),
        summary=row["summary"],
        payment_days=int(row["payment_days"]),
        requests=CHAIN_REQUESTS.get(row["group"], _USUAL_CHAIN_REQUESTS),
    )


def _others(where: Map, rng: random.Random) -> list[BuyerPlan]:
    plans = []
    for row in read_rows(DATA / "demo_buyers.csv"):
        province = where.provinces[row["province"]]
        commune = where.communes.get(row["commune"]) or rng.choice(where.wards(province))
        is_kitchen = row["kind"] == OrganisationKind.HOSPITALITY
        outlet = OutletKind.KITCHEN if is_kitchen else OutletKind.WAREHOUSE
        plans.append(
            BuyerPlan(
                name=row["name"],
                profile=row["profile"],
                kind=OrganisationKind(row["kind"]),
                province=province,
                commune=commune,
                summary=_SUMMARIES[row["profile"]],
                payment_days=rng.choice((7, 15, 30, None)),
                requests=int(row["requests"]),
                outlets=[(row["outlet"], outlet, province, commune)],
            )
        )
    return plans


def _business(plan: BuyerPlan, *, number: int, today: dt.date, is_first_copy: bool) -> Business:
    is_main = plan.is_main and is_first_copy
    suffix = "" if is_first_copy else f" {number}"
    return Business(
        number=number,
        kind=plan.kind,
        name=f"{plan.name}{suffix} {MARK}",
        province=plan.province,
        commune=plan.commune,
        joined_at=at_hour(today - dt.timedelta(days=200 + number % 90), 8),
        owner_name=person_name(number),
        email=CHAIN_EMAIL if is_main else "",
        is_buyer=True,
        more_members=((person_name(number + 3000), Role.EDITOR),)
        if plan.profile == "chain"
        else (),
    )


def _with_outlets(plans: Sequence[BuyerPlan], groups: Sequence[BuyerGroup]) -> list[Buyer]:
    banners = {
        (group.pk, name): Banner(group=group, name=f"{name} {MARK}")
        for plan, group in zip(plans, groups, strict=True)
        for name in dict.fromkeys(outlet[0] for outlet in plan.outlets)
    }
    Banner.objects.bulk_create(banners.values())
    made = {
        group.pk: [_outlet(plan, banners[group.pk, one[0]], one) for one in plan.outlets]
        for plan, group in zip(plans, groups, strict=True)
    }
    Outlet.objects.bulk_create(outlet for outlets in made.values() for outlet in outlets)
    return [
        Buyer(plan=plan, group=group, outlets=made[group.pk])
        for plan, group in zip(plans, groups, strict=True)
    ]


def _outlet(
    plan: BuyerPlan, banner: Banner, values: tuple[str, OutletKind, AdminUnit, AdminUnit]
) -> Outlet:
    name, kind, province, commune = values
    is_chain = plan.profile == "chain"
    shown = f"{_PREFIXES.get(kind, '')}{name} {commune.name}" if is_chain else name
    return Outlet(
        banner=banner, kind=kind, name=f"{shown} {MARK}", province=province, commune=commune
    )
