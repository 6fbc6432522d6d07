"""Lists follow what is committed, whoever ranks and however often, and matches follow the lists."""

from __future__ import annotations

import time

import pytest
from django.db import connection, transaction

from buyers.events import DemandRequestChanged
from core.catalogue.models import ProductCategory
from core.kernel import clock
from core.kernel.context import Context
from core.outbox import outbox
from core.outbox.models import OutboxMessage
from core.outbox.registry import Delivery
from matchmaking import handlers, rankings
from matchmaking.engine.ruleset import DEFAULT_RULESET
from matchmaking.events import RankingsChanged
from matchmaking.models import Match, OfferRanking
from matchmaking.services import ground, holding, ranking, refresh
from matchmaking.services.owners import Owners
from matchmaking.services.rulesets import publish_ruleset
from producers.enums import OfferStatus
from producers.events import SupplyOfferPublished
from tests.factories import buyers as buyer_factories
from tests.factories import producers as factories

pytestmark = pytest.mark.django_db


def offer_like(world, *, price: int = 30_000):
    """Another published offer with the code that the request asks for."""
    offer = factories.SupplyOfferFactory(
        published=True, product__category=world.request.category, price_vnd_per_base=price
    )
    factories.PaperFactory(
        producer=offer.producer, product=offer.product, verified=True, kind="growing_area_code",
        market="VN",
    )  # fmt: skip
    return offer


def published(offer) -> SupplyOfferPublished:
    return SupplyOfferPublished(
        offer_id=offer.pk, version=offer.version, organisation_id=offer.producer_id
    )


def lists() -> dict[str, list]:
    return {
        "offers": [tuple(one)[:4] for one in rankings.partners_of_offers(None)],
        "requests": [tuple(one)[:4] for one in rankings.partners_of_requests(None)],
    }


def only_the_best(number: int) -> None:
    publish_ruleset(rules={**DEFAULT_RULESET.to_json(), "top_k": number}, note="few places")


def test_lists_hold_the_best_whatever_the_order_of_changes(world):
    only_the_best(2)
    offers = [world.offer, *(offer_like(world, price=price) for price in (28_000, 33_000, 26_000))]
    seen = []
    for order in (offers, offers[::-1]):
        ranking.begin_anew()
        for offer in order:
            refresh.refresh_matches_of_offer(offer_id=offer.pk)
        seen.append(lists())

    assert seen[0] == seen[1]
    best = sorted(Match.objects.filter(request=world.request), key=lambda m: -m.score)[:2]
    assert [row[2] for row in seen[0]["requests"]] == [match.offer_id for match in best]


def test_offer_that_left_is_on_no_list_and_the_next_best_takes_its_place(world):
    only_the_best(1)
    better = offer_like(world, price=26_000)
    refresh.refresh_all()
    better.status = OfferStatus.WITHDRAWN
    better.save()

    refresh.refresh_matches_of_offer(offer_id=better.pk)

    assert [row[2] for row in lists()["requests"]] == [world.offer.pk]
    assert not OfferRanking.objects.filter(offer=better).exists()
    assert Match.objects.get(offer=world.offer).status == "proposed"


def test_matches_of_many_changes_at_once_are_made_in_duties_of_their_own(world):
    offers = [world.offer, *(offer_like(world) for _ in range(6))]
    causes = [Context(actor_id=number) for number in range(len(offers))]

    handlers.rank_many(
        [Delivery(published(one), cause) for one, cause in zip(offers, causes, strict=True)]
    )

    assert not Match.objects.exists()
    told = list(OutboxMessage.objects.filter(type=RankingsChanged.type).order_by("pk"))
    by_cause = {message.correlation_id: message.payload["offer_ids"] for message in told}
    for offer, cause in zip(offers, causes, strict=True):
        assert by_cause[cause.correlation_id] == [offer.pk]
    for message in told:
        handlers.expand_changed(RankingsChanged.from_payload(message.payload))
    assert {m.offer_id for m in Match.objects.all()} == {offer.pk for offer in offers}


@pytest.mark.django_db(transaction=True)
class TestKeptMarket:
    """Committed for real: a market stays in memory from duty to duty."""

    def test_sees_what_others_committed_without_being_told_of_it(self, world):
        refresh.refresh_matches_of_request(request_id=world.request.pk)
        with transaction.atomic():
            another = offer_like(world)
            outbox.append(published(another))

        ranking.rank(Owners())

        assert {row[2] for row in lists()["requests"]} == {world.offer.pk, another.pk}

    def test_reads_nothing_again_that_did_not_change(self, world, django_assert_max_num_queries):
        refresh.refresh_matches_of_request(request_id=world.request.pk)
        with django_assert_max_num_queries(20):
            ranking.rank(Owners())

    def test_is_loaded_anew_after_a_duty_that_failed(self, world):
        refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
        another = offer_like(world)
        with transaction.atomic():
            refresh.refresh_matches_of_offer(offer_id=another.pk)
            transaction.set_rollback(True)
        assert not OfferRanking.objects.filter(offer=another).exists()

        ranking.rank(Owners())

        assert OfferRanking.objects.filter(offer=another).exists()
        assert {row[2] for row in lists()["requests"]} == {world.offer.pk, another.pk}

    def test_a_process_that_begins_takes_what_is_stored_and_reads_only_what_changed(
        self, world, monkeypatch
    ):
        refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
        with transaction.atomic():
            another = offer_like(world)
            outbox.append(published(another))
        ranking.let_go()
        read = []
        facts = holding.producers.offer_facts
        monkeypatch.setattr(
            holding.producers, "offer_facts", lambda ids: read.append(ids) or facts(ids)
        )

        refresh.begin_part(0)

        assert {pk for ids in read for pk in ids} == {another.pk}
        assert {row[2] for row in lists()["requests"]} == {world.offer.pk, another.pk}

    def test_another_category_tree_has_everything_read_again(self, world, monkeypatch):
        refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
        before = lists()
        ProductCategory.objects.update(updated_at=clock.now())
        read = []
        facts = holding.producers.offer_facts
        monkeypatch.setattr(
            holding.producers, "offer_facts", lambda ids: read.append(ids) or facts(ids)
        )

        ranking.rank(Owners())

        assert read == [None]
        assert lists() == before


@pytest.mark.django_db(transaction=True)
class TestListsOfOthers:
    """An offer for which another request is better enters the list of one all the same."""

    @pytest.fixture
    def requests(self, world):
        only_the_best(1)
        better = buyer_factories.DemandRequestFactory(
            published=True, category=world.request.category, words=world.request.words,
            delivery_province=world.request.delivery_province, price_ceiling_vnd_per_base=45_000,
            quantity_base=5_000,
        )  # fmt: skip
        for request in (world.request, better):
            refresh.refresh_matches_of_request(request_id=request.pk)
        return world.request.pk, better.pk

    def large_offer(self, world):
        """More of what the one asks for than the offer it knows, and all that the other asks."""
        offer = offer_like(world)
        offer.quantity_base = 10_000
        offer.save()
        offer.product.name = world.offer.product.name
        offer.product.save()
        return offer

    def said(self, request_id: int) -> None:
        """Somebody else's change of a request, of which the duty is done."""
        with transaction.atomic():
            outbox.append(DemandRequestChanged(request_id=request_id, version=2, organisation_id=1))
        OutboxMessage.objects.update(relayed_at=clock.now())

    def test_where_its_own_event_is_read_once_more(self, world, requests):
        """Some transaction is open for long, so events of which duties are done come again."""
        self.said(requests[0])
        ranking._kept[0]._held.horizon = 1
        another = self.large_offer(world)

        refresh.refresh_matches_of_offer(offer_id=another.pk)

        assert {row[2] for row in lists()["offers"] if row[0] == another.pk} == {requests[1]}
        assert Match.objects.filter(offer=another, request=requests[0]).exists()

    def test_where_the_worker_died_before_it_stored_that_list(self, world, requests):
        ranking._kept[0]._held.stored_at = time.monotonic() + 60
        self.said(requests[0])
        ranking.rank(Owners(requests=frozenset(requests[:1])), may_wait=True)
        another = self.large_offer(world)
        ranking.rank(Owners(offers=frozenset([another.pk])), may_wait=True)
        assert another.pk not in {row[2] for row in lists()["requests"]}
        ranking.let_go()

        refresh.begin_part(0)

        assert Match.objects.filter(offer=another, request=requests[0]).exists()

    def test_does_not_wait_for_who_writes_matches(self, world):
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [ground._LOCK])
            refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
        finally:
            other.close()

        assert [row[2] for row in lists()["requests"]] == [world.offer.pk]
        assert not Match.objects.exists()
        (told,) = OutboxMessage.objects.filter(
            type=RankingsChanged.type, payload__offer_ids__0=world.offer.pk
        )
        handlers.expand_changed(RankingsChanged.from_payload(told.payload))
        assert Match.objects.get().offer_id == world.offer.pk

    def test_goes_on_with_the_kernel_once_it_is_ready_and_reads_nothing_again(
        self, world, monkeypatch
    ):
        refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
        before, read, made = lists(), [], []
        facts, market = holding.producers.offer_facts, holding.Market
        monkeypatch.setattr(
            holding.producers, "offer_facts", lambda ids: read.append(ids) or facts(ids)
        )

        def noted(*sides, is_compiled: bool):
            made.append(is_compiled)
            return market(*sides, is_compiled=False)

        monkeypatch.setattr(holding, "Market", noted)
        monkeypatch.setattr(holding.CHOICE, "_kernel", object())

        ranking.rank(Owners())
        ranking.rank(Owners())

        assert (read, made) == ([], [True])
        assert lists() == before
