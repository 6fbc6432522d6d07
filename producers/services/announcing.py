"""Telling matching that published offers changed under it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from core.outbox import outbox
from producers.enums import OfferStatus
from producers.events import SupplyOfferChanged
from producers.models import SupplyOffer


def announce_changed_offers(concerned: Q) -> None:
    """Raise the version of the published offers under `concerned` and announce each.

    Emits:
        SupplyOfferChanged for each.
    """
    offers = (
        SupplyOffer.objects.select_for_update(no_key=True)
        .filter(concerned, status=OfferStatus.PUBLISHED)
        .order_by("pk")
    )
    announce_each(offers)


def announce_each(offers: Iterable[SupplyOffer]) -> None:
    """Raise the version of locked offers and announce each."""
    for offer in offers:
        offer.version += 1
        offer.save(update_fields=["version"])
        outbox.append(
            SupplyOfferChanged(
                offer_id=offer.pk, version=offer.version, organisation_id=offer.producer_id
            )
        )
