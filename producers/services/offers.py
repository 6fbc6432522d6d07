"""Changing what is offered: draft, published, revised, withdrawn, restored, expired."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Organisation
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, NotAllowedError
from core.outbox import outbox
from producers.enums import OfferStatus
from producers.events import SupplyOfferPublished, SupplyOfferWithdrawn
from producers.models import Product, SupplyOffer
from producers.services.announcing import announce_change
from producers.services.checking import FieldErrors
from producers.services.inputs import OfferInput
from producers.services.offer_values import check_window, set_values
from producers.services.profiles import register_producer


@transaction.atomic
def save_offer_draft(
    *, producer_id: int, values: OfferInput, offer_id: int | None = None
) -> SupplyOffer:
    """Store an offer that nobody else sees yet.

    Args:
        producer_id: Who offers.
        values: The offer as typed.
        offer_id: A draft of this producer to change; None for a new one.

    Raises:
        SupplyOffer.DoesNotExist: This producer has no such offer.
        IllegalTransitionError: The offer is no draft any more.
        InvalidInputError: With the fields at fault.
    """
    register_producer(organisation_id=producer_id)
    if offer_id is None:
        offer = SupplyOffer(producer_id=producer_id)
    else:
        offer = _locked(offer_id, producer_id=producer_id)
        if offer.status != OfferStatus.DRAFT:
            raise IllegalTransitionError(_("This offer is no draft any more. Revise it instead."))
        offer.version += 1
    set_values(offer, values)
    offer.save()
    return offer


def check_offer(*, producer_id: int, values: OfferInput) -> None:
    """Look at an offer's values without storing them.

    Raises:
        InvalidInputError: With the fields `save_offer_draft` would refuse.
    """
    set_values(SupplyOffer(producer_id=producer_id), values)


@transaction.atomic
def publish_supply_offer(*, offer_id: int) -> SupplyOffer:
    """Open a draft to matching and announce it.

    Raises:
        SupplyOffer.DoesNotExist: No such offer.
        NotAllowedError: The organisation is not approved yet.
        IllegalTransitionError: The offer is published already, withdrawn or expired.
        InvalidInputError: Its window is past.

    Emits:
        SupplyOfferPublished.
    """
    offer = _locked(offer_id)
    if offer.status != OfferStatus.DRAFT:
        raise IllegalTransitionError(_("Only a draft can be published."))
    return _publish(offer)


@transaction.atomic
def restore_supply_offer(*, offer_id: int) -> SupplyOffer:
    """Put a withdrawn offer on the market again.

    Raises:
        SupplyOffer.DoesNotExist: No such offer.
        NotAllowedError: The organisation is not approved.
        IllegalTransitionError: It is not withdrawn.
        InvalidInputError: Its window is past meanwhile.

    Emits:
        SupplyOfferPublished.
    """
    offer = _locked(offer_id)
    if offer.status != OfferStatus.WITHDRAWN:
        raise IllegalTransitionError(_("Only a withdrawn offer can be restored."))
    return _publish(offer)


@transaction.atomic
def revise_supply_offer(*, offer_id: int, values: OfferInput) -> SupplyOffer:
    """Change a published offer; without any difference nothing happens.

    Raises:
        SupplyOffer.DoesNotExist: No such offer.
        IllegalTransitionError: It is not published.
        InvalidInputError: With the fields at fault.

    Emits:
        SupplyOfferChanged, when something differs.
    """
    offer = _locked(offer_id)
    if offer.status != OfferStatus.PUBLISHED:
        raise IllegalTransitionError(_("Only a published offer can be revised."))
    before = _typed(offer)
    set_values(offer, values)
    if _typed(offer) == before:
        return offer
    announce_change(offer)
    return offer


@transaction.atomic
def withdraw_supply_offer(*, offer_id: int) -> SupplyOffer:
    """Take a published offer off the market.

    Raises:
        SupplyOffer.DoesNotExist: No such offer.
        IllegalTransitionError: It is not published.

    Emits:
        SupplyOfferWithdrawn.
    """
    offer = _locked(offer_id)
    if offer.status != OfferStatus.PUBLISHED:
        raise IllegalTransitionError(_("Only a published offer can be withdrawn."))
    return _close(offer, OfferStatus.WITHDRAWN)


@transaction.atomic
def delete_offer_draft(*, offer_id: int) -> None:
    """Delete a draft.

    Raises:
        IllegalTransitionError: It was published once; it stays as a record.
    """
    offer = _locked(offer_id)
    if offer.status != OfferStatus.DRAFT:
        raise IllegalTransitionError(_("Only a draft can be deleted. Withdraw the offer instead."))
    offer.delete()


@transaction.atomic
def expire_offers(*, day: dt.date) -> int:
    """Take the offers whose window ended before `day` off the market; return how many.

    Emits:
        SupplyOfferWithdrawn with `expired` for each.
    """
    past = SupplyOffer.objects.filter(status=OfferStatus.PUBLISHED, available_to__lt=day)
    offers = list(past.select_for_update(no_key=True).order_by("pk"))
    for offer in offers:
        _close(offer, OfferStatus.EXPIRED)
    return len(offers)


def _publish(offer: SupplyOffer) -> SupplyOffer:
    if not Organisation.objects.get(pk=offer.producer_id).is_approved:
        raise NotAllowedError(
            _("Your organisation waits for approval. The draft is kept; publish it after that.")
        )
    if offer.product.is_archived:
        raise IllegalTransitionError(_("Take the product out of the archive first."))
    errors = FieldErrors()
    check_window(errors, first=offer.available_from, last=offer.available_to)
    errors.raise_any()
    offer.status, offer.version = OfferStatus.PUBLISHED, offer.version + 1
    offer.published_at, offer.closed_at = clock.now(), None
    offer.save(update_fields=["status", "version", "published_at", "closed_at"])
    outbox.append(
        SupplyOfferPublished(
            offer_id=offer.pk, version=offer.version, organisation_id=offer.producer_id
        )
    )
    return offer


def _close(offer: SupplyOffer, status: OfferStatus) -> SupplyOffer:
    offer.status, offer.version, offer.closed_at = status, offer.version + 1, clock.now()
    offer.save(update_fields=["status", "version", "closed_at"])
    outbox.append(
        SupplyOfferWithdrawn(
            offer_id=offer.pk,
            version=offer.version,
            organisation_id=offer.producer_id,
            expired=status == OfferStatus.EXPIRED,
        )
    )
    return offer


def _locked(offer_id: int, *, producer_id: int | None = None) -> SupplyOffer:
    """Lock the product, then the offer: the order in which a product's change locks both."""
    offers = SupplyOffer.objects.all()
    if producer_id is not None:
        offers = offers.filter(producer_id=producer_id)
    product_id = offers.values_list("product_id", flat=True).get(pk=offer_id)
    Product.objects.select_for_update(no_key=True).get(pk=product_id)
    return (
        offers.select_for_update(no_key=True, of=("self",))
        .select_related("product")
        .get(pk=offer_id)
    )


def _typed(offer: SupplyOffer) -> tuple[object, ...]:
    left_out = {"id", "status", "version", "created_at", "published_at", "closed_at"}
    return tuple(
        getattr(offer, field.attname)
        for field in offer._meta.concrete_fields  # Django's public model API
        if field.name not in left_out
    )
