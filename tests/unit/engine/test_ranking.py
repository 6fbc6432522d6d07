"""The best partners, in an order that never wavers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import strategies as st

from matchmaking.engine.ranking import top_k_per_demand, top_k_per_supply
from matchmaking.engine.ruleset import CRITERIA, DEFAULT_RULESET, GAINS
from matchmaking.engine.scoring import score_pairs
from matchmaking.engine.values import DemandColumns, Pairs, SupplyColumns
from tests.unit.engine.builders import TERRAIN, make_demand, make_supply
from tests.unit.engine.strategies import demands, for_all, kind_demands, kind_supplies, supplies

SHORT = replace(DEFAULT_RULESET, top_k=2, minimum_score=4_000)
offers = st.lists(supplies() | kind_supplies(), max_size=6, unique_by=lambda one: one.offer_id)
requests = st.lists(demands() | kind_demands(), max_size=4, unique_by=lambda one: one.request_id)


def ranked(rank, offers, requests, ruleset=SHORT):
    """Pairs of ids with their scores, in order."""
    columns = SupplyColumns.from_records(offers), DemandColumns.from_records(requests)
    found = rank(*columns, TERRAIN, ruleset)
    return [
        (requests[d].request_id, offers[s].offer_id, score)
        for s, d, score in zip(found.supply, found.demand, found.score.tolist(), strict=True)
    ]


def expected(offers, requests, side):
    """The same by sorting every pair."""
    columns = SupplyColumns.from_records(offers), DemandColumns.from_records(requests)
    every = score_pairs(*columns, TERRAIN, SHORT, Pairs.every(*columns))
    pairs = [
        (requests[d].request_id, offers[s].offer_id, score)
        for s, d, score, fits, gains in zip(
            every.supply,
            every.demand,
            every.score.tolist(),
            every.is_eligible,
            [least_gain(points) for points in every.points.tolist()],
            strict=True,
        )
        if fits and score >= SHORT.minimum_score and gains >= SHORT.minimum_gain
    ]
    pairs.sort(key=lambda pair: (-pair[2], pair[1 - side]))
    owners = [r.request_id for r in requests] if side == 0 else [o.offer_id for o in offers]
    return [pair for owner in owners for pair in [p for p in pairs if p[side] == owner][:2]]


def least_gain(points):
    """The smaller of what buyer and seller gain, of 10,000."""
    earned, most = dict(zip(CRITERIA, points, strict=True)), SHORT.weight
    shares = [
        10_000 * sum(earned[name] for name in names) / sum(most(name) for name in names)
        for names in GAINS.values()
    ]
    return min(shares)


@for_all(offers, requests)
def test_top_of_each_request_equals_sorting_every_pair(offers, requests):
    assert ranked(top_k_per_demand, offers, requests) == expected(offers, requests, 0)


@for_all(offers, requests)
def test_top_of_each_offer_equals_sorting_every_pair(offers, requests):
    assert ranked(top_k_per_supply, offers, requests) == expected(offers, requests, 1)


@for_all(offers, kind_demands(), st.randoms())
def test_ranking_does_not_depend_on_the_order_of_rows(offers, request, random):
    shuffled = random.sample(offers, len(offers))

    assert ranked(top_k_per_demand, shuffled, [request]) == ranked(
        top_k_per_demand, offers, [request]
    )


@for_all(offers, kind_demands())
def test_an_unrelated_offer_changes_nothing(offers, request):
    stranger = make_supply(offer_id=0, category_order=999)

    before = ranked(top_k_per_demand, offers, [request])

    assert ranked(top_k_per_demand, [stranger, *offers], [request]) == before


def test_equal_scores_stand_in_order_of_offer_id():
    offers = [make_supply(offer_id=number) for number in (5, 3, 9, 4)]

    found = ranked(top_k_per_demand, offers, [make_demand()])

    assert [offer_id for _, offer_id, _ in found] == [3, 4]


@pytest.mark.parametrize(("minimum", "count"), [(0, 1), (9_400, 1), (9_600, 0)])
def test_pairs_by_which_one_side_gains_too_little_are_not_listed(minimum, count):
    """The fitting pair brings the buyer 94.9 and the seller 95.3 of 100."""
    rules = replace(DEFAULT_RULESET, minimum_gain=minimum)

    assert len(ranked(top_k_per_demand, [make_supply()], [make_demand()], rules)) == count


@pytest.mark.parametrize(("minimum", "count"), [(0, 1), (10_000, 0)])
def test_pairs_below_the_minimum_score_are_not_listed(minimum, count):
    rules = replace(DEFAULT_RULESET, minimum_score=minimum)

    assert len(ranked(top_k_per_demand, [make_supply()], [make_demand()], rules)) == count


def test_points_of_ranked_pairs_sum_to_their_score():
    columns = (
        SupplyColumns.from_records([make_supply()]),
        DemandColumns.from_records([make_demand()]),
    )

    found = top_k_per_demand(*columns, TERRAIN, DEFAULT_RULESET)

    assert found.points.sum(axis=1).tolist() == found.score.tolist()
    assert len(found) == 1
