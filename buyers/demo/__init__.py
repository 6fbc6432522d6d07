"""The demo's buyers: chains with outlets, kitchens, canteens, traders, and what they ask for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from buyers import models
from buyers.demo.chains import CHAIN_EMAIL, Map, create_buyers, plan_buyers
from buyers.demo.profiles import create_profiles
from buyers.demo.requests import Desk, requests_of
from buyers.enums import RequestStatus
from buyers.models import Banner, BuyerGroup, DemandRequest, Outlet, RequirementProfile
from core.accounts.demo import dice
from core.catalogue.demo import goods, units_by_code

__all__ = ["CHAIN_EMAIL", "Map", "Setting", "counts", "create", "remove"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Which copy of the world is written, and where."""

    key: tuple[object, ...]
    copy: int
    first_number: int
    today: dt.date
    where: Map


def create(setting: Setting) -> dict[str, int]:
    """Create one copy of the buyers with outlets and requests; return the counts."""
    plans = plan_buyers(setting.where, rng=dice(*setting.key, "buyers"))
    buyers = create_buyers(
        plans,
        first_number=setting.first_number,
        today=setting.today,
        is_first_copy=setting.copy == 0,
    )
    desk = Desk(
        goods=goods(),
        units=units_by_code(),
        today=setting.today,
        rng=dice(*setting.key, "requests"),
    )
    made = list(requests_of(buyers, desk=desk))
    DemandRequest.objects.bulk_create((request for request, _ in made), batch_size=500)
    through = DemandRequest.outlets.through
    through.objects.bulk_create(
        (
            through(demandrequest_id=request.pk, outlet_id=outlet.pk)
            for request, outlets in made
            for outlet in outlets
        ),
        batch_size=1000,
    )
    profiles = create_profiles(buyers, today=setting.today) if setting.copy == 0 else 0
    return {
        "buyers": len(buyers),
        "outlets": sum(len(buyer.outlets) for buyer in buyers),
        "requests": len(made),
        "requirement profiles": profiles,
    }


def counts() -> dict[str, int]:
    """Return how many rows of each kind the demo world has now."""
    ours = {"group__organisation__is_demo": True}
    requests = DemandRequest.objects.filter(**ours)
    return {
        "buyers": BuyerGroup.objects.filter(organisation__is_demo=True).count(),
        "outlets": Outlet.objects.filter(banner__group__organisation__is_demo=True).count(),
        "requests": requests.count(),
        "open requests": requests.filter(status=RequestStatus.PUBLISHED).count(),
    }


def remove() -> None:
    """Remove the demo's buyers, their requests, and the requests' history."""
    ids = list(BuyerGroup.objects.filter(organisation__is_demo=True).values_list("pk", flat=True))
    requests = DemandRequest.objects.filter(group__in=ids)
    _erase(DemandRequest.outlets.through.objects.filter(demandrequest__in=requests))
    revisions: Any = getattr(models, "DemandRequestRevision")  # noqa: B009 -- pghistory puts it there
    _erase(revisions.objects.filter(group_id__in=ids))
    DemandRequest.objects.filter(copied_from__in=requests).update(copied_from=None)
    _erase(requests)
    _erase(RequirementProfile.objects.filter(group__in=ids))
    _erase(Outlet.objects.filter(banner__group__in=ids))
    _erase(Banner.objects.filter(group__in=ids))
    _erase(BuyerGroup.objects.filter(pk__in=ids))


def _erase(rows: QuerySet[Any]) -> None:
    """Delete in one statement: what hangs on the rows is gone already."""
    rows._raw_delete(rows.db)  # Django's own way to delete without collecting
