"""Words about organisations and their members; other apps bring their own notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse

from core.accounts.enums import OrganisationStatus
from core.accounts.models import Invitation, Organisation, User
from core.accounts.selectors import invitation_token, officers_of
from core.notifications.enums import Topic
from core.notifications.models import Notification
from core.notifications.registry import AddressKind, NotificationKind

OFFICER_DESK = "organisation_submitted"
INVITATION = "member_invited"
_DESK_PATH = "/officer/organisations/"
_HOME_PATH = "/home/"
_ORGANISATION_PATH = "/organisation/"


def open_invitation(invitation_id: int) -> Invitation | None:
    """Return the invitation unless it was accepted, revoked or ran out."""
    return (
        Invitation.objects.filter(
            Q(expires_at__gt=Now()), pk=invitation_id, accepted_at=None, revoked_at=None
        )
        .select_related("organisation", "invited_by")
        .first()
    )


def officers_to_tell(organisation_id: int) -> QuerySet[User]:
    """Return the officers of the province in which the organisation asks for approval."""
    province_id = Organisation.objects.values_list("province_id", flat=True).get(pk=organisation_id)
    return officers_of(province_id)


def _submitted(notification: Notification) -> dict[str, Any] | None:
    """Only for an officer who still serves the province, while the decision is open."""
    organisation = _organisation(notification, status=OrganisationStatus.SUBMITTED)
    if organisation is None:
        return None
    if not officers_of(organisation.province_id).filter(pk=notification.user_id).exists():
        return None
    return {**_names(organisation), "url": f"{_DESK_PATH}{organisation.pk}/"}


def _approved(notification: Notification) -> dict[str, Any] | None:
    organisation = _organisation(notification, status=OrganisationStatus.APPROVED)
    return {**_names(organisation), "url": _HOME_PATH} if organisation else None


def _returned(notification: Notification) -> dict[str, Any] | None:
    organisation = _organisation(notification, status=OrganisationStatus.RETURNED)
    if organisation is None:
        return None
    reason = organisation.status_reason
    return {**_names(organisation), "reason": reason, "url": _ORGANISATION_PATH}


def _invited(values: Mapping[str, Any]) -> dict[str, Any] | None:
    invitation = open_invitation(int(values["invitation_id"]))
    if invitation is None:
        return None
    return {
        "organisation_name": invitation.organisation.name,
        "inviter_name": str(invitation.invited_by),
        "role_name": invitation.get_role_display(),
        "expires_at": invitation.expires_at,
        "url": reverse("accounts:invitation", args=[invitation_token(invitation)]),
    }


def _organisation(notification: Notification, *, status: OrganisationStatus) -> Organisation | None:
    return (
        Organisation.objects.filter(pk=notification.ref.get("organisation_id"), status=status)
        .select_related("province")
        .first()
    )


def _names(organisation: Organisation) -> dict[str, str]:
    return {
        "organisation_name": organisation.name,
        "province_name": str(organisation.province),
    }


KINDS = (
    NotificationKind(OFFICER_DESK, Topic.ACCOUNT, "organisation_submitted", _submitted),
    NotificationKind("organisation_approved", Topic.ACCOUNT, "organisation_approved", _approved),
    NotificationKind("organisation_returned", Topic.ACCOUNT, "organisation_returned", _returned),
    AddressKind(INVITATION, Topic.ACCOUNT, "member_invited", _invited),
)
