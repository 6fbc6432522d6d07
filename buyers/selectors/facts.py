"""Requests as matching sees them: plain values only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, F, OuterRef

from buyers.enums import RequestStatus
from buyers.models import DemandRequest
from buyers.selectors.requests import open_requests
from core.accounts.enums import OrganisationStatus
from core.catalogue.models import ProductCategory
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


def request_facts(
    request_ids: Sequence[int] | None, *, category_orders: Collection[int] | None = None
) -> list[RequestFacts]:
    """Return what matching needs to know of requests, by id, in two queries.

    Args:
        request_ids: Requests in whatever state; None for all that are open.
        category_orders: Only those that ask for goods of one of these categories, by their place
            in the tree; None for all.
    """
    requests = open_requests()
    if request_ids is not None:
        requests = DemandRequest.objects.filter(pk__in=request_ids)
    if category_orders is not None:
        requests = requests.filter(_asks_for_one_of(category_orders))
    rows = list(
        requests.order_by("pk").values(*_PLAIN_FACTS, **_FACTS, banner_shown=F("banner__name"))
    )
    places = _delivery_places([row["request_id"] for row in rows])
    today = clock.today()
    return [_facts(row, places.get(row["request_id"]), today) for row in rows]


def _asks_for_one_of(category_orders: Collection[int]) -> Exists:
    within = (OuterRef("category__order_lo"), OuterRef("category__order_hi"))
    return Exists(
        ProductCategory.objects.filter(order_lo__range=within, order_lo__in=category_orders)
    )


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
