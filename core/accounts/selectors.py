"""Reading people and organisations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from allauth.account.models import EmailAddress
from django.core import signing
from django.db.models import Q, QuerySet

from core.accounts import taxcode
from core.accounts.enums import ClaimStatus, ConsentPurpose, OrganisationStatus, Role
from core.accounts.models import (
    ApiKey,
    Consent,
    Invitation,
    Membership,
    OfficerPost,
    Organisation,
    TaxCodeClaim,
    User,
)
from core.kernel import clock
from core.search import Folded, Hits, find, matching

REGISTERING: Final = frozenset({OrganisationStatus.DRAFT, OrganisationStatus.RETURNED})
_REQUIRED: Final = (
    "name",
    "tax_code",
    "province_id",
    "commune_id",
    "contact_name",
    "contact_phone",
    "contact_email",
)
_SHOWN_RELATIVES: Final = 5
_INVITATION_SALT: Final = "core.accounts.invitation"


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


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """Return what people are called, by id; unknown ids are left out."""
    return {pk: str(user) for pk, user in User.objects.in_bulk(user_ids).items()}


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


def open_registrations(*, user_id: int) -> QuerySet[Organisation]:
    """Return the organisations a person may go on registering, latest first."""
    return (
        Organisation.objects.filter(
            status__in=REGISTERING,
            memberships__user_id=user_id,
            memberships__role__in=[Role.OWNER, Role.EDITOR],
        )
        .select_related("province", "commune")
        .order_by("-created_at", "-pk")
    )


def registered_organisations(*, user_id: int) -> QuerySet[Organisation]:
    """Return the organisations of a person that need no more registering, oldest first."""
    return (
        Organisation.objects.filter(memberships__user_id=user_id)
        .exclude(status__in=REGISTERING)
        .select_related("province")
        .order_by("created_at", "pk")
    )


def missing_for_submission(organisation: Organisation) -> list[str]:
    """Return the names of the required fields that are still empty."""
    return [name.removesuffix("_id") for name in _REQUIRED if not getattr(organisation, name, None)]


def consents_in_force(*, user_id: int) -> QuerySet[Consent]:
    """Return what a person agrees to today."""
    return Consent.objects.filter(user_id=user_id, withdrawn_at=None).order_by("purpose")


def has_consents(*, user_id: int, purposes: Iterable[ConsentPurpose]) -> bool:
    """Tell whether a person agrees to all of these purposes today."""
    wanted = set(purposes)
    given = consents_in_force(user_id=user_id).filter(purpose__in=wanted)
    return given.values("purpose").distinct().count() == len(wanted)


def members_of(organisation_id: int) -> QuerySet[Membership]:
    """Return the memberships of an organisation, oldest first."""
    return (
        Membership.objects.filter(organisation_id=organisation_id)
        .select_related("user")
        .order_by("created_at", "pk")
    )


def search_members(members: QuerySet[Membership], *, text: str) -> QuerySet[Membership]:
    """Return the memberships whose person's name or address has the words, best first."""
    columns = ("user__full_name", "user__email")
    return matching(members, text=text, folded=[*map(Folded, columns)], exact=columns)


def active_owners(organisation_id: int) -> QuerySet[User]:
    """Return the people who own an organisation and can sign in."""
    return User.objects.filter(
        is_active=True,
        memberships__organisation_id=organisation_id,
        memberships__role=Role.OWNER,
    )


def unanswered_invitations(*, organisation_id: int) -> QuerySet[Invitation]:
    """Return invitations neither accepted nor taken back, expired ones included, latest first."""
    return Invitation.objects.filter(
        organisation_id=organisation_id, accepted_at=None, revoked_at=None
    ).order_by("-created_at", "-pk")


def is_open(invitation: Invitation) -> bool:
    """Tell whether an invitation can still be accepted."""
    unanswered = invitation.accepted_at is None and invitation.revoked_at is None
    return bool(unanswered and invitation.expires_at > clock.now())


def invitation_token(invitation: Invitation) -> str:
    """Return the signed token of the invitation's link, `accounts:invitation`."""
    return signing.Signer(salt=_INVITATION_SALT).sign(str(invitation.pk))


def invitation_of_token(token: str) -> Invitation | None:
    """Return the invitation a link names; None where the signature does not fit."""
    try:
        number = signing.Signer(salt=_INVITATION_SALT).unsign(token)
    except signing.BadSignature:
        return None
    found = Invitation.objects.select_related("organisation", "invited_by")
    return found.filter(pk=int(number)).first()


def is_invited(*, user_id: int, invitation: Invitation) -> bool:
    """Tell whether the invitation went to a verified address of this person."""
    addresses = EmailAddress.objects.filter(user_id=user_id, verified=True)
    return bool(addresses.filter(email__iexact=invitation.email).exists())


def api_keys_of(organisation_id: int) -> QuerySet[ApiKey]:
    """Return the keys of an organisation, those in use first, then latest first."""
    return (
        ApiKey.objects.filter(organisation_id=organisation_id)
        .select_related("created_by")
        .order_by("revoked_at", "-created_at", "-pk")
    )


def desk_organisations(
    *, province_ids: frozenset[int] | None, status: str = ""
) -> QuerySet[Organisation]:
    """Return what an officer's desk shows: waiting ones oldest first, decided ones latest first.

    Args:
        province_ids: Provinces of the officer; None for an administrator, who sees all.
        status: One status; "" for everything ever submitted. Drafts are nobody's business.
    """
    shown = Organisation.objects.exclude(status=OrganisationStatus.DRAFT)
    if province_ids is not None:
        shown = shown.filter(province_id__in=province_ids)
    if status:
        shown = shown.filter(status=status)
    order = "submitted_at" if status == OrganisationStatus.SUBMITTED else "-submitted_at"
    return shown.select_related("province", "commune").order_by(order, "pk")


def search_desk(shown: QuerySet[Organisation], *, text: str) -> Hits[Organisation]:
    """Return what a desk shows by words of the name, or by the tax code, best first."""
    return find(shown, text=text, folded="name_folded", exact="name", codes=["tax_code"])


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxCodeStanding:
    """What an officer has to know about the tax code of an organisation.

    `own` is its own claim; `holder` the organisation that holds the code instead of it;
    `family` are other organisations under the same ten-digit parent.
    """

    own: TaxCodeClaim | None
    holder: Organisation | None
    family: list[Organisation]

    @property
    def is_disputed(self) -> bool:
        """Whether the officer has to say who holds the code."""
        return (
            self.holder is not None
            and self.own is not None
            and self.own.status == ClaimStatus.QUEUED
        )


def tax_code_standing(organisation: Organisation) -> TaxCodeStanding:
    """Return how an organisation's claim to its tax code stands."""
    own = organisation.tax_code_claims.filter(tax_code=organisation.tax_code).first()
    held = (
        TaxCodeClaim.objects.filter(status=ClaimStatus.HELD)
        .exclude(organisation=organisation)
        .select_related("organisation__province")
        .order_by("pk")
    )
    holding = held.filter(tax_code=organisation.tax_code).first()
    holder = holding.organisation if holding else None
    parent = taxcode.parent_of(organisation.tax_code)
    is_company = len(parent) == taxcode.COMPANY_LENGTH
    relatives = held.filter(tax_code__startswith=parent).exclude(tax_code=organisation.tax_code)
    family = [claim.organisation for claim in relatives[:_SHOWN_RELATIVES]] if is_company else []
    return TaxCodeStanding(own=own, holder=holder, family=family)


def namesakes(organisation: Organisation) -> QuerySet[Organisation]:
    """Return approved organisations of the same name, accents and capitals aside."""
    return (
        approved_organisations()
        .filter(name_folded=organisation.name_folded)
        .exclude(pk=organisation.pk)
        .select_related("province")
        .order_by("pk")
    )
