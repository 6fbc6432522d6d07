"""A market ranked in parts: the same lists and matches, whoever holds what, and moved at will."""

from __future__ import annotations

import itertools

import pytest

from core.kernel import clock
from core.kernel.context import Context
from core.outbox.models import InboxMessage, OutboxMessage
from core.outbox.registry import Delivery
from matchmaking import handlers
from matchmaking.events import RankingsChanged
from matchmaking.models import MarketState, OfferRanking, RequestRanking
from matchmaking.services import ranking, refresh
from matchmaking.services.owners import RANKED_EVENTS, Owners
from producers.enums import OfferStatus
from producers.models import SupplyOffer
from tests.factories import trade as trading

RANKED = {one.type: one for one in RANKED_EVENTS}


class Workers:
    """One worker for each part, who carry out what was announced, in whatever order."""

    def __init__(self, settings, *, parts: int) -> None:
        settings.MATCHING_SHARDS = parts
        ranking.let_go()
        self._parts, self._turn, self._done = range(parts), 0, 0

    def work(self) -> None:
        """Carry out all that is open, and what it causes."""
        while fresh := list(OutboxMessage.objects.filter(pk__gt=self._done).order_by("pk")):
            self._done, self._turn = fresh[-1].pk, self._turn + 1
            OutboxMessage.objects.update(relayed_at=clock.now())
            ranked = [
                Delivery(RANKED[one.type].from_payload(one.payload), Context())
                for one in fresh
                if one.type in RANKED
            ]
            for part in self._parts if self._turn % 2 else reversed(self._parts):
                handlers.rank_many(ranked, part=part)
            refresh.expand_changed(
                Owners.joined(
                    handlers.owners_told(RankingsChanged.from_payload(one.payload))
                    for one in fresh
                    if one.type == RankingsChanged.type
                )
            )


def trade_through(trade: trading.Trade, workers: Workers) -> list[object]:
    """Trade, and return what stands: lists with few places, then with many, and all matches."""
    trading.publish_rules(top_k=trading.FEW_PLACES)
    for step in trade.steps():
        step()
        workers.work()
    few = trading.standing_lists()
    assert trading.listed_without_match() == set()
    trading.publish_rules(top_k=trading.MANY_PLACES)
    workers.work()
    return [few, trading.standing_lists(), trading.standing_matches()]


@pytest.mark.django_db(transaction=True)
def test_parts_make_the_lists_and_matches_that_one_makes(settings):
    trade = trading.draw(offers=12, requests=9)
    drafts = trading.Drafts(trade)
    found = []
    for parts in (1, 3):
        found.append(trade_through(trade, Workers(settings, parts=parts)))
        if parts > 1:
            assert OfferRanking.objects.values("part").distinct().count() > 1
            shared = [row.request_id for row in RequestRanking.objects.exclude(part=0)]
            assert RequestRanking.objects.filter(request__in=shared, part=0).exists()
        drafts.restore()

    few, _many, matches = found[0]
    assert max(place for _owner, place, *_rest in few["requests"]) == trading.FEW_PLACES
    assert len(matches) > len(trade.requests)
    assert found[1] == found[0]


@pytest.mark.django_db(transaction=True)
class TestAnotherNumberOfParts:
    """The parts are others than the stored ones: who begins shares out, and nothing is lost."""

    @pytest.fixture
    def trade(self) -> trading.Trade:
        trade = trading.draw(offers=12, requests=8)
        for step in itertools.islice(trade.steps(), 2):
            step()
        return trade

    def test_lists_stay_the_same_there_and_back(self, settings, trade):
        Workers(settings, parts=1).work()
        before = trading.standing_lists()
        for parts in (3, 2, 1):
            settings.MATCHING_SHARDS = parts
            ranking.let_go()
            for part in range(parts):
                refresh.begin_part(part)
            assert trading.standing_lists() == before
            assert set(MarketState.objects.values_list("shard", flat=True)) == set(range(parts))
            assert max(RequestRanking.objects.values_list("part", flat=True)) < parts
            assert max(OfferRanking.objects.values_list("part", flat=True)) < parts

    def test_a_process_that_kept_its_market_notices(self, settings, trade):
        """An old worker ranks once more as if it were alone; the new ones put it right."""
        Workers(settings, parts=2).work()
        before, kept = trading.standing_lists(), dict(ranking._kept)
        settings.MATCHING_SHARDS = 1
        ranking.let_go()
        refresh.begin_part(0)
        assert set(OfferRanking.objects.values_list("part", flat=True)) == {0}
        settings.MATCHING_SHARDS = 2
        ranking._kept.update(kept)
        for part in range(2):
            ranking.rank(Owners(), part=part)
        assert set(OfferRanking.objects.values_list("part", flat=True)) == {0, 1}
        assert trading.standing_lists() == before

    def test_closed_offers_of_a_part_that_is_no_more_leave_no_list(self, settings, trade):
        Workers(settings, parts=2).work()
        last = OfferRanking.objects.filter(part=1).first()
        SupplyOffer.objects.filter(pk=last.offer_id).update(status=OfferStatus.WITHDRAWN)
        settings.MATCHING_SHARDS = 1
        ranking.let_go()
        refresh.begin_part(0)
        assert not OfferRanking.objects.filter(offer=last.offer_id).exists()

    def test_open_duties_become_everybodys(self, settings, trade):
        """One was done by the part that left the offer out, one was its own and is not done."""
        Workers(settings, parts=2).work()
        done, waiting = OutboxMessage.objects.order_by("pk")[:2]
        for message, rank, rank_1 in ((done, "done", "done"), (waiting, "done", "pending")):
            for consumer, status in (("matchmaking.rank", rank), ("matchmaking.rank.1", rank_1)):
                finished = clock.now() if status == "done" else None
                InboxMessage.objects.create(
                    message=message, consumer=consumer, status=status, finished_at=finished
                )
        for parts, is_open in (
            (1, {"matchmaking.rank"}),
            (3, {"matchmaking.rank", "matchmaking.rank.1", "matchmaking.rank.2"}),
        ):
            settings.MATCHING_SHARDS = parts
            ranking.let_go()
            refresh.begin_part(0)
            duties = InboxMessage.objects.filter(status="pending")
            assert set(duties.values_list("message", "consumer")) == {
                (waiting.pk, name) for name in is_open
            }
