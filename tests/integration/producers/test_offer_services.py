"""Every step of an offer, with the one event each announces, and what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from core.accounts.enums import OrganisationStatus
from core.accounts.events import OrganisationApproved
from core.kernel import clock
from core.kernel.calendar import DayBegan
from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from core.outbox.models import OutboxMessage
from producers import handlers, services
from producers.enums import OfferStatus
from producers.models import Producer, SupplyOffer
from producers.services import OfferInput
from tests.factories.accounts import OrganisationFactory, commune, province
from tests.factories.producers import ProducerFactory, ProductFactory, SupplyOfferFactory, unit

pytestmark = pytest.mark.django_db


def typed(product, **changes):
    values = {
        "product_id": product.pk,
        "quantity": Decimal("2.5"),
        "unit_id": unit("tan").pk,
        "available_from": clock.today(),
        "available_to": clock.today() + dt.timedelta(days=20),
        "price_vnd": 25_000_000,
    }
    return OfferInput(**(values | changes))


def events():
    return [
        (m.type.split(".")[-2], m.aggregate_id, m.aggregate_version)
        for m in OutboxMessage.objects.order_by("pk")
    ]


def errors_of(product, **changes):
    with pytest.raises(InvalidInputError) as caught:
        services.save_offer_draft(producer_id=product.producer_id, values=typed(product, **changes))
    return caught.value.field_errors


def test_a_draft_is_measured_in_base_units_and_announces_nothing():
    product = ProductFactory()
    offer = services.save_offer_draft(
        producer_id=product.producer_id,
        values=typed(product, weekly_capacity=Decimal("0.5"), minimum_lot=Decimal("0.1")),
    )
    offer.refresh_from_db()
    assert (offer.dimension, offer.quantity_base) == ("mass", Decimal(2500))
    assert (offer.weekly_capacity_base, offer.minimum_lot_base) == (Decimal(500), Decimal(100))
    assert offer.price_vnd_per_base == 25_000
    assert (offer.storage, offer.status) == (product.storage, OfferStatus.DRAFT)
    assert offer.origin_province == product.producer.organisation.province
    assert events() == []


def test_a_pack_is_measured_through_its_content():
    product = ProductFactory()
    offer = services.save_offer_draft(
        producer_id=product.producer_id,
        values=typed(
            product,
            unit_id=unit("thung").pk,
            quantity=Decimal(200),
            pack_size=Decimal(12),
            pack_unit_id=unit("kg").pk,
            price_vnd=240_000,
        ),
    )
    assert (offer.dimension, offer.quantity_base, offer.price_vnd_per_base) == (
        "mass",
        Decimal(2400),
        20_000,
    )


def test_content_typed_for_a_unit_that_is_no_pack_is_dropped():
    product = ProductFactory()
    values = typed(product, pack_size=Decimal(12), pack_unit_id=unit("kg").pk)
    offer = services.save_offer_draft(producer_id=product.producer_id, values=values)
    assert (offer.pack_size, offer.pack_unit) == (None, None)


def test_publishing_announces_once_and_raises_the_version():
    offer = SupplyOfferFactory()
    services.publish_supply_offer(offer_id=offer.pk)
    offer.refresh_from_db()
    assert (offer.status, offer.version) == (OfferStatus.PUBLISHED, 2)
    assert offer.published_at is not None
    assert events() == [("published", offer.pk, 2)]


def test_an_organisation_that_waits_for_approval_keeps_its_draft():
    organisation = OrganisationFactory(submitted=True)
    offer = SupplyOfferFactory(producer__organisation=organisation)
    with pytest.raises(NotAllowedError):
        services.publish_supply_offer(offer_id=offer.pk)
    offer.refresh_from_db()
    assert (offer.status, offer.version, events()) == (OfferStatus.DRAFT, 1, [])


def test_an_offer_whose_window_is_past_cannot_be_published():
    yesterday = clock.today() - dt.timedelta(days=1)
    offer = SupplyOfferFactory(available_from=yesterday, available_to=yesterday)
    with pytest.raises(InvalidInputError) as caught:
        services.publish_supply_offer(offer_id=offer.pk)
    assert list(caught.value.field_errors) == ["available_to"]


def test_revising_a_published_offer_announces_the_change_once():
    offer = SupplyOfferFactory(published=True)
    services.revise_supply_offer(offer_id=offer.pk, values=typed(offer.product))
    offer.refresh_from_db()
    assert (offer.quantity_base, offer.version) == (Decimal(2500), 2)
    assert events() == [("changed", offer.pk, 2)]


def test_revising_without_a_difference_announces_nothing():
    product = ProductFactory()
    draft = services.save_offer_draft(producer_id=product.producer_id, values=typed(product))
    services.publish_supply_offer(offer_id=draft.pk)
    services.revise_supply_offer(offer_id=draft.pk, values=typed(product))
    assert events() == [("published", draft.pk, 2)]


def test_withdrawing_and_restoring_each_announce():
    offer = SupplyOfferFactory(published=True)
    services.withdraw_supply_offer(offer_id=offer.pk)
    services.restore_supply_offer(offer_id=offer.pk)
    offer.refresh_from_db()
    assert (offer.status, offer.version, offer.closed_at) == (OfferStatus.PUBLISHED, 3, None)
    assert events() == [("withdrawn", offer.pk, 2), ("published", offer.pk, 3)]


@pytest.mark.parametrize(
    ("status", "service"),
    [
        ("published", services.publish_supply_offer),
        ("withdrawn", services.publish_supply_offer),
        ("expired", services.publish_supply_offer),
        ("draft", services.withdraw_supply_offer),
        ("withdrawn", services.withdraw_supply_offer),
        ("draft", services.restore_supply_offer),
        ("expired", services.restore_supply_offer),
        ("published", services.delete_offer_draft),
    ],
)
def test_a_step_from_the_wrong_state_is_refused_and_changes_nothing(status, service):
    offer = SupplyOfferFactory(status=status)
    with pytest.raises(IllegalTransitionError):
        service(offer_id=offer.pk)
    offer.refresh_from_db()
    assert (offer.status, offer.version, events()) == (status, 1, [])


def test_revising_anything_but_a_published_offer_is_refused():
    offer = SupplyOfferFactory(status="withdrawn")
    with pytest.raises(IllegalTransitionError):
        services.revise_supply_offer(offer_id=offer.pk, values=typed(offer.product))


def test_a_draft_of_another_producer_does_not_exist():
    offer, other = SupplyOfferFactory(), ProductFactory()
    with pytest.raises(SupplyOffer.DoesNotExist):
        services.save_offer_draft(
            producer_id=other.producer_id, values=typed(other), offer_id=offer.pk
        )


def test_a_day_that_begins_expires_only_what_ended_before_it():
    today = clock.today()
    past = SupplyOfferFactory(
        published=True, available_from=today - dt.timedelta(days=9), available_to=today
    )
    running = SupplyOfferFactory(published=True)
    handlers.expire_offers(DayBegan(day=today))
    assert events() == []
    handlers.expire_offers(DayBegan(day=today + dt.timedelta(days=1)))
    handlers.expire_offers(DayBegan(day=today + dt.timedelta(days=1)))
    past.refresh_from_db()
    running.refresh_from_db()
    assert (past.status, running.status) == (OfferStatus.EXPIRED, OfferStatus.PUBLISHED)
    assert events() == [("withdrawn", past.pk, 2)]
    assert OutboxMessage.objects.get().payload["expired"] is True


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"quantity": Decimal(0)}, ["quantity"]),
        ({"quantity": Decimal(-3)}, ["quantity"]),
        ({"quantity": Decimal(1_000_001)}, ["quantity"]),  # tonnes: more than the country makes
        ({"quantity": Decimal("1.2345")}, ["quantity"]),
        ({"quantity": Decimal(10) ** 30}, ["quantity"]),
        ({"weekly_capacity": Decimal(-1)}, ["weekly_capacity"]),
        ({"minimum_lot": Decimal(3)}, ["minimum_lot"]),
        ({"price_vnd": 0}, ["price_vnd"]),
        ({"price_vnd": -1}, ["price_vnd"]),
        ({"price_vnd": 10_000_000_001}, ["price_vnd"]),
        ({"price_vnd": 3}, ["price_vnd"]),  # 3 đồng a tonne is nothing a kilogram
        ({"unit_id": 0}, ["unit"]),
        ({"product_id": 0}, ["product"]),
        ({"storage": "hot"}, ["storage"]),
        ({"origin_province_id": 0}, ["origin_province"]),
        ({"note": "x" * 1001}, ["note"]),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(changes, fields):
    assert list(errors_of(ProductFactory(), **changes)) == fields
    assert SupplyOffer.objects.count() == 0


def test_a_window_backwards_past_or_endless_is_refused_at_its_last_day():
    product, today, day = ProductFactory(), clock.today(), dt.timedelta(days=1)
    for first, last in (
        (today, today - day),
        (today - 9 * day, today - day),
        (today, today + 4000 * day),
    ):
        found = errors_of(product, available_from=first, available_to=last)
        assert list(found) == ["available_to"]


def test_an_area_is_no_unit_of_goods():
    assert list(errors_of(ProductFactory(), unit_id=unit("m2").pk)) == ["unit"]


def test_a_pack_without_content_says_what_to_type():
    found = errors_of(ProductFactory(), unit_id=unit("thung").pk)
    assert list(found) == ["pack_size", "pack_unit"]


def test_a_pack_of_packs_is_refused():
    found = errors_of(
        ProductFactory(),
        unit_id=unit("thung").pk,
        pack_size=Decimal(10),
        pack_unit_id=unit("thung").pk,
    )
    assert list(found) == ["pack_unit"]


def test_a_product_of_another_producer_is_refused():
    mine, theirs = ProductFactory(), ProductFactory()
    assert list(errors_of(mine, product_id=theirs.pk)) == ["product"]


def test_an_archived_product_is_refused():
    assert list(errors_of(ProductFactory(is_archived=True))) == ["product"]


def test_a_commune_of_another_province_is_refused():
    found = errors_of(
        ProductFactory(),
        origin_province_id=province("31", name="Hải Phòng").pk,
        origin_commune_id=commune().pk,
    )
    assert list(found) == ["origin_commune"]


def test_registering_twice_makes_one_producer():
    organisation = OrganisationFactory()
    first = services.register_producer(organisation_id=organisation.pk)
    assert services.register_producer(organisation_id=organisation.pk) == first


def test_a_buyer_is_not_registered_as_a_producer():
    with pytest.raises(NotAllowedError):
        services.register_producer(organisation_id=OrganisationFactory(buyer=True).pk)


def test_each_published_offer_is_refreshed_when_invoices_become_possible():
    producer = ProducerFactory(can_issue_invoice=False)
    open_offer = SupplyOfferFactory(producer=producer, published=True)
    SupplyOfferFactory(producer=producer)
    services.revise_profile(
        producer_id=producer.pk, values=services.ProfileInput(can_issue_invoice=True)
    )
    assert events() == [("changed", open_offer.pk, 2)]


def test_a_story_told_anew_does_not_disturb_matching():
    producer = ProducerFactory()
    SupplyOfferFactory(producer=producer, published=True)
    services.revise_profile(
        producer_id=producer.pk,
        values=services.ProfileInput(can_issue_invoice=True, story="Vườn cam ven biển"),
    )
    assert events() == []


def test_approval_of_a_producer_registers_its_seller_side():
    organisation = OrganisationFactory(status=OrganisationStatus.APPROVED)
    buyer = OrganisationFactory(buyer=True)
    for one in (organisation, buyer):
        handlers.register_approved(OrganisationApproved(organisation_id=one.pk, version=2))

    assert list(Producer.objects.values_list("pk", flat=True)) == [organisation.pk]
