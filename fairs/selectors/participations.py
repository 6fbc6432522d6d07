"""Who takes part in a fair, and how many booths are left."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum

from core.accounts.actors import Actor
from core.accounts.enums import OrganisationStatus
from fairs.enums import STILL_CONCERNED, ParticipationStatus
from fairs.models import Participation


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Booths of a fair: how many there are (None: not decided), given, and asked for."""

    quota: int | None
    granted: int
    waiting: int

    @property
    def left(self) -> int | None:
        """How many can still be given; None while their number is not decided."""
        return None if self.quota is None else max(self.quota - self.granted, 0)

    @property
    def share(self) -> float | None:
        """Given booths as a share of all, in [0, 1]."""
        return None if not self.quota else min(self.granted / self.quota, 1.0)


def places_of(fair_id: int, *, quota: int | None) -> Places:
    """Return how the booths of a fair stand."""
    sums = Participation.objects.filter(fair=fair_id).aggregate(
        granted=Sum("booths_granted", filter=Q(status=ParticipationStatus.APPROVED)),
        waiting=Sum("booths_wanted", filter=Q(status=ParticipationStatus.SUBMITTED)),
    )
    return Places(quota=quota, granted=sums["granted"] or 0, waiting=sums["waiting"] or 0)


def applications_to_fair(fair_id: int) -> QuerySet[Participation]:
    """Return everything a fair's organiser has to look at, waiting ones first, oldest first."""
    return (
        Participation.objects.filter(fair=fair_id)
        .select_related("organisation__province")
        .annotate(product_count=Count("products"))
        .annotate(is_decided=~Q(status=ParticipationStatus.SUBMITTED))
        .order_by("is_decided", "submitted_at", "pk")
    )


def own_participations(actor: Actor) -> QuerySet[Participation]:
    """Return the applications of the organisation acted for, latest fair first."""
    return (
        Participation.objects.filter(organisation=actor.organisation_id)
        .select_related("fair__organiser", "fair__province")
        .order_by("-fair__opens_on", "-pk")
    )


def exhibitors_of(fair_id: int) -> QuerySet[Participation]:
    """Return who has been approved, by name; the only applications that are public."""
    return (
        Participation.objects.filter(
            fair=fair_id,
            status=ParticipationStatus.APPROVED,
            organisation__status=OrganisationStatus.APPROVED,
        )
        .select_related("organisation__province")
        .order_by("organisation__name_folded", "pk")
    )


def participations_concerned(fair_id: int) -> QuerySet[Participation]:
    """Return the participations whose organisations a change of the fair still concerns."""
    return Participation.objects.filter(fair=fair_id, status__in=STILL_CONCERNED).order_by("pk")


def counts_by_status(fair_id: int) -> dict[str, int]:
    """Return how many applications stand in each state."""
    counts = dict.fromkeys(ParticipationStatus.values, 0)
    rows = Participation.objects.filter(fair=fair_id).order_by()
    counts.update(rows.values_list("status").annotate(n=Count(F("pk"))))
    return counts


def with_details(participations: QuerySet[Participation]) -> QuerySet[Participation]:
    """Load one application's page along with it."""
    return participations.select_related(
        "organisation__province", "organisation__commune", "fair__organiser", "decided_by"
    )
