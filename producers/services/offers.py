"""Changing what is offered: draft, published, revised, withdrawn, restored, expired.

Each change of one offer is the change of many: all or none, in a few statements.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.accounts.models import Organisation
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, NotAllowedError
from core.outbox import outbox
from producers.enums import OfferStatus
from producers.events import SupplyOfferChanged, SupplyOfferPublished, SupplyOfferWithdrawn
from producers.models import Product, SupplyOffer
from producers.services.announcing import announce
from producers.services.checking import FieldErrors
from producers.services.inputs import OfferInput
from producers.services.offer_lookups import OfferLookups
from producers.services.offer_values import check_window, set_values
from producers.services.profiles import register_producer
from producers.services.rewriting import update_locked


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
    if offer_id is None:
        return add_offer_drafts(producer_id=producer_id, values=[values])[0]
    register_producer(organisation_id=producer_id)
    offer = _locked([offer_id], producer_id=producer_id)[0]
    if offer.status != OfferStatus.DRAFT:
        raise IllegalTransitionError(_("This offer is no draft any more. Revise it instead."))
    return _revised([offer], {offer_id: values})[0]


@transaction.atomic
def add_offer_drafts(*, producer_id: int, values: Sequence[OfferInput]) -> list[SupplyOffer]:
    """Store many offers that nobody else sees yet.

    Raises:
        InvalidInputError: With the fields at fault of the first that cannot be accepted.
    """
    register_producer(organisation_id=producer_id)
    offers = [SupplyOffer(producer_id=producer_id) for _one in values]
    lookups = _lookups_for(producer_id, values)
    for offer, one in zip(offers, values, strict=True):
        set_values(offer, one, lookups=lookups)
    return SupplyOffer.objects.bulk_create(offers)


def check_offer(
    *, producer_id: int, values: OfferInput, lookups: OfferLookups | None = None
) -> None:
    """Look at an offer's values without storing them; `lookups` serve many offers.

    Raises:
        InvalidInputError: With the fields `save_offer_draft` would refuse.
    """
    set_values(SupplyOffer(producer_id=producer_id), values, lookups=lookups)


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
    return publish_supply_offers(offer_ids=[offer_id])[0]


@transaction.atomic
def publish_supply_offers(*, offer_ids: Collection[int]) -> list[SupplyOffer]:
    """Open many drafts to matching and announce each.

    Raises:
        DomainError: As `publish_supply_offer` for the first that cannot be.

    Emits:
        SupplyOfferPublished for each.
    """
    offers = _locked(offer_ids)
    if any(offer.status != OfferStatus.DRAFT for offer in offers):
        raise IllegalTransitionError(_("Only a draft can be published."))
    return _publish(offers)


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
    offers = _locked([offer_id])
    if offers[0].status != OfferStatus.WITHDRAWN:
        raise IllegalTransitionError(_("Only a withdrawn offer can be restored."))
    return _publish(offers)[0]


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
    offers = _locked([offer_id])
    if offers[0].status != OfferStatus.PUBLISHED:
        raise IllegalTransitionError(_("Only a published offer can be revised."))
    return _revised(offers, {offer_id: values})[0]


@transaction.atomic
def revise_offers(*, producer_id: int, changes: Mapping[int, OfferInput]) -> list[SupplyOffer]:
    """Change many drafts and published offers of one producer; values come by the offer's id.

    Raises:
        SupplyOffer.DoesNotExist: This producer has no such offer.
        IllegalTransitionError: One is neither draft nor published any more.
        InvalidInputError: With the fields at fault of the first that cannot be accepted.

    Emits:
        SupplyOfferChanged for each published one in which something differs.
    """
    offers = _locked(changes, producer_id=producer_id)
    if any(offer.status not in (OfferStatus.DRAFT, OfferStatus.PUBLISHED) for offer in offers):
        raise IllegalTransitionError(_("Only a published offer can be revised."))
    return _revised(offers, changes)


@transaction.atomic
def withdraw_supply_offer(*, offer_id: int) -> SupplyOffer:
    """Take a published offer off the market.

    Raises:
        SupplyOffer.DoesNotExist: No such offer.
        IllegalTransitionError: It is not published.

    Emits:
        SupplyOfferWithdrawn.
    """
    return withdraw_supply_offers(offer_ids=[offer_id])[0]


@transaction.atomic
def withdraw_supply_offers(*, offer_ids: Collection[int]) -> list[SupplyOffer]:
    """Take many published offers off the market.

    Raises:
        SupplyOffer.DoesNotExist: One is missing.
        IllegalTransitionError: One is not published.

    Emits:
        SupplyOfferWithdrawn for each.
    """
    offers = _locked(offer_ids)
    if any(offer.status != OfferStatus.PUBLISHED for offer in offers):
        raise IllegalTransitionError(_("Only a published offer can be withdrawn."))
    return _close(offers, OfferStatus.WITHDRAWN)


@transaction.atomic
def delete_offer_draft(*, offer_id: int) -> None:
    """Delete a draft.

    Raises:
        IllegalTransitionError: It was published once; it stays as a record.
    """
    delete_offer_drafts(offer_ids=[offer_id])


@transaction.atomic
def delete_offer_drafts(*, offer_ids: Collection[int]) -> None:
    """Delete many drafts.

    Raises:
        SupplyOffer.DoesNotExist: One is missing.
        IllegalTransitionError: One was published once; it stays as a record.
    """
    offers = _locked(offer_ids)
    if any(offer.status != OfferStatus.DRAFT for offer in offers):
        raise IllegalTransitionError(_("Only a draft can be deleted. Withdraw the offer instead."))
    SupplyOffer.objects.filter(pk__in=offer_ids).delete()


@transaction.atomic
def expire_offers(*, day: dt.date) -> int:
    """Take the offers whose window ended before `day` off the market; return how many.

    Emits:
        SupplyOfferWithdrawn with `expired` for each.
    """
    past = SupplyOffer.objects.filter(status=OfferStatus.PUBLISHED, available_to__lt=day)
    offers = list(past.select_for_update(no_key=True).order_by("pk"))
    return len(_close(offers, OfferStatus.EXPIRED))


def _publish(offers: list[SupplyOffer]) -> list[SupplyOffer]:
    """Put locked offers on the market."""
    holders = Organisation.objects.in_bulk({offer.producer_id for offer in offers})
    if not all(holder.is_approved for holder in holders.values()):
        raise NotAllowedError(
            _("Your organisation waits for approval. The draft is kept; publish it after that.")
        )
    if any(offer.product.is_archived for offer in offers):
        raise IllegalTransitionError(_("Take the product out of the archive first."))
    for offer in offers:
        errors = FieldErrors()
        check_window(errors, first=offer.available_from, last=offer.available_to)
        errors.raise_any()
    _move(offers, status=OfferStatus.PUBLISHED, published_at=clock.now(), closed_at=None)
    announce(SupplyOfferPublished, offers)
    return offers


def _close(offers: list[SupplyOffer], status: OfferStatus) -> list[SupplyOffer]:
    """Take locked offers off the market."""
    _move(offers, status=status, closed_at=clock.now())
    outbox.append_all(
        SupplyOfferWithdrawn(
            offer_id=offer.pk,
            version=offer.version,
            organisation_id=offer.producer_id,
            expired=status == OfferStatus.EXPIRED,
        )
        for offer in offers
    )
    return offers


def _move(offers: Sequence[SupplyOffer], **said: OfferStatus | dt.datetime | None) -> None:
    """Store the same values on locked offers, each under its next version."""
    held = SupplyOffer.objects.filter(pk__in=[offer.pk for offer in offers])
    held.update(version=F("version") + 1, **said)
    for offer in offers:
        offer.version += 1
        for name, value in said.items():
            setattr(offer, name, value)


def _revised(offers: list[SupplyOffer], changes: Mapping[int, OfferInput]) -> list[SupplyOffer]:
    """Store new values on locked offers and announce what buyers see of it."""
    differing: list[SupplyOffer] = []
    lookups = (
        _lookups_for(offers[0].producer_id, list(changes.values())) if offers else OfferLookups()
    )
    for offer in offers:
        before = _typed(offer)
        set_values(offer, changes[offer.pk], lookups=lookups)
        if offer.status == OfferStatus.DRAFT or _typed(offer) != before:
            offer.version += 1
            differing.append(offer)
    update_locked(differing)
    announce(SupplyOfferChanged, [o for o in differing if o.status == OfferStatus.PUBLISHED])
    return offers


def _lookups_for(producer_id: int, values: Sequence[OfferInput]) -> OfferLookups:
    named = {one.product_id for one in values}
    own = Product.objects.filter(producer_id=producer_id, is_archived=False, pk__in=named)
    return OfferLookups(products=own)


def _locked(offer_ids: Collection[int], *, producer_id: int | None = None) -> list[SupplyOffer]:
    """Lock the products, then the offers: the order in which a product's change locks both.

    Returns the offers in the order of their ids.
    """
    offers = SupplyOffer.objects.filter(pk__in=offer_ids)
    if producer_id is not None:
        offers = offers.filter(producer_id=producer_id)
    products = Product.objects.filter(pk__in=offers.values("product_id")).order_by("pk")
    list(products.select_for_update(no_key=True).values_list("pk"))
    held = offers.select_for_update(no_key=True, of=("self",)).select_related("product")
    found = list(held.order_by("pk"))
    if len(found) != len(offer_ids):
        raise SupplyOffer.DoesNotExist
    return found


def _typed(offer: SupplyOffer) -> tuple[object, ...]:
    left_out = {"id", "status", "version", "created_at", "published_at", "closed_at"}
    return tuple(
        getattr(offer, field.attname)
        for field in offer._meta.concrete_fields  # Django's public model API
        if field.name not in left_out
    )
