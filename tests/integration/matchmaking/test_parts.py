"""A market ranked in parts: the same lists and matches, whoever holds what, and moved at will."""

from __future__ import annotations

import pytest

from core.kernel.context import Context
from core.outbox.models import OutboxMessage
from core.outbox.registry import Delivery
from matchmaking import handlers
from matchmaking.events import RankingsChanged
from matchmaking.models import MarketState, OfferRanking, RequestRanking
from matchmaking.services import ranking
from matchmaking.services.owners import RANKED_EVENTS
from tests.factories import trade as trading

RANKED = {one.type: one for one in RANKED_EVENTS}


class Workers:
    """One worker for each part, who carry out what was announced, in whatever order."""

    def __init__(self, settings, *, parts: int) -> None:
        settings.MATCHING_SHARDS = parts
        ranking.let_go()
        self._parts, self._turn = range(parts), 0
        self._done = max(OutboxMessage.objects.values_list("pk", flat=True), default=0)

    def work(self) -> None:
        """Carry out all that is open, and what it causes."""
        while fresh := list(OutboxMessage.objects.filter(pk__gt=self._done).order_by("pk")):
            self._done, self._turn = fresh[-1].pk, self._turn + 1
            ranked = [
                Delivery(RANKED[one.type].from_payload(one.payload), Context())
                for one in fresh
                if one.type in RANKED
            ]
            for part in self._parts if self._turn % 2 else reversed(self._parts):
                handlers.rank_many(ranked, part=part)
            for one in fresh:
                if one.type == RankingsChanged.type:
                    handlers.expand_changed(RankingsChanged.from_payload(one.payload))


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
    trade = trading.draw(offers=36, requests=18)
    drafts = trading.Drafts(trade)
    found = []
    for parts in (1, 2, 5):
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
    assert found[2] == found[0]
