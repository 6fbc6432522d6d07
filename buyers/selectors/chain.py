"""Buyers and the tree below them."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q, QuerySet

from buyers.enums import RequestStatus
from buyers.models import Banner, BuyerGroup, DemandRequest, Outlet
from core.accounts.actors import Actor
from core.accounts.enums import OrganisationStatus
from core.search import Folded, matching


def group_of(actor: Actor) -> BuyerGroup | None:
    """Return the buyer group acted for; None before it said anything as a buyer."""
    groups = BuyerGroup.objects.select_related("organisation__province")
    return groups.filter(pk=actor.organisation_id).first()


def banners_of(group_id: int | None) -> QuerySet[Banner]:
    """Return a group's banners in use, by name."""
    return Banner.objects.filter(group=group_id, is_archived=False).order_by("name", "pk")


def outlets_of(group_id: int | None) -> QuerySet[Outlet]:
    """Return a group's outlets in use, by banner and name."""
    outlets = Outlet.objects.filter(
        banner__group=group_id, banner__is_archived=False, is_archived=False
    )
    return outlets.select_related("banner", "province").order_by("banner__name", "name", "pk")


def chain_of(group_id: int | None, *, search: str = "") -> QuerySet[Banner]:
    """Return a group's banners with their outlets, and how many open requests name each.

    Args:
        group_id: The group.
        search: Words of the banner, the outlet or its place; banners without a hit are left out.
    """
    is_published = Q(requests__status=RequestStatus.PUBLISHED)
    outlets = (
        Outlet.objects.filter(is_archived=False)
        .select_related("province", "commune")
        .annotate(open_requests=Count("requests", filter=is_published, distinct=True))
        .order_by("province__name_folded", "name", "pk")
    )
    banners = banners_of(group_id)
    if search:
        outlets = outlets.filter(pk__in=[one.pk for one in found_outlets(group_id, search=search)])
        banners = banners.filter(pk__in=outlets.values("banner"))
    return banners.prefetch_related(Prefetch("outlets", queryset=outlets, to_attr="outlets_in_use"))


def found_outlets(group_id: int | None, *, search: str) -> QuerySet[Outlet]:
    """Return a group's outlets whose name, banner, place or address has the words."""
    texts = ("banner__name", "name", "province__name", "commune__name", "address")
    return matching(outlets_of(group_id), text=search, folded=[*map(Folded, texts)], exact=texts)


def open_requests_naming(*, banner_id: int | None = None, outlet_id: int | None = None) -> int:
    """Return how many published requests name a banner, one of its outlets, or an outlet."""
    named = (
        Q(outlets=outlet_id) if outlet_id else Q(banner=banner_id) | Q(outlets__banner=banner_id)
    )
    published = DemandRequest.objects.filter(named, status=RequestStatus.PUBLISHED)
    return published.values("pk").distinct().count()


def public_buyers() -> QuerySet[BuyerGroup]:
    """Return the buyers anybody may see: those of approved organisations."""
    approved = BuyerGroup.objects.filter(
        organisation__status=OrganisationStatus.APPROVED, organisation__is_buyer=True
    )
    return approved.select_related("organisation__province")


def outlets_by_province(group_id: int) -> list[tuple[str, int]]:
    """Return province names with a group's number of outlets there, most first."""
    rows = (
        outlets_of(group_id)
        .order_by()
        .values("province__name")
        .annotate(n=Count("pk"))
        .order_by("-n", "province__name")
    )
    return [(row["province__name"], row["n"]) for row in rows]
