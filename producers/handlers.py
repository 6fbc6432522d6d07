"""What producers do when something happened elsewhere."""

from __future__ import annotations

from core.accounts import selectors as accounts
from core.accounts.events import OrganisationApproved, OrganisationReturned, OrganisationSubmitted
from core.accounts.models import Organisation
from core.kernel.calendar import DayBegan
from core.notifications import services as notifications
from core.outbox.registry import Consumer
from producers import services
from producers.events import PaperReturned, PaperRevoked, PaperSuspended, PaperVerified

Standing = OrganisationSubmitted | OrganisationApproved | OrganisationReturned
PaperDecision = PaperVerified | PaperReturned | PaperSuspended | PaperRevoked


def register_approved(event: OrganisationApproved) -> None:
    if Organisation.objects.filter(pk=event.organisation_id, is_producer=True).exists():
        services.register_producer(organisation_id=event.organisation_id)


def reconsider_offers(event: Standing) -> None:
    services.reconsider_offers(producer_id=event.organisation_id)


def expire_offers(event: DayBegan) -> None:
    services.expire_offers(day=event.day)


def tell_paper_decided(event: PaperDecision) -> None:
    for user in accounts.members_to_tell(event.organisation_id):
        notifications.notify(
            kind="paper_decided",
            user_id=user.pk,
            dedupe_key=f"paper_decided:{event.paper_id}:{event.version}:{user.pk}",
            ref={"paper_id": event.paper_id, "version": event.version},
            organisation_id=event.organisation_id,
        )


CONSUMERS = (
    Consumer("producers.register_approved", (OrganisationApproved,), register_approved),
    Consumer(
        "producers.reconsider_offers",
        (OrganisationSubmitted, OrganisationApproved, OrganisationReturned),
        reconsider_offers,
    ),
    Consumer("producers.expire_offers", (DayBegan,), expire_offers),
    Consumer(
        "producers.tell_paper_decided",
        (PaperVerified, PaperReturned, PaperSuspended, PaperRevoked),
        tell_paper_decided,
    ),
)
