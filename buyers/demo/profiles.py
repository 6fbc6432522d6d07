"""What the demo's chains ask for: the unverified defaults, taken over and published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Final

from buyers.demo.chains import Buyer
from buyers.enums import ProfileStatus, SalesChannel
from buyers.models import Banner, RequirementProfile
from buyers.selectors import ProfileFacts, chain_defaults
from core.accounts.demo import MARK, at_hour
from core.catalogue.enums import Market, PaperKind
from core.catalogue.models import ProductCategory

# Default by chain; a banner where the group has several with requirements of their own.
_TAKEN: Final = {
    "WinMart": {"": "winmart"},
    "MM Mega Market": {"": "mm"},
    "Central Retail: GO!, LanChi": {"GO!": "go", "LanChi": "lanchi"},
    "Aloha": {"": "aloha"},
}
_ASKS_NO_TEST: Final = frozenset({"winmart", "aloha"})
"""Two chains of the demo ask for no fresh test report, so that some products are ready."""
_PUBLISHED_DAYS_AGO: Final = 40
_MAIN: Final = "WinMart"
_EXPORTER: Final = "Xuất khẩu Nông sản Bắc Luân"
_KEPT: Final = (
    "category_id", "channel", "market", "minimum_stars", "needs_invoice", "needs_barcode",
    "test_report_months", "weekly_capacity_kg", "shelf_life_left_percent", "payment_days",
    "discount_percent", "is_consignment", "opening_cost_vnd", "source", "confidence",
    "default_code",
)  # fmt: skip


def create_profiles(buyers: Sequence[Buyer], *, today: dt.date) -> int:
    """Publish the defaults as the requirements of the demo's chains; return how many."""
    made = RequirementProfile.objects.bulk_create(
        profile for buyer in buyers for profile in _profiles_of(buyer, today=today)
    )
    return len(made)


def _profiles_of(buyer: Buyer, *, today: dt.date) -> Iterator[RequirementProfile]:
    banners = {one.name: one for one in Banner.objects.filter(group=buyer.group)}
    for name, code in _TAKEN.get(buyer.plan.name, {}).items():
        banner = banners.get(f"{name} {MARK}")
        for default in chain_defaults(code):
            yield _published(default, buyer=buyer, banner=banner, today=today)
            if buyer.plan.name == _MAIN and default.category_id is None:
                yield _drafted(default, buyer=buyer)
    if buyer.plan.name == _EXPORTER:
        yield _for_export(buyer, today=today)


def _published(
    default: ProfileFacts, *, buyer: Buyer, banner: Banner | None, today: dt.date
) -> RequirementProfile:
    values = asdict(default)
    if default.default_code in _ASKS_NO_TEST:
        values["test_report_months"] = None
    return RequirementProfile(
        **{name: values[name] for name in _KEPT},
        group=buyer.group,
        banner=banner,
        required_papers=list(default.required_papers),
        preferred_papers=list(default.preferred_papers),
        status=ProfileStatus.PUBLISHED,
        published_at=at_hour(today - dt.timedelta(days=_PUBLISHED_DAYS_AGO), 9),
    )


def _drafted(default: ProfileFacts, *, buyer: Buyer) -> RequirementProfile:
    """Return the next version, not published yet: it asks for what is only welcome today."""
    values = asdict(default)
    return RequirementProfile(
        **{name: values[name] for name in _KEPT} | {"test_report_months": None},
        group=buyer.group,
        version=2,
        required_papers=[*default.required_papers, PaperKind.TRACE_LINK.value],
        preferred_papers=[
            one for one in default.preferred_papers if one != PaperKind.TRACE_LINK.value
        ],
    )


def _for_export(buyer: Buyer, *, today: dt.date) -> RequirementProfile:
    """Return what an exporter to China asks of fruit: codes given for that market."""
    return RequirementProfile(
        group=buyer.group,
        category=ProductCategory.objects.filter(code="B01").first(),
        channel=SalesChannel.EXPORT,
        market=Market.CHINA,
        required_papers=[
            PaperKind.GROWING_AREA_CODE.value,
            PaperKind.PACKING_FACILITY_CODE.value,
        ],
        needs_invoice=True,
        weekly_capacity_kg=2000,
        payment_days=15,
        is_consignment=False,
        note="Cân tại kho Hải Yên (mẫu).",
        status=ProfileStatus.PUBLISHED,
        published_at=at_hour(today - dt.timedelta(days=_PUBLISHED_DAYS_AGO), 10),
    )
