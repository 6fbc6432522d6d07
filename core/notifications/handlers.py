"""Reactions: facts of accounts and of the calendar become messages."""

from __future__ import annotations

import datetime as dt

from core.accounts import selectors as accounts
from core.accounts.events import (
    MemberInvited,
    OrganisationApproved,
    OrganisationReturned,
    OrganisationSubmitted,
)
from core.kernel.calendar import DayBegan, HourBegan
from core.notifications import digests, selectors, services
from core.notifications.enums import AccountKind, Topic
from core.notifications.events import DigestDue
from core.outbox.registry import Consumer

_EVIDENCE_DAYS = 90


def announce_digests(event: HourBegan) -> None:
    digests.announce_digests(hour=event.hour)


def build_digests(event: DigestDue) -> None:
    digests.build_digests(day=event.day, user_ids=event.user_ids)


def drop_old_evidence(_event: DayBegan) -> None:
    services.drop_delivery_attempts(older_than=dt.timedelta(days=_EVIDENCE_DAYS))


def mail_invitation(event: MemberInvited) -> None:
    invitation = selectors.open_invitation(event.invitation_id)
    if invitation is None:
        return
    services.mail_address(
        services.AccountMail(
            kind=AccountKind.MEMBER_INVITED,
            topic=Topic.ACCOUNT,
            address=invitation.email,
            values={"invitation_id": invitation.pk},
            language=invitation.invited_by.language,
            dedupe_key=f"invitation:{invitation.pk}",
        )
    )


def tell_officers(event: OrganisationSubmitted) -> None:
    for officer in selectors.officers_to_tell(event.organisation_id):
        services.notify(
            kind=AccountKind.ORGANISATION_SUBMITTED,
            user_id=officer.pk,
            dedupe_key=f"organisation_submitted:{event.organisation_id}:{event.version}:{officer.pk}",
            ref={"organisation_id": event.organisation_id},
        )


def tell_members(event: OrganisationApproved | OrganisationReturned) -> None:
    is_approved = isinstance(event, OrganisationApproved)
    kind = AccountKind.ORGANISATION_APPROVED if is_approved else AccountKind.ORGANISATION_RETURNED
    for member in accounts.members_to_tell(event.organisation_id):
        services.notify(
            kind=kind,
            user_id=member.pk,
            dedupe_key=f"{kind}:{event.organisation_id}:{event.version}:{member.pk}",
            ref={"organisation_id": event.organisation_id},
            organisation_id=event.organisation_id,
        )


CONSUMERS = (
    Consumer("notifications.announce_digests", (HourBegan,), announce_digests),
    Consumer("notifications.build_digests", (DigestDue,), build_digests),
    Consumer("notifications.drop_old_evidence", (DayBegan,), drop_old_evidence),
    Consumer("notifications.mail_invitation", (MemberInvited,), mail_invitation),
    Consumer("notifications.tell_officers", (OrganisationSubmitted,), tell_officers),
    Consumer(
        "notifications.tell_members", (OrganisationApproved, OrganisationReturned), tell_members
    ),
)
