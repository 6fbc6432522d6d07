"""What producers do when something happened elsewhere."""

from __future__ import annotations

from core.accounts.events import OrganisationApproved
from core.accounts.models import Organisation
from core.kernel.calendar import DayBegan
from core.outbox.registry import Consumer
from producers import services


def register_approved(event: OrganisationApproved) -> None:
    if Organisation.objects.filter(pk=event.organisation_id, is_producer=True).exists():
        services.register_producer(organisation_id=event.organisation_id)


def expire_offers(event: DayBegan) -> None:
    services.expire_offers(day=event.day)


CONSUMERS = (
    Consumer("producers.register_approved", (OrganisationApproved,), register_approved),
    Consumer("producers.expire_offers", (DayBegan,), expire_offers),
)
