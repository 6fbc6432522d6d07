"""Telling matching that published offers changed under it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from core.outbox import outbox
from producers.enums import OfferStatus
from producers.events import SupplyOfferChanged
from producers.models import SupplyOffer


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
    offers = (
        SupplyOffer.objects.select_for_update(no_key=True)
        .filter(concerned, status=OfferStatus.PUBLISHED)
        .order_by("pk")
    )
    for offer in offers:
        announce_change(offer, columns=[])


def announce_change(offer: SupplyOffer, *, columns: list[str] | None = None) -> None:
    """Store a locked, published offer under its next version and announce it.

    Args:
        offer: The offer with its new values.
        columns: What to store beside the version; None for everything.
    """
    offer.version += 1
    offer.save(update_fields=None if columns is None else ["version", *columns])
    outbox.append(
        SupplyOfferChanged(
            offer_id=offer.pk, version=offer.version, organisation_id=offer.producer_id
        )
    )
