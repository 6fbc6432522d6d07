"""Words about organisations and their members; other apps bring their own notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from core.accounts.enums import OrganisationStatus
from core.accounts.models import Organisation
from core.accounts.selectors import invitation_token, officers_of
from core.notifications.enums import AccountKind, Topic
from core.notifications.models import Notification
from core.notifications.registry import AddressKind, NotificationKind
from core.notifications.selectors import open_invitation


def _submitted(notification: Notification) -> dict[str, Any] | None:
    """Only for an officer who still serves the province, while the decision is open."""
    organisation = _organisation(notification, status=OrganisationStatus.SUBMITTED)
    if organisation is None:
        return None
    if not officers_of(organisation.province_id).filter(pk=notification.user_id).exists():
        return None
    url = reverse("accounts:officer_organisation", args=[organisation.pk])
    return {**_names(organisation), "url": url}


def _approved(notification: Notification) -> dict[str, Any] | None:
    organisation = _organisation(notification, status=OrganisationStatus.APPROVED)
    return {**_names(organisation), "url": reverse("web:dashboard")} if organisation else None


def _returned(notification: Notification) -> dict[str, Any] | None:
    organisation = _organisation(notification, status=OrganisationStatus.RETURNED)
    if organisation is None:
        return None
    reason = organisation.status_reason
    return {**_names(organisation), "reason": reason, "url": reverse("accounts:organisation")}


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
    NotificationKind(
        AccountKind.ORGANISATION_SUBMITTED, Topic.ACCOUNT, "organisation_submitted", _submitted
    ),
    NotificationKind(
        AccountKind.ORGANISATION_APPROVED, Topic.ACCOUNT, "organisation_approved", _approved
    ),
    NotificationKind(
        AccountKind.ORGANISATION_RETURNED, Topic.ACCOUNT, "organisation_returned", _returned
    ),
    AddressKind(AccountKind.MEMBER_INVITED, Topic.ACCOUNT, "member_invited", _invited),
)
