"""Reading buyers, their chains and their requests."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, F, Prefetch, Q, QuerySet

from buyers.enums import RequestStatus
from buyers.models import Banner, BuyerGroup, DemandRequest, DemandRequestRevision, Outlet
from core.accounts.actors import Actor
from core.accounts.enums import OrganisationStatus
from core.kernel import clock

PlaceIds = tuple[int, int | None]
_FACTS: Final = {
    "request_id": F("pk"),
    "organisation_id": F("group_id"),
    "organisation_name": F("group__organisation__name"),
    "organisation_status": F("group__organisation__status"),
    "category_lo": F("category__order_lo"),
    "category_last": F("category__order_hi"),
    "first_day": F("needed_from"),
    "last_day": F("needed_to"),
}
_PLAIN_FACTS: Final = (
    "version",
    "status",
    "words",
    "category_id",
    "dimension",
    "quantity_base",
    "price_ceiling_vnd_per_base",
    "delivery_province_id",
    "minimum_stars",
    "required_papers",
    "preferred_papers",
    "market",
    "storage",
    "needs_invoice",
    "needs_barcode",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """What matching knows of one request: plain values only.

    Categories number their tree in pre-order with the last number included; here
    ``category_lo <= n < category_hi`` holds for everything at or below the category.
    `first_day` and `last_day` are both included. `places` are the outlets that receive the
    goods, or the province of delivery where none is chosen; each once, in order.
    """

    request_id: int
    version: int
    status_open: bool
    organisation_id: int
    organisation_name: str
    banner_name: str | None
    words: str
    category_id: int
    category_lo: int
    category_hi: int
    dimension: str
    quantity_base: Decimal
    price_ceiling_vnd_per_base: int | None
    first_day: dt.date
    last_day: dt.date
    places: tuple[PlaceIds, ...]
    minimum_stars: int
    required_papers: tuple[str, ...]
    preferred_papers: tuple[str, ...]
    market: str
    storage: str | None
    needs_invoice: bool
    needs_barcode: bool


def _is_open() -> Q:
    return Q(
        status=RequestStatus.PUBLISHED,
        group__organisation__status=OrganisationStatus.APPROVED,
        needed_to__gte=clock.today(),
    )


def open_requests() -> QuerySet[DemandRequest]:
    """Return what buyers look for now: published, not over, of approved organisations."""
    return DemandRequest.objects.filter(_is_open())


def request_facts(request_ids: Sequence[int] | None) -> list[RequestFacts]:
    """Return what matching needs to know of requests, by id, in two queries.

    Args:
        request_ids: Requests in whatever state; None for all that are open.
    """
    requests = open_requests()
    if request_ids is not None:
        requests = DemandRequest.objects.filter(pk__in=request_ids)
    rows = list(
        requests.order_by("pk").values(*_PLAIN_FACTS, **_FACTS, banner_shown=F("banner__name"))
    )
    places = _delivery_places([row["request_id"] for row in rows])
    today = clock.today()
    return [_facts(row, places.get(row["request_id"]), today) for row in rows]


def _delivery_places(request_ids: list[int]) -> dict[int, tuple[PlaceIds, ...]]:
    rows = (
        DemandRequest.outlets.through.objects.filter(
            demandrequest_id__in=request_ids, outlet__is_archived=False
        )
        .values_list("demandrequest_id", "outlet__province_id", "outlet__commune_id")
        .distinct()
        .order_by("demandrequest_id", "outlet__province_id", "outlet__commune_id")
    )
    found: dict[int, list[PlaceIds]] = defaultdict(list)
    for request_id, province_id, commune_id in rows:
        found[request_id].append((province_id, commune_id))
    return {request_id: tuple(pairs) for request_id, pairs in found.items()}


def _facts(
    row: dict[str, Any], places: tuple[PlaceIds, ...] | None, today: dt.date
) -> RequestFacts:
    is_published = row.pop("status") == RequestStatus.PUBLISHED
    is_approved = row.pop("organisation_status") == OrganisationStatus.APPROVED
    province_id = row.pop("delivery_province_id")
    return RequestFacts(
        **row
        | {
            "required_papers": tuple(row["required_papers"]),
            "preferred_papers": tuple(row["preferred_papers"]),
            "storage": row["storage"] or None,
            "banner_name": row.pop("banner_shown"),
            "category_hi": row.pop("category_last") + 1,
            "status_open": is_published and is_approved and row["last_day"] >= today,
            "places": places or ((province_id, None),),
        }
    )


def visible_to(actor: Actor) -> QuerySet[DemandRequest]:
    """Return the requests an actor may read.

    Its own organisation's in every state; those of others while they are open, for approved
    producers, officers and administrators.
    """
    organisation = actor.organisation
    own = Q(group=actor.organisation_id) if organisation and organisation.is_buyer else Q(pk=None)
    reads_all = actor.is_administrator or actor.is_officer
    sells = organisation is not None and organisation.is_producer and organisation.is_approved
    if reads_all or sells:
        return DemandRequest.objects.filter(own | _is_open())
    return DemandRequest.objects.filter(own)


def own_requests(actor: Actor) -> QuerySet[DemandRequest]:
    """Return the requests of the organisation acted for, in every state."""
    return DemandRequest.objects.filter(group=actor.organisation_id)


def with_words(requests: QuerySet[DemandRequest]) -> QuerySet[DemandRequest]:
    """Load what a list or page shows of each request along with it."""
    return requests.select_related(
        "group__organisation__province",
        "banner",
        "category",
        "unit",
        "pack_unit",
        "delivery_province",
    )


def ending_soon(actor: Actor, *, within_days: int = 7) -> QuerySet[DemandRequest]:
    """Return the actor's open requests whose last day comes within some days, soonest first."""
    last = clock.today() + dt.timedelta(days=within_days)
    return own_requests(actor).filter(_is_open(), needed_to__lte=last).order_by("needed_to", "pk")


def drafts_of(actor: Actor) -> QuerySet[DemandRequest]:
    """Return the actor's drafts, newest first."""
    return own_requests(actor).filter(status=RequestStatus.DRAFT).order_by("-pk")


def counts_by_status(actor: Actor) -> dict[str, int]:
    """Return how many of the actor's requests stand in each state."""
    rows = own_requests(actor).order_by().values_list("status").annotate(n=Count("pk"))
    return dict(rows)


def revisions_of(request: DemandRequest) -> QuerySet[DemandRequestRevision]:
    """Return how a request read after each change, oldest first."""
    revisions = DemandRequestRevision.objects.filter(pgh_obj_id=request.pk)
    return revisions.select_related("category", "unit", "delivery_province").order_by("pgh_id")


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


def chain_of(group_id: int | None) -> QuerySet[Banner]:
    """Return a group's banners with their outlets, and how many open requests name each."""
    is_published = Q(requests__status=RequestStatus.PUBLISHED)
    outlets = (
        Outlet.objects.filter(is_archived=False)
        .select_related("province", "commune")
        .annotate(open_requests=Count("requests", filter=is_published, distinct=True))
        .order_by("province__name_folded", "name", "pk")
    )
    return banners_of(group_id).prefetch_related(
        Prefetch("outlets", queryset=outlets, to_attr="outlets_in_use")
    )


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
