"""Members of an organisation: invited, accepted, given other roles, removed."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts import selectors
from core.accounts.enums import OrganisationStatus, Role
from core.accounts.events import MemberInvited
from core.accounts.models import Invitation, Membership, Organisation
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from core.outbox import outbox

INVITATION_DAYS: Final = 14
MOST_INVITATIONS_A_DAY: Final = 20


@transaction.atomic
def invite_member(
    *, organisation_id: int, email: str, role: Role, invited_by_id: int
) -> Invitation:
    """Offer somebody a role by e-mail; a new invitation replaces an open one to that address.

    Whether the address has an account is never told.

    Raises:
        IllegalTransitionError: The organisation is not approved: strangers send no mail.
        InvalidInputError: The person is a member already.
        NotAllowedError: Too many invitations today.

    Emits:
        MemberInvited.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)
    if organisation.status != OrganisationStatus.APPROVED:
        raise IllegalTransitionError(
            _("You can invite colleagues as soon as the organisation is approved.")
        )
    address = email.strip().lower()
    _refuse_member(organisation, address)
    _refuse_flood(organisation)
    now = clock.now()
    selectors.unanswered_invitations(organisation_id=organisation.pk).filter(
        email__iexact=address
    ).update(revoked_at=now)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=address,
        role=role,
        invited_by_id=invited_by_id,
        expires_at=now + dt.timedelta(days=INVITATION_DAYS),
    )
    outbox.append(MemberInvited(invitation_id=invitation.pk, organisation_id=organisation.pk))
    return invitation


@transaction.atomic
def accept_invitation(*, invitation_id: int, user_id: int) -> Membership:
    """Become a member; only the person whose verified address was invited may.

    Accepting twice is accepting once. Somebody who is a member already keeps the role.

    Raises:
        NotAllowedError: The invitation went to another address.
        IllegalTransitionError: It was taken back, expired, or was accepted by somebody else.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation_id)
    if not selectors.is_invited(user_id=user_id, invitation=invitation):
        raise NotAllowedError(
            _("This invitation went to another address. Sign in with the address it was sent to.")
        )
    existing = Membership.objects.filter(
        user_id=user_id, organisation_id=invitation.organisation_id
    ).first()
    if invitation.accepted_at is not None and existing is not None:
        return existing
    if not selectors.is_open(invitation):
        raise IllegalTransitionError(_("This invitation is no longer open. Ask for a new one."))
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    return existing or Membership.objects.create(
        user_id=user_id, organisation_id=invitation.organisation_id, role=invitation.role
    )


@transaction.atomic
def revoke_invitation(*, invitation_id: int) -> Invitation:
    """Take an invitation back; its link stops working.

    Raises:
        IllegalTransitionError: It was accepted already.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation_id)
    if invitation.accepted_at is not None:
        raise IllegalTransitionError(
            _("This invitation was accepted already. Remove the member instead.")
        )
    if invitation.revoked_at is None:
        invitation.revoked_at = clock.now()
        invitation.save(update_fields=["revoked_at"])
    return invitation


@transaction.atomic
def change_member_role(*, membership_id: int, role: Role) -> Membership:
    """Give a member another role; the last owner stays one.

    Raises:
        IllegalTransitionError: It is the last owner.
    """
    membership = _locked(membership_id)
    if membership.role == Role.OWNER and role != Role.OWNER:
        _refuse_last_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def remove_member(*, membership_id: int) -> None:
    """End a membership; the last owner stays.

    Raises:
        IllegalTransitionError: It is the last owner.
    """
    membership = _locked(membership_id)
    if membership.role == Role.OWNER:
        _refuse_last_owner(membership)
    membership.delete()


def _locked(membership_id: int) -> Membership:
    """Lock the organisation first: two owners who leave at once must meet here."""
    membership = Membership.objects.get(pk=membership_id)
    Organisation.objects.select_for_update(no_key=True).get(pk=membership.organisation_id)
    return Membership.objects.select_for_update().get(pk=membership_id)


def _refuse_last_owner(membership: Membership) -> None:
    others = selectors.active_owners(membership.organisation_id).exclude(pk=membership.user_id)
    if not others.exists():
        raise IllegalTransitionError(
            _("An organisation needs an owner. Make somebody else an owner first.")
        )


def _refuse_member(organisation: Organisation, address: str) -> None:
    if organisation.memberships.filter(user__email__iexact=address).exists():
        message = _("This person is a member already.")
        raise InvalidInputError(message, {"email": [message]})


def _refuse_flood(organisation: Organisation) -> None:
    since = clock.now() - dt.timedelta(days=1)
    if organisation.invitations.filter(created_at__gte=since).count() >= MOST_INVITATIONS_A_DAY:
        raise NotAllowedError(
            _("You have sent many invitations today. Send the next ones tomorrow.")
        )
