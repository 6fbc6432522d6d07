"""What every change of requests shares: the lock, the check, storing and announcing many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from django.db.models import F
from django.utils.translation import gettext as _

from buyers.enums import RequestStatus
from buyers.events import DemandRequestChanged, DemandRequestClosed, DemandRequestPublished
from buyers.models import DemandRequest
from buyers.services.request_lookups import RequestLookups
from buyers.services.terms import RequestTerms, check_choices, check_days, raise_if_any, reckon
from core.accounts.enums import OrganisationStatus
from core.kernel import clock, text
from core.kernel.errors import NotAllowedError
from core.outbox import outbox

SEEN_BY_PEOPLE_ONLY: Final = {"note", "quantity", "unit_id", "pack_size", "pack_unit_id", "period"}


def locked(request_ids: Collection[int]) -> list[DemandRequest]:
    """Lock requests; return them in the order of their ids.

    Raises:
        DemandRequest.DoesNotExist: One is missing.
    """
    held = DemandRequest.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=request_ids
    )
    with_owner = held.select_related("group__organisation").prefetch_related("outlets")
    found = list(with_owner.order_by("pk"))
    if len(found) != len(request_ids):
        raise DemandRequest.DoesNotExist
    return found


def checked_values(
    terms: RequestTerms,
    *,
    group_id: int,
    lookups: RequestLookups,
    known_first: dt.date | None = None,
) -> dict[str, Any]:
    """Return the columns of a request, or refuse all wrong fields at once.

    Raises:
        InvalidInputError: With the fields at fault.
    """
    errors = check_choices(terms, group_id=group_id, lookups=lookups)
    errors |= check_days(
        terms.needed_from, last=terms.needed_to, today=clock.today(), known_first=known_first
    )
    raise_if_any(errors)
    reckoning = reckon(terms, lookups=lookups)
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


def set_terms(request: DemandRequest, terms: RequestTerms, *, lookups: RequestLookups) -> set[str]:
    """Put new terms on a locked request; return the names of what differs."""
    values = checked_values(
        terms, group_id=request.group_id, known_first=request.needed_from, lookups=lookups
    )
    changed = {name for name, value in values.items() if getattr(request, name) != value}
    for name in changed:
        setattr(request, name, values[name])
    if {outlet.pk for outlet in request.outlets.all()} != set(terms.outlet_ids):
        request.outlets.set(terms.outlet_ids)
        changed.add("outlets")
    return changed


def save_revised(
    requests: Sequence[DemandRequest], *, seen_by_matching: Iterable[DemandRequest]
) -> None:
    """Store locked requests with new terms.

    Emits:
        DemandRequestChanged for each published one that matching sees otherwise.
    """
    announced = [one for one in seen_by_matching if one.status == RequestStatus.PUBLISHED]
    for request in announced:
        request.version += 1
    fields = DemandRequest._meta.concrete_fields  # Django's public model API
    # Every locked row is there: each is updated, none is inserted, all in one statement.
    DemandRequest.objects.bulk_create(
        requests,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[field.name for field in fields if not field.primary_key],
    )
    announce(DemandRequestChanged, announced)


def put_on_market(requests: list[DemandRequest]) -> list[DemandRequest]:
    """Open locked requests to matching.

    Raises:
        NotAllowedError: The organisation of one is not approved.

    Emits:
        DemandRequestPublished for each.
    """
    approved = OrganisationStatus.APPROVED
    if any(request.group.organisation.status != approved for request in requests):
        sentence = _(
            "Your organisation is not approved yet. The draft is kept; publish it once an "
            "officer of your province has approved you."
        )
        raise NotAllowedError(sentence)
    move(requests, status=RequestStatus.PUBLISHED, published_at=clock.now(), closed_at=None)
    announce(DemandRequestPublished, requests)
    return requests


def leave_market(requests: list[DemandRequest], *, status: RequestStatus) -> list[DemandRequest]:
    """Take locked requests off the market.

    Emits:
        DemandRequestClosed for each.
    """
    move(requests, status=status, closed_at=clock.now())
    outbox.append_all(
        DemandRequestClosed(
            request_id=request.pk,
            version=request.version,
            organisation_id=request.group_id,
            expired=status == RequestStatus.EXPIRED,
        )
        for request in requests
    )
    return requests


def move(requests: Sequence[DemandRequest], **said: RequestStatus | dt.datetime | None) -> None:
    """Store the same values on locked requests, each under its next version."""
    held = DemandRequest.objects.filter(pk__in=[request.pk for request in requests])
    held.update(version=F("version") + 1, **said)
    for request in requests:
        request.version += 1
        for name, value in said.items():
            setattr(request, name, value)


def announce(
    fact: type[DemandRequestPublished | DemandRequestChanged], requests: Iterable[DemandRequest]
) -> None:
    """Append what happened to each of many stored requests."""
    outbox.append_all(
        fact(request_id=request.pk, version=request.version, organisation_id=request.group_id)
        for request in requests
    )
