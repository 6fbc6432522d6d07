"""Fairs as people see them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from core.accounts.actors import Actor
from core.accounts.enums import OrganisationStatus
from core.kernel import clock
from fairs.enums import FairPhase, ParticipationStatus
from fairs.models import Fair

_PUBLIC = Q(announced_at__isnull=False, organiser__status=OrganisationStatus.APPROVED)


def announced_fairs() -> QuerySet[Fair]:
    """Return the fairs anybody may read of: announced once, by an approved organiser."""
    return Fair.objects.filter(_PUBLIC)


def visible_to(actor: Actor) -> QuerySet[Fair]:
    """Return the fairs an actor may read.

    Public ones; those of the organisation acted for in every phase; for officers with a second
    factor those their provinces host or co-host; for administrators all.
    """
    visible = _PUBLIC
    if actor.organisation_id is not None:
        visible |= Q(organiser_id=actor.organisation_id)
    if actor.has_second_factor and actor.is_officer:
        visible |= _in_provinces(actor.province_ids)
    if actor.has_second_factor and actor.is_administrator:
        visible = Q()
    return Fair.objects.filter(visible)


def own_fairs(actor: Actor) -> QuerySet[Fair]:
    """Return the fairs of the organisation acted for, in every phase, latest opening first."""
    fairs = Fair.objects.filter(organiser=actor.organisation_id)
    return _with_counts(fairs).select_related("province").order_by("-opens_on", "-pk")


def fairs_of(organiser_id: int | None) -> QuerySet[Fair]:
    """Return the fairs of one organiser, with their places."""
    return Fair.objects.filter(organiser=organiser_id).select_related(
        "organiser", "province", "commune"
    )


def fairs_of_provinces(actor: Actor) -> QuerySet[Fair]:
    """Return the fairs an officer's provinces host or co-host; an administrator sees all."""
    fairs = Fair.objects.all()
    if not actor.is_administrator:
        fairs = fairs.filter(_in_provinces(actor.province_ids))
    return _with_counts(with_places(fairs)).order_by("-opens_on", "-pk")


def calendar_of(fairs: QuerySet[Fair], *, is_past: bool = False) -> QuerySet[Fair]:
    """Return the fairs still to come or running, soonest first; or those over, latest first."""
    today = clock.today()
    if is_past:
        return fairs.filter(closes_on__lt=today).order_by("-opens_on", "-pk")
    return fairs.filter(closes_on__gte=today).order_by("opens_on", "pk")


def calls_for(actor: Actor) -> QuerySet[Fair]:
    """Return the public fairs that take applications today and that the actor has not met yet."""
    today = clock.today()
    return (
        announced_fairs()
        .filter(phase=FairPhase.CALLING, applications_from__lte=today, applications_to__gte=today)
        .exclude(organiser=actor.organisation_id)
        .exclude(participations__organisation=actor.organisation_id)
        .select_related("organiser", "province")
        .order_by("applications_to", "pk")
    )


def with_places(fairs: QuerySet[Fair]) -> QuerySet[Fair]:
    """Load what a list shows of each fair along with it."""
    return fairs.select_related("organiser", "province")


def _in_provinces(province_ids: Iterable[int]) -> Q:
    ids = list(province_ids)
    co_hosted = Fair.co_provinces.through.objects.filter(adminunit_id__in=ids).values("fair_id")
    return Q(province_id__in=ids) | Q(pk__in=co_hosted)


def _with_counts(fairs: QuerySet[Fair]) -> QuerySet[Fair]:
    """Add `waiting` and `approved`: how many applications stand there."""
    return fairs.annotate(
        waiting=Count(
            "participations", filter=Q(participations__status=ParticipationStatus.SUBMITTED)
        ),
        approved=Count(
            "participations", filter=Q(participations__status=ParticipationStatus.APPROVED)
        ),
    )
