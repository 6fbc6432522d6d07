"""Changing demand requests: draft, publish, revise, close, reopen, discard, expire.

Each change of one request is the change of many: all or none, in a few statements.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from buyers.enums import RequestStatus
from buyers.events import DemandRequestChanged
from buyers.models import DemandRequest
from buyers.services.request_lookups import RequestLookups
from buyers.services.request_steps import (
    SEEN_BY_PEOPLE_ONLY,
    announce,
    checked_values,
    leave_market,
    locked,
    move,
    put_on_market,
    save_revised,
    set_terms,
)
from buyers.services.terms import Reckoning, RequestTerms, check_days, raise_if_any, reckon
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError

LEFT_THE_MARKET: Final = (RequestStatus.CLOSED, RequestStatus.EXPIRED)


@transaction.atomic
def save_request_draft(*, group_id: int, terms: RequestTerms) -> DemandRequest:
    """Keep a new request as a draft, seen by its organisation only.

    Raises:
        InvalidInputError: A field cannot be accepted.
    """
    return add_request_drafts(group_id=group_id, terms=[terms])[0]


@transaction.atomic
def add_request_drafts(*, group_id: int, terms: Sequence[RequestTerms]) -> list[DemandRequest]:
    """Keep many new requests as drafts.

    Raises:
        InvalidInputError: A field of the first that is at fault.
    """
    lookups = RequestLookups()
    values = [checked_values(one, group_id=group_id, lookups=lookups) for one in terms]
    requests = DemandRequest.objects.bulk_create(
        [DemandRequest(group_id=group_id, **said) for said in values]
    )
    for request, one in zip(requests, terms, strict=True):
        if one.outlet_ids:
            request.outlets.set(one.outlet_ids)
    return requests


def check_terms(
    terms: RequestTerms,
    *,
    group_id: int,
    known_first: dt.date | None = None,
    lookups: RequestLookups | None = None,
) -> None:
    """Look at a request's terms without storing them; `lookups` serve many requests.

    Raises:
        InvalidInputError: With the fields a draft or a revision would refuse.
    """
    checked_values(
        terms, group_id=group_id, known_first=known_first, lookups=lookups or RequestLookups()
    )


@transaction.atomic
def revise_demand_request(*, request_id: int, terms: RequestTerms) -> DemandRequest:
    """Change a draft or a published request; the version rises if matching sees a difference.

    Raises:
        DemandRequest.DoesNotExist: No such request.
        IllegalTransitionError: It is closed or expired.
        InvalidInputError: A field cannot be accepted.

    Emits:
        DemandRequestChanged, when a published request changed for matching.
    """
    return revise_demand_requests(changes={request_id: terms})[0]


@transaction.atomic
def revise_demand_requests(*, changes: Mapping[int, RequestTerms]) -> list[DemandRequest]:
    """Change many drafts or published requests; terms come by the request's id.

    Raises:
        DomainError: As `revise_demand_request` for the first that cannot be changed.

    Emits:
        DemandRequestChanged for each published one that changed for matching.
    """
    requests = locked(changes)
    if any(request.status in LEFT_THE_MARKET for request in requests):
        raise IllegalTransitionError(_("This request is closed. Reopen it or copy it first."))
    lookups, differing, seen = RequestLookups(), [], []
    for request in requests:
        changed = set_terms(request, changes[request.pk], lookups=lookups)
        if changed:
            differing.append(request)
        if changed - SEEN_BY_PEOPLE_ONLY:
            seen.append(request)
    save_revised(differing, seen_by_matching=seen)
    return requests


@transaction.atomic
def publish_demand_request(*, request_id: int) -> DemandRequest:
    """Open a draft to matching; one that is already open stays as it is.

    Raises:
        DemandRequest.DoesNotExist: No such request.
        IllegalTransitionError: It is closed or expired.
        InvalidInputError: Its days have passed meanwhile.
        NotAllowedError: The organisation is not approved.

    Emits:
        DemandRequestPublished.
    """
    return publish_demand_requests(request_ids=[request_id])[0]


@transaction.atomic
def publish_demand_requests(*, request_ids: Collection[int]) -> list[DemandRequest]:
    """Open many drafts to matching; those that are already open stay as they are.

    Raises:
        DomainError: As `publish_demand_request` for the first that cannot be opened.

    Emits:
        DemandRequestPublished for each.
    """
    requests = locked(request_ids)
    if any(request.status in LEFT_THE_MARKET for request in requests):
        raise IllegalTransitionError(_("This request is closed. Reopen it or copy it first."))
    drafts = [request for request in requests if request.status == RequestStatus.DRAFT]
    for request in drafts:
        raise_if_any(check_days(request.needed_from, last=request.needed_to, today=clock.today()))
    put_on_market(drafts)
    return requests


@transaction.atomic
def close_demand_request(*, request_id: int) -> DemandRequest:
    """Take a published request off the market; closing it again changes nothing.

    Raises:
        DemandRequest.DoesNotExist: No such request.
        IllegalTransitionError: It is a draft.

    Emits:
        DemandRequestClosed.
    """
    return close_demand_requests(request_ids=[request_id])[0]


@transaction.atomic
def close_demand_requests(*, request_ids: Collection[int]) -> list[DemandRequest]:
    """Take many published requests off the market; those that left it stay as they are.

    Raises:
        IllegalTransitionError: One is a draft.

    Emits:
        DemandRequestClosed for each.
    """
    requests = locked(request_ids)
    if any(request.status == RequestStatus.DRAFT for request in requests):
        raise IllegalTransitionError(_("A draft is not on the market. Discard it instead."))
    on_market = [request for request in requests if request.status == RequestStatus.PUBLISHED]
    leave_market(on_market, status=RequestStatus.CLOSED)
    return requests


@transaction.atomic
def reopen_demand_request(*, request_id: int) -> DemandRequest:
    """Put a closed request back on the market while its window lasts.

    Raises:
        DemandRequest.DoesNotExist: No such request.
        IllegalTransitionError: It is a draft, or its window is over.
        NotAllowedError: The organisation is not approved.

    Emits:
        DemandRequestPublished.
    """
    request = locked([request_id])[0]
    if request.status == RequestStatus.PUBLISHED:
        return request
    if request.status == RequestStatus.DRAFT:
        raise IllegalTransitionError(_("This request was never published. Publish it first."))
    if request.needed_to < clock.today():
        raise IllegalTransitionError(_("Its days are over. Repeat it for the next period instead."))
    return put_on_market([request])[0]


@transaction.atomic
def discard_request_draft(*, request_id: int) -> None:
    """Delete a draft for good.

    Raises:
        DemandRequest.DoesNotExist: No such request.
        IllegalTransitionError: It has been published; it can only be closed.
    """
    discard_request_drafts(request_ids=[request_id])


@transaction.atomic
def discard_request_drafts(*, request_ids: Collection[int]) -> None:
    """Delete many drafts for good.

    Raises:
        DemandRequest.DoesNotExist: One is missing.
        IllegalTransitionError: One has been published; it can only be closed.
    """
    if any(request.status != RequestStatus.DRAFT for request in locked(request_ids)):
        raise IllegalTransitionError(_("Only drafts are discarded. Close this request instead."))
    DemandRequest.objects.filter(pk__in=request_ids).delete()


@transaction.atomic
def expire_requests(*, day: dt.date) -> int:
    """Take requests whose last day is before `day` off the market; return how many.

    Emits:
        DemandRequestClosed with `expired`, one for each.
    """
    past = (
        DemandRequest.objects.select_for_update(no_key=True)
        .filter(status=RequestStatus.PUBLISHED, needed_to__lt=day)
        .order_by("pk")
    )
    return len(leave_market(list(past), status=RequestStatus.EXPIRED))


@transaction.atomic
def reconsider_requests(*, group_id: int) -> None:
    """Have a buyer's published requests matched anew: its approval came, changed or went.

    Emits:
        DemandRequestChanged, one for each that is published.
    """
    published = DemandRequest.objects.filter(group=group_id, status=RequestStatus.PUBLISHED)
    announce_change(sorted(published.values_list("pk", flat=True)))


def announce_change(request_ids: list[int]) -> None:
    """Raise the version of open requests because something they stand on changed.

    The caller's transaction carries it.

    Emits:
        DemandRequestChanged, one for each that is published.
    """
    published = DemandRequest.objects.select_for_update(no_key=True).filter(
        pk__in=request_ids, status=RequestStatus.PUBLISHED
    )
    requests = list(published.order_by("pk"))
    move(requests)
    announce(DemandRequestChanged, requests)


def terms_of(request: DemandRequest) -> RequestTerms:
    """Return what a stored request says, as it would be typed."""
    return RequestTerms(
        words=request.words,
        category_id=request.category_id,
        quantity=request.quantity,
        unit_id=request.unit_id,
        pack_size=request.pack_size,
        pack_unit_id=request.pack_unit_id,
        period=request.period,
        price_ceiling_vnd=request.price_ceiling_vnd,
        needed_from=request.needed_from,
        needed_to=request.needed_to,
        delivery_province_id=request.delivery_province_id,
        banner_id=request.banner_id,
        outlet_ids=tuple(sorted(outlet.pk for outlet in request.outlets.all())),
        minimum_stars=request.minimum_stars,
        required_papers=tuple(request.required_papers),
        preferred_papers=tuple(request.preferred_papers),
        market=request.market,
        storage=request.storage,
        needs_invoice=request.needs_invoice,
        needs_barcode=request.needs_barcode,
        note=request.note,
    )


def reckoning_of(request: DemandRequest) -> Reckoning:
    """Return a stored request's amounts over its whole window."""
    return reckon(terms_of(request))
