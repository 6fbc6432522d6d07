"""Changing demand requests: draft, publish, revise, close, reopen, discard, expire."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from buyers.enums import RequestStatus
from buyers.events import DemandRequestChanged, DemandRequestClosed, DemandRequestPublished
from buyers.models import DemandRequest
from buyers.services.terms import (
    Reckoning,
    RequestTerms,
    check_choices,
    check_days,
    raise_if_any,
    reckon,
)
from core.accounts.enums import OrganisationStatus
from core.kernel import clock, text
from core.kernel.errors import IllegalTransitionError, NotAllowedError
from core.outbox import outbox

LEFT_THE_MARKET: Final = (RequestStatus.CLOSED, RequestStatus.EXPIRED)
_SEEN_BY_PEOPLE_ONLY: Final = {"note", "quantity", "unit_id", "pack_size", "pack_unit_id", "period"}


@transaction.atomic
def save_request_draft(*, group_id: int, terms: RequestTerms) -> DemandRequest:
    """Keep a new request as a draft, seen by its organisation only.

    Raises:
        InvalidInputError: A field cannot be accepted.
    """
    values = _checked(terms, group_id=group_id)
    request = DemandRequest.objects.create(group_id=group_id, **values)
    request.outlets.set(terms.outlet_ids)
    return request


def check_terms(terms: RequestTerms, *, group_id: int, known_first: dt.date | None = None) -> None:
    """Look at a request's terms without storing them.

    Raises:
        InvalidInputError: With the fields a draft or a revision would refuse.
    """
    _checked(terms, group_id=group_id, known_first=known_first)


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
    request = _locked(request_id)
    if request.status in LEFT_THE_MARKET:
        raise IllegalTransitionError(_("This request is closed. Reopen it or copy it first."))
    values = _checked(terms, group_id=request.group_id, known_first=request.needed_from)
    changed = {name for name, value in values.items() if getattr(request, name) != value}
    if set(request.outlets.values_list("pk", flat=True)) != set(terms.outlet_ids):
        request.outlets.set(terms.outlet_ids)
        changed.add("outlets")
    for name in changed - {"outlets"}:
        setattr(request, name, values[name])
    if changed:
        _save_revised(request, is_seen_by_matching=bool(changed - _SEEN_BY_PEOPLE_ONLY))
    return request


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
    request = _locked(request_id)
    if request.status == RequestStatus.PUBLISHED:
        return request
    if request.status in LEFT_THE_MARKET:
        raise IllegalTransitionError(_("This request is closed. Reopen it or copy it first."))
    raise_if_any(check_days(request.needed_from, last=request.needed_to, today=clock.today()))
    return _open(request)


@transaction.atomic
def close_demand_request(*, request_id: int) -> DemandRequest:
    """Take a published request off the market; closing it again changes nothing.

    Raises:
        DemandRequest.DoesNotExist: No such request.
        IllegalTransitionError: It is a draft.

    Emits:
        DemandRequestClosed.
    """
    request = _locked(request_id)
    if request.status in LEFT_THE_MARKET:
        return request
    if request.status != RequestStatus.PUBLISHED:
        raise IllegalTransitionError(_("A draft is not on the market. Discard it instead."))
    return _leave(request, status=RequestStatus.CLOSED)


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
    request = _locked(request_id)
    if request.status == RequestStatus.PUBLISHED:
        return request
    if request.status == RequestStatus.DRAFT:
        raise IllegalTransitionError(_("This request was never published. Publish it first."))
    if request.needed_to < clock.today():
        raise IllegalTransitionError(_("Its days are over. Repeat it for the next period instead."))
    return _open(request)


@transaction.atomic
def discard_request_draft(*, request_id: int) -> None:
    """Delete a draft for good.

    Raises:
        DemandRequest.DoesNotExist: No such request.
        IllegalTransitionError: It has been published; it can only be closed.
    """
    request = _locked(request_id)
    if request.status != RequestStatus.DRAFT:
        raise IllegalTransitionError(_("Only drafts are discarded. Close this request instead."))
    request.delete()


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
    expired = [_leave(request, status=RequestStatus.EXPIRED) for request in past]
    return len(expired)


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
    requests = (
        DemandRequest.objects.select_for_update(no_key=True)
        .filter(pk__in=request_ids, status=RequestStatus.PUBLISHED)
        .order_by("pk")
    )
    for request in requests:
        _save_revised(request, is_seen_by_matching=True)


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
        outlet_ids=tuple(request.outlets.order_by("pk").values_list("pk", flat=True)),
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


def _locked(request_id: int) -> DemandRequest:
    return DemandRequest.objects.select_for_update(no_key=True).get(pk=request_id)


def _checked(
    terms: RequestTerms, *, group_id: int, known_first: dt.date | None = None
) -> dict[str, Any]:
    """Return the columns of a request, or refuse all wrong fields at once."""
    errors = check_choices(terms, group_id=group_id)
    errors |= check_days(
        terms.needed_from, last=terms.needed_to, today=clock.today(), known_first=known_first
    )
    raise_if_any(errors)
    reckoning = reckon(terms)
    required = sorted(set(terms.required_papers))
    return {
        "words": text.clean(terms.words),
        "words_folded": text.fold(terms.words),
        "category_id": terms.category_id,
        "quantity": terms.quantity,
        "unit_id": terms.unit_id,
        "pack_size": terms.pack_size,
        "pack_unit_id": None if terms.pack_size is None else terms.pack_unit_id,
        "period": terms.period,
        "dimension": reckoning.dimension.value,
        "quantity_base": reckoning.quantity_base,
        "price_ceiling_vnd": terms.price_ceiling_vnd,
        "price_ceiling_vnd_per_base": reckoning.price_ceiling_vnd_per_base,
        "needed_from": terms.needed_from,
        "needed_to": terms.needed_to,
        "delivery_province_id": terms.delivery_province_id,
        "banner_id": terms.banner_id,
        "minimum_stars": terms.minimum_stars,
        "required_papers": required,
        "preferred_papers": sorted(set(terms.preferred_papers) - set(required)),
        "market": terms.market,
        "storage": terms.storage,
        "needs_invoice": terms.needs_invoice,
        "needs_barcode": terms.needs_barcode,
        "note": text.clean_lines(terms.note),
    }


def _save_revised(request: DemandRequest, *, is_seen_by_matching: bool) -> None:
    announces = is_seen_by_matching and request.status == RequestStatus.PUBLISHED
    if announces:
        request.version += 1
    request.save()
    if announces:
        outbox.append(
            DemandRequestChanged(
                request_id=request.pk, version=request.version, organisation_id=request.group_id
            )
        )


def _open(request: DemandRequest) -> DemandRequest:
    if request.group.organisation.status != OrganisationStatus.APPROVED:
        sentence = _(
            "Your organisation is not approved yet. The draft is kept; publish it once an "
            "officer of your province has approved you."
        )
        raise NotAllowedError(sentence)
    request.status, request.version = RequestStatus.PUBLISHED, request.version + 1
    request.published_at, request.closed_at = clock.now(), None
    request.save(update_fields=["status", "version", "published_at", "closed_at"])
    outbox.append(
        DemandRequestPublished(
            request_id=request.pk, version=request.version, organisation_id=request.group_id
        )
    )
    return request


def _leave(request: DemandRequest, *, status: RequestStatus) -> DemandRequest:
    request.status, request.version = status, request.version + 1
    request.closed_at = clock.now()
    request.save(update_fields=["status", "version", "closed_at"])
    outbox.append(
        DemandRequestClosed(
            request_id=request.pk,
            version=request.version,
            organisation_id=request.group_id,
            expired=status == RequestStatus.EXPIRED,
        )
    )
    return request
