"""Nothing of an organisation that lost its approval stays in a match; it comes back with it."""

from __future__ import annotations

import pytest

import buyers.handlers
import producers.handlers
from core.accounts.enums import OrganisationStatus
from core.accounts.events import OrganisationApproved, OrganisationReturned
from core.outbox.models import OutboxMessage
from matchmaking.enums import MatchStatus
from matchmaking.models import Match
from matchmaking.services import refresh

pytestmark = pytest.mark.django_db


def stand(organisation, status: OrganisationStatus) -> None:
    organisation.status = status
    organisation.save(update_fields=["status"])


@pytest.mark.parametrize("side", ["producer", "buyer"])
def test_matches_end_with_the_approval_and_come_back_with_it(world, side):
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    seller, buyer = world.offer.producer.organisation, world.request.group.organisation
    organisation = seller if side == "producer" else buyer
    handle = (
        producers.handlers.reconsider_offers
        if side == "producer"
        else buyers.handlers.reconsider_requests
    )
    stand(organisation, OrganisationStatus.RETURNED)

    handle(OrganisationReturned(organisation_id=organisation.pk, version=2))
    told = OutboxMessage.objects.order_by("id").last().type
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    ended = Match.objects.get().status
    stand(organisation, OrganisationStatus.APPROVED)
    handle(OrganisationApproved(organisation_id=organisation.pk, version=3))
    refresh.refresh_matches_of_request(request_id=world.request.pk)

    assert told in {
        "producers.supply_offer.changed.v1",
        "buyers.demand_request.changed.v1",
    }
    assert ended == MatchStatus.ENDED
    assert Match.objects.get().status == MatchStatus.PROPOSED
