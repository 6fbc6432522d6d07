"""Requests as people see them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q, QuerySet

from buyers.enums import RequestStatus
from buyers.models import DemandRequest
from core.accounts.actors import Actor
from core.accounts.enums import OrganisationStatus
from core.kernel import clock


def _is_open() -> Q:
    return Q(
        status=RequestStatus.PUBLISHED,
        group__organisation__status=OrganisationStatus.APPROVED,
        needed_to__gte=clock.today(),
    )


def open_requests() -> QuerySet[DemandRequest]:
    """Return what buyers look for now: published, not over, of approved organisations."""
    return DemandRequest.objects.filter(_is_open())


def visible_to(actor: Actor) -> QuerySet[DemandRequest]:
    """Return the requests an actor may read.

    Its own organisation's in every state; those of others while they are open, for approved
    producers, and with a second factor for officers and administrators.
    """
    organisation = actor.organisation
    own = Q(group=actor.organisation_id) if organisation and organisation.is_buyer else Q(pk=None)
    serves = actor.is_administrator or actor.is_officer
    reads_all = serves and actor.has_second_factor
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
