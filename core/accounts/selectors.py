"""Reading people and organisations."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from core.accounts.enums import ClaimStatus, OrganisationStatus, Role
from core.accounts.models import Membership, OfficerPost, Organisation, TaxCodeClaim, User


def approved_organisations() -> QuerySet[Organisation]:
    """Return the organisations that may be shown to anybody."""
    return Organisation.objects.filter(status=OrganisationStatus.APPROVED)


def memberships_of(user: User) -> QuerySet[Membership]:
    """Return the person's memberships, oldest first."""
    return (
        Membership.objects.filter(user=user)
        .select_related("organisation__province")
        .order_by("created_at", "pk")
    )


def posts_of(user: User) -> QuerySet[OfficerPost]:
    """Return the posts the person holds today."""
    return OfficerPost.objects.filter(user=user, is_active=True).select_related("province")


def members_to_tell(organisation_id: int) -> QuerySet[User]:
    """Return the active members who decide for an organisation: owners and editors."""
    return User.objects.filter(
        is_active=True,
        memberships__organisation_id=organisation_id,
        memberships__role__in=[Role.OWNER, Role.EDITOR],
    ).order_by("pk")


def officers_of(province_id: int) -> QuerySet[User]:
    """Return the active officers of a province, each once."""
    return (
        User.objects.filter(
            is_active=True,
            officer_posts__province_id=province_id,
            officer_posts__is_active=True,
        )
        .distinct()
        .order_by("pk")
    )


def organisations_waiting(*, province_ids: frozenset[int] | None) -> QuerySet[Organisation]:
    """Return what waits on the approval desk, oldest first.

    Args:
        province_ids: Provinces of the officer; None for an administrator, who sees all.
    """
    waiting = Organisation.objects.filter(status=OrganisationStatus.SUBMITTED)
    if province_ids is not None:
        waiting = waiting.filter(province_id__in=province_ids)
    return waiting.select_related("province", "commune").order_by("submitted_at", "pk")


def has_queued_claim(organisation: Organisation) -> bool:
    """Tell whether another organisation already holds this one's tax code."""
    return TaxCodeClaim.objects.filter(
        organisation=organisation, status=ClaimStatus.QUEUED
    ).exists()


def is_member(*, user_id: int, organisation_id: int) -> bool:
    """Tell whether an active person still acts for the organisation."""
    return Membership.objects.filter(
        Q(user__is_active=True), user_id=user_id, organisation_id=organisation_id
    ).exists()


def decides_for(*, user_id: int, organisation_id: int) -> bool:
    """Tell whether a person may accept and decline for the organisation: owner or editor."""
    return members_to_tell(organisation_id).filter(pk=user_id).exists()
