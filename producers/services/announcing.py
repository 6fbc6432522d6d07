"""Telling matching that published offers changed under it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Q

from core.outbox import outbox
from producers.enums import OfferStatus
from producers.events import SupplyOfferChanged, SupplyOfferPublished
from producers.models import SupplyOffer

OfferFact = type[SupplyOfferPublished | SupplyOfferChanged]


@transaction.atomic
def reconsider_offers(*, producer_id: int) -> None:
    """Have a producer's published offers matched anew: its approval came, changed or went.

    Emits:
        SupplyOfferChanged for each.
    """
    announce_changed_offers(Q(producer=producer_id))


def announce_changed_offers(concerned: Q) -> None:
    """Raise the version of the published offers under `concerned` and announce each.

    Emits:
        SupplyOfferChanged for each.
    """
    offers = list(
        SupplyOffer.objects.select_for_update(no_key=True)
        .filter(concerned, status=OfferStatus.PUBLISHED)
        .order_by("pk")
    )
    for offer in offers:
        offer.version += 1
    held = SupplyOffer.objects.filter(pk__in=[offer.pk for offer in offers])
    held.update(version=F("version") + 1)
    announce(SupplyOfferChanged, offers)


def announce(fact: OfferFact, offers: Iterable[SupplyOffer]) -> None:
    """Append what happened to each of many stored offers."""
    outbox.append_all(
        fact(offer_id=offer.pk, version=offer.version, organisation_id=offer.producer_id)
        for offer in offers
    )
