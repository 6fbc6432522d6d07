"""What buyers do when something happens elsewhere."""

from __future__ import annotations

from buyers import services
from core.accounts import selectors as accounts
from core.accounts.events import OrganisationApproved, OrganisationReturned, OrganisationSubmitted
from core.kernel.calendar import DayBegan
from core.outbox.registry import Consumer

Standing = OrganisationSubmitted | OrganisationApproved | OrganisationReturned


def register_group(event: OrganisationApproved) -> None:
    approved = accounts.approved_organisations().filter(pk=event.organisation_id, is_buyer=True)
    if approved.exists():
        services.register_buyer_group(organisation_id=event.organisation_id)


def reconsider_requests(event: Standing) -> None:
    services.reconsider_requests(group_id=event.organisation_id)


def expire_requests(event: DayBegan) -> None:
    services.expire_requests(day=event.day)


CONSUMERS = (
    Consumer("buyers.register_group", (OrganisationApproved,), register_group),
    Consumer(
        "buyers.reconsider_requests",
        (OrganisationSubmitted, OrganisationApproved, OrganisationReturned),
        reconsider_requests,
    ),
    Consumer("buyers.expire_requests", (DayBegan,), expire_requests),
)
