"""Requirement profiles: a buyer's own, the published ones, and the unverified defaults."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.db.models import F, Q, QuerySet

from buyers.enums import Confidence, ProfileStatus
from buyers.models import RequirementProfile
from core.accounts.actors import Actor
from core.accounts.enums import OrganisationStatus
from core.catalogue.enums import Market
from core.catalogue.models import ProductCategory
from core.kernel.reference import read_rows, split_list

DRAFT_UNVERIFIED: Final = "draft_unverified"
_FILE: Final = Path(__file__).resolve().parents[1] / "data" / "chain_requirements.csv"
_EVERY_CATEGORY: Final = (0, 2**31)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFacts:
    """One profile as plain values.

    It holds for categories with ``category_lo <= n < category_hi``. `status` is that of the
    stored row, or `draft_unverified` for a default of the reference file, which has no
    `profile_id` and no `group_id`.
    """

    profile_id: int | None
    default_code: str
    group_id: int | None
    chain_name: str
    banner_id: int | None
    banner_name: str
    category_id: int | None
    category_name: str
    category_lo: int
    category_hi: int
    channel: str
    market: str
    version: int
    status: str
    source: str
    confidence: str
    minimum_stars: int
    required_papers: tuple[str, ...]
    preferred_papers: tuple[str, ...]
    needs_invoice: bool
    needs_barcode: bool
    test_report_months: int | None
    weekly_capacity_kg: int | None
    shelf_life_left_percent: int | None
    payment_days: int | None
    discount_percent: int | None
    is_consignment: bool | None
    opening_cost_vnd: int | None

    @property
    def is_verified(self) -> bool:
        """Whether the chain itself said so."""
        return self.status != DRAFT_UNVERIFIED and self.confidence == Confidence.CONFIRMED

    def conditions(self) -> dict[str, Any]:
        """Return what a request can ask for as well, by the names of its form."""
        return {
            "banner": self.banner_id,
            "category": self.category_id,
            "minimum_stars": self.minimum_stars,
            "required_papers": list(self.required_papers),
            "preferred_papers": list(self.preferred_papers),
            "market": self.market,
            "needs_invoice": self.needs_invoice,
            "needs_barcode": self.needs_barcode,
        }


_PLAIN: Final = (
    "default_code", "group_id", "banner_id", "category_id", "channel", "market", "version",
    "status", "source", "confidence", "minimum_stars", "needs_invoice", "needs_barcode",
    "test_report_months", "weekly_capacity_kg", "shelf_life_left_percent", "payment_days",
    "discount_percent", "is_consignment", "opening_cost_vnd",
)  # fmt: skip


def profiles_of(actor: Actor) -> QuerySet[RequirementProfile]:
    """Return the profiles of the organisation acted for, in every state."""
    found = RequirementProfile.objects.filter(group=actor.organisation_id)
    return found.select_related("group__organisation", "banner", "category")


def profiles_visible_to(actor: Actor) -> QuerySet[RequirementProfile]:
    """Return one's own profiles in every state, and what approved buyers ask for now."""
    visible = Q(group=actor.organisation_id) if actor.organisation_id is not None else Q(pk=None)
    if reads_profiles_of_others(actor):
        visible |= Q(
            status=ProfileStatus.PUBLISHED, group__organisation__status=OrganisationStatus.APPROVED
        )
    return RequirementProfile.objects.filter(visible)


def reads_profiles_of_others(actor: Actor) -> bool:
    """Tell whether an actor reads what other buyers ask of suppliers.

    Producers do, also before they are approved, to prepare; so do officers and administrators,
    with a second factor. Buyers do not read each other's terms.
    """
    if actor.has_second_factor and (actor.is_administrator or actor.is_officer):
        return True
    return actor.organisation is not None and actor.organisation.is_producer


def profile_facts(profiles: QuerySet[RequirementProfile]) -> list[ProfileFacts]:
    """Return the given profiles as plain values, by id, in one query."""
    rows = profiles.order_by("pk").values(
        *_PLAIN,
        "required_papers",
        "preferred_papers",
        profile_id=F("pk"),
        chain_name=F("group__organisation__name"),
        named_banner=F("banner__name"),
        named_category=F("category__name_vi"),
        first_order=F("category__order_lo"),
        last_order=F("category__order_hi"),
    )
    return [_facts(dict(row)) for row in rows]


def profiles_by_id(profile_ids: Iterable[int]) -> dict[int, ProfileFacts]:
    """Return stored profiles of whatever state as plain values, by id."""
    found = profile_facts(RequirementProfile.objects.filter(pk__in=profile_ids))
    return {one.profile_id: one for one in found if one.profile_id is not None}


def published_profiles() -> list[ProfileFacts]:
    """Return what approved buyers ask for now, then the defaults nobody has made their own."""
    published = profile_facts(
        RequirementProfile.objects.filter(
            status=ProfileStatus.PUBLISHED,
            group__organisation__status=OrganisationStatus.APPROVED,
        )
    )
    taken = {one.default_code for one in published}
    return [*published, *(one for one in chain_defaults() if one.default_code not in taken)]


def chain_defaults(code: str = "") -> list[ProfileFacts]:
    """Return the unverified defaults of the chains the press names, or those of one chain.

    Source:
        buyers/data/chain_requirements.csv, each row with its own source and confidence.
    """
    rows = [row for row in _default_rows() if code in {"", row["code"]}]
    codes = {row["category"] for row in rows if row["category"]}
    categories = {one.code: one for one in ProductCategory.objects.filter(code__in=codes)}
    known = [row for row in rows if not row["category"] or row["category"] in categories]
    return [_default(row, categories.get(row["category"])) for row in known]


def best_profile(
    profiles: Iterable[ProfileFacts],
    *,
    category_order: int | None,
    banner_id: int | None,
    channel: str = "",
    market: str = Market.DOMESTIC,
) -> ProfileFacts | None:
    """Return the most specific of one chain's profiles; it replaces the others as a whole.

    A profile of the banner goes before one of every banner, then the narrower category, then
    one of the channel.

    Args:
        profiles: Of one chain.
        category_order: Place of the product's category in the tree; None asks for profiles of
            every category only.
        banner_id: The banner asked about; None for those of every banner only.
        channel: The channel asked about; empty for those of every channel only.
        market: Where the goods are sold.

    Source:
        docs/decisions/0025-requirement-profiles-and-readiness.md.
    """
    order = -1 if category_order is None else category_order

    def holds(one: ProfileFacts) -> bool:
        covers = one.category_id is None or one.category_lo <= order < one.category_hi
        reaches = one.banner_id in {None, banner_id} and one.channel in {"", channel}
        return covers and reaches and one.market == market

    def rank(one: ProfileFacts) -> tuple[bool, int, bool]:
        return one.banner_id is not None, one.category_lo - one.category_hi, one.channel != ""

    return max(filter(holds, profiles), key=rank, default=None)


def profile_for_request(actor: Actor, *, profile_id: int | None = None) -> ProfileFacts | None:
    """Return what a new request of the actor's organisation starts with.

    Args:
        actor: Who asks.
        profile_id: A published profile of its own; None, or another's, for its general one.
    """
    own = profile_facts(profiles_of(actor).filter(status=ProfileStatus.PUBLISHED))
    chosen = next((one for one in own if one.profile_id == profile_id), None)
    return chosen or best_profile(own, category_order=None, banner_id=None)


def _facts(row: dict[str, Any]) -> ProfileFacts:
    first, last = row.pop("first_order"), row.pop("last_order")
    lo, hi = (first, last + 1) if row["category_id"] is not None else _EVERY_CATEGORY
    return ProfileFacts(
        **row
        | {
            "banner_name": row.pop("named_banner") or "",
            "category_name": row.pop("named_category") or "",
            "category_lo": lo,
            "category_hi": hi,
            "required_papers": tuple(row["required_papers"]),
            "preferred_papers": tuple(row["preferred_papers"]),
        }
    )


@functools.cache
def _default_rows() -> Sequence[dict[str, str]]:
    return read_rows(_FILE)


def _default(row: dict[str, str], category: ProductCategory | None) -> ProfileFacts:
    lo, hi = (category.order_lo, category.order_hi + 1) if category else _EVERY_CATEGORY
    return ProfileFacts(
        profile_id=None,
        default_code=row["code"],
        group_id=None,
        chain_name=row["chain"],
        banner_id=None,
        banner_name="",
        category_id=category.pk if category else None,
        category_name=category.name_vi if category else "",
        category_lo=lo,
        category_hi=hi,
        channel=row["channel"],
        market=Market.DOMESTIC.value,
        version=0,
        status=DRAFT_UNVERIFIED,
        source=f"{row['source']} ({dt.date.fromisoformat(row['as_of']):%d/%m/%Y})",
        confidence=row["confidence"],
        minimum_stars=int(row["minimum_stars"]),
        required_papers=tuple(split_list(row["required_papers"])),
        preferred_papers=tuple(split_list(row["preferred_papers"])),
        needs_invoice=row["needs_invoice"] == "yes",
        needs_barcode=row["needs_barcode"] == "yes",
        test_report_months=_whole(row["test_report_months"]),
        weekly_capacity_kg=_whole(row["weekly_capacity_kg"]),
        shelf_life_left_percent=_whole(row["shelf_life_left_percent"]),
        payment_days=_whole(row["payment_days"]),
        discount_percent=_whole(row["discount_percent"]),
        is_consignment={"yes": True, "no": False}.get(row["is_consignment"]),
        opening_cost_vnd=_whole(row["opening_cost_vnd"]),
    )


def _whole(cell: str) -> int | None:
    return int(cell) if cell else None
