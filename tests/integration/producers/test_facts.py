"""The plain facts matching reads: which offers, which papers, at which cost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from core.accounts.enums import OrganisationStatus
from core.kernel import clock
from producers import selectors
from producers.enums import PaperStatus
from tests.factories.accounts import OrganisationFactory
from tests.factories.producers import (
    PaperFactory,
    ProducerFactory,
    ProductFactory,
    SupplyOfferFactory,
    category,
)

pytestmark = pytest.mark.django_db


def test_open_offers_are_published_approved_and_not_past():
    today = clock.today()
    wanted = SupplyOfferFactory(published=True)
    SupplyOfferFactory()
    SupplyOfferFactory(status="withdrawn")
    SupplyOfferFactory(
        published=True,
        available_from=today - dt.timedelta(days=5),
        available_to=today - dt.timedelta(days=1),
    )
    waiting = OrganisationFactory(status=OrganisationStatus.RETURNED)
    SupplyOfferFactory(published=True, producer__organisation=waiting)
    assert list(selectors.open_offers()) == [wanted]
    assert [facts.offer_id for facts in selectors.offer_facts(None)] == [wanted.pk]


def test_the_facts_of_an_offer_are_plain_and_whole():
    offer = SupplyOfferFactory(
        published=True,
        product__gtin="8936000000011",
        weekly_capacity_base=Decimal(700),
        weekly_capacity=Decimal("0.7"),
    )
    PaperFactory(producer=offer.producer, verified=True, valid_to=None)
    PaperFactory(award=True, verified=True, producer=offer.producer, product=offer.product)
    facts = selectors.offer_facts([offer.pk])[0]
    assert (facts.version, facts.status_open, facts.organisation_id) == (1, True, offer.producer_id)
    assert (facts.category_id, facts.category_order) == (category().pk, category().order_lo)
    assert (facts.quantity_base, facts.weekly_capacity_base) == (Decimal(5000), Decimal(700))
    assert (facts.price_vnd_per_base, facts.shelf_life_days) == (30_000, 30)
    assert (facts.has_gtin, facts.can_issue_invoice) == (True, True)
    assert (facts.origin_province_id, facts.origin_commune_id) == (offer.origin_province_id, None)
    assert [(p.kind, p.stars, p.valid_to is None) for p in facts.papers] == [
        ("vietgap", None, True),
        ("ocop_award", 4, False),
    ]


def test_only_verified_papers_of_the_product_or_the_whole_producer_count():
    offer = SupplyOfferFactory(published=True)
    for status in PaperStatus:
        PaperFactory(producer=offer.producer, status=status)
    other = ProductFactory(producer=offer.producer)
    PaperFactory(producer=offer.producer, product=other, verified=True)
    PaperFactory(verified=True)
    assert len(selectors.offer_facts([offer.pk])[0].papers) == 1


def test_a_product_s_own_shelf_life_counts_before_the_category_s():
    offer = SupplyOfferFactory(published=True, product__shelf_life_days=3)
    assert selectors.offer_facts([offer.pk])[0].shelf_life_days == 3


@pytest.mark.parametrize("status", ["draft", "withdrawn", "expired"])
def test_an_offer_off_the_market_is_told_but_not_open(status):
    offer = SupplyOfferFactory(status=status)
    assert [f.status_open for f in selectors.offer_facts([offer.pk, 0])] == [False]


@pytest.mark.parametrize("count", [1, 3])
def test_facts_cost_two_queries_whatever_their_number(count, django_assert_num_queries):
    for offer in SupplyOfferFactory.create_batch(count, published=True):
        PaperFactory.create_batch(2, producer=offer.producer, verified=True)
    with django_assert_num_queries(2):
        assert len(selectors.offer_facts(None)) == count


def test_the_completeness_of_nothing_and_of_everything(django_assert_num_queries):
    empty = OrganisationFactory()
    assert set(selectors.completeness(empty.pk).values()) == {False}
    producer = ProducerFactory(summary="Cam", story="Vườn")
    SupplyOfferFactory(producer=producer, published=True, product__photo="x.jpg")
    PaperFactory(producer=producer, verified=True)
    with django_assert_num_queries(1):
        assert set(selectors.completeness(producer.pk).values()) == {True}
