"""The database can say itself whether its rankings are in order and true to their inputs."""

from __future__ import annotations

import io

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from buyers import selectors as buyers
from core.kernel import clock
from matchmaking import columns, rankings
from matchmaking.engine.markets.lists import Lists
from matchmaking.engine.ranking import top_k_per_supply
from matchmaking.engine.ruleset import Ruleset as Rules
from matchmaking.engine.values import DemandColumns, SupplyColumns
from matchmaking.models import MarketState, OfferRanking, RequestRanking
from matchmaking.services.rulesets import ensure_ruleset
from producers import selectors as producers


@pytest.fixture
def pair(world) -> tuple[int, int]:
    """The offer and the request, each alone on the other's stored list."""
    ground, ruleset = columns.ground_on(clock.today()), ensure_ruleset()
    supply = SupplyColumns.from_records(columns.supplies(producers.offer_facts(), ground=ground))
    demand = DemandColumns.from_records(columns.demands(buyers.request_facts(None), ground=ground))
    rules = Rules.from_json(ruleset.rules)
    (score,) = top_k_per_supply(supply, demand, ground.terrain, rules).score
    for store, inputs, owners, partners in (
        (rankings.store_offer_rankings, supply, supply.offer_id, demand.request_id),
        (rankings.store_request_rankings, demand, demand.request_id, supply.offer_id),
    ):
        lists = Lists(
            ids=partners[:, None],
            scores=np.array([[score]], dtype=np.int32),
            counts=np.ones(1, dtype=np.int64),
        )
        given = rankings.Rankings(
            owners=owners, versions=inputs.version, lists=lists, inputs=inputs
        )
        store(given, ruleset_id=ruleset.pk, horizon=1)
    rankings.note_state(MarketState(shard=0, horizon=1, ruleset_id=ruleset.pk, ground=ground.name))
    return world.offer.pk, world.request.pk


def test_true_rankings_hold(pair):
    out = io.StringIO()
    call_command("invariants", stdout=out)
    assert "2 pairs of them were judged again" in out.getvalue()
    assert rankings.lists_out_of_order() == ([], [])


def test_another_score_is_named(pair):
    stored = OfferRanking.objects.get()
    stored.scores = (int.from_bytes(stored.scores, "big") - 1).to_bytes(2, "big")
    stored.save()
    assert rankings.rejudge() == (2, [pair])
    with pytest.raises(CommandError, match="1 ranked pairs .*: {}–{}$".format(*pair)):
        call_command("invariants")


def test_rankings_on_other_roads_are_not_judged_by_those_of_now(pair):
    OfferRanking.objects.update(scores=b"\1\0")
    MarketState.objects.update(ground="other roads")
    assert rankings.rejudge() == (0, [])


@pytest.mark.parametrize(
    ("partners", "scores"),
    [
        ((3, 4), (8_000, 9_000)),
        ((4, 3), (9_000, 9_000)),
        ((3, 3), (9_000, 9_000)),
        ((3,), (9_000, 8_000)),
        ((3, 4), (9_000,)),
    ],
)
def test_lists_out_of_order_are_named(pair, partners, scores):
    ids = b"".join(one.to_bytes(8, "big") for one in partners)
    points = b"".join(one.to_bytes(2, "big") for one in scores)
    for model in (OfferRanking, RequestRanking):
        model.objects.update(count=2, partner_ids=ids, scores=points)
    assert rankings.lists_out_of_order() == ([pair[0]], [pair[1]])


def test_a_list_in_order_is_not_named(pair):
    ids = b"".join(one.to_bytes(8, "big") for one in (9, 3, 4))
    points = b"".join(one.to_bytes(2, "big") for one in (9_000, 8_000, 8_000))
    OfferRanking.objects.update(count=3, partner_ids=ids, scores=points)
    RequestRanking.objects.update(count=0, partner_ids=b"", scores=b"")
    assert rankings.lists_out_of_order() == ([], [])
