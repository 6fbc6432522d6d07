"""Two shards on two worker processes make what one makes, byte for byte, and go on when killed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.outbox.models import InboxMessage, OutboxMessage
from tests.factories import trade as trading
from tests.fault.conftest import SCALE, START_S, seconds_until

SETTLED_S = 60.0 * SCALE
"""The bound for one step of trade on two shared cores; on quiet ones it takes about a second."""
AFTER_KILLED_WORKER_S = 75.0
"""Its duties' lease of ten seconds, and the sweep for a ring it had taken: a minute at most."""

pytestmark = pytest.mark.slow


def nothing_is_open() -> bool:
    is_relayed = not OutboxMessage.objects.filter(relayed_at=None).exists()
    return is_relayed and not InboxMessage.objects.filter(status="pending").exists()


def trade_through(trade: trading.Trade, *, midway: Callable[[], None]) -> list[object]:
    """Trade without waiting for anybody, and return what stands once all is done.

    Which pairs got a match while lists were on their way depends on who was faster, so matches
    are looked at where lists have room for everybody.
    """
    trading.publish_rules(top_k=trading.FEW_PLACES)
    for number, step in enumerate(trade.steps()):
        step()
        if number == 4:
            midway()
    seconds_until(nothing_is_open, at_most=SETTLED_S)
    few, forgotten = trading.standing_lists(), trading.listed_without_match()
    trading.publish_rules(top_k=trading.MANY_PLACES)
    seconds_until(nothing_is_open, at_most=SETTLED_S)
    many = trading.standing_lists()
    assert (forgotten, trading.listed_without_match()) == (set(), set())
    return [few, many, trading.standing_matches()]


def test_two_shards_make_the_lists_and_matches_of_one(crew, start):
    size = min(SCALE, 4)  # every pair that fits becomes a match, twice
    trade = trading.draw(offers=36 * size, requests=18 * size)
    drafts = trading.Drafts(trade)
    one = trade_through(trade, midway=lambda: None)
    crew.dismiss()
    drafts.restore()

    two_shards = {"MATCHING_SHARDS": "2"}
    start("relay", **two_shards)
    start("worker", **two_shards)
    second = [start("second shard", **two_shards)]

    def kill_second() -> None:
        if SCALE > 1:
            seconds_until(lambda: _done_by("matchmaking.rank.1") > 0, at_most=START_S)
            second[0].kill()
            second[0] = start("second shard", **two_shards)

    two = trade_through(trade, midway=kill_second)

    assert _done_by("matchmaking.rank.1") > 0
    assert max(place for _owner, place, *_rest in one[0]["requests"]) == trading.FEW_PLACES
    assert two == one


@pytest.mark.skipif(SCALE == 1, reason="long")
def test_a_hot_standby_takes_over(crew):
    """Two workers on one queue: one is killed at work, the other goes on with its duties."""
    trade = trading.draw(offers=60, requests=30, seed=8)
    for number, step in enumerate(trade.steps()):
        step()
        if number == 4:
            crew.workers[0].kill()
    seconds_until(nothing_is_open, at_most=AFTER_KILLED_WORKER_S + SETTLED_S)
    assert trading.listed_without_match() == set()


def _done_by(consumer: str) -> int:
    return InboxMessage.objects.filter(consumer=consumer, status="done").count()
