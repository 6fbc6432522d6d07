"""What must hold for every offer, request and way."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import strategies as st

from matchmaking.engine.explain import explain
from matchmaking.engine.ranking import top_k_per_demand
from matchmaking.engine.records import Demand, HeldPaper, Route, Supply
from matchmaking.engine.ruleset import CRITERIA, DEFAULT_RULESET, FULL_SCORE, Ruleset
from matchmaking.engine.scoring import score_pairs
from matchmaking.engine.values import DemandColumns, Pairs, SupplyColumns
from tests.unit.engine import oracle
from tests.unit.engine.builders import TERRAIN, codes
from tests.unit.engine.strategies import (
    demands,
    for_all,
    kind_demands,
    kind_supplies,
    papers,
    periods,
    supplies,
)

any_supply = supplies() | kind_supplies()
any_demand = demands() | kind_demands()


def scored(supply, demand, pairs=None):
    columns = SupplyColumns.from_records(supply), DemandColumns.from_records(demand)
    pairs = pairs or Pairs.every(*columns)
    return score_pairs(*columns, TERRAIN, DEFAULT_RULESET, pairs)


def explained(supply, demand):
    return explain(supply, demand, oracle.route_of(supply, demand, TERRAIN), DEFAULT_RULESET)


@for_all(any_supply, any_demand)
def test_columns_agree_with_plain_python(supply, demand):
    route = oracle.route_of(supply, demand, TERRAIN)
    plain = oracle.Pair(supply, demand, route, DEFAULT_RULESET)

    found = explain(supply, demand, route, DEFAULT_RULESET)

    assert codes(found) == plain.refusals()
    assert {part.code: part.fit for part in found.parts} == pytest.approx(plain.fits(), abs=1e-12)
    assert {part.code: part.points for part in found.parts} == plain.points()


@for_all(st.lists(any_supply, max_size=4), st.lists(any_demand, max_size=4))
def test_batch_equals_each_pair_alone(offers, requests):
    batch = scored(offers, requests)

    for row in range(len(batch)):
        alone = explained(offers[batch.supply[row]], requests[batch.demand[row]])
        assert alone.score == batch.score[row]
        assert [part.points for part in alone.parts] == batch.points[row].tolist()
        assert [part.known for part in alone.parts] == batch.known[row].tolist()
        assert alone.eligible == batch.is_eligible[row]


@for_all(any_supply, any_demand)
def test_terrain_finds_the_same_way_as_plain_python(supply, demand):
    columns = SupplyColumns.from_records([supply]), DemandColumns.from_records([demand])

    way = TERRAIN.routes(*columns, Pairs.every(*columns)).record(0)

    assert way == oracle.route_of(supply, demand, TERRAIN)


@for_all(any_supply, any_demand)
def test_score_is_the_sum_of_its_parts_and_within_range(supply, demand):
    found = explained(supply, demand)

    assert found.score == sum(part.points for part in found.parts)
    assert all(0 <= part.points <= part.weight for part in found.parts)
    assert 0 <= found.score <= FULL_SCORE


@for_all(any_supply, any_demand)
def test_score_recomputed_from_stored_json_is_the_same(supply, demand):
    route = oracle.route_of(supply, demand, TERRAIN)
    stored = json.dumps([one.to_json() for one in (supply, demand, route, DEFAULT_RULESET)])

    first, second, way, rules = json.loads(stored)
    again = explain(
        Supply.from_json(first),
        Demand.from_json(second),
        Route.from_json(way),
        Ruleset.from_json(rules),
    )

    assert again == explain(supply, demand, route, DEFAULT_RULESET)


@for_all(kind_supplies(), kind_demands(), st.floats(0, 5_000))
def test_more_quantity_never_hurts(supply, demand, extra):
    more = replace(supply, quantity_base=supply.quantity_base + extra)

    assert_no_worse(explained(more, demand), explained(supply, demand))


@for_all(any_supply, any_demand, st.integers(0, 30_000))
def test_a_lower_price_never_hurts(supply, demand, extra):
    cheap = replace(supply, price_vnd_per_base=supply.price_vnd_per_base or 0)
    dear = replace(cheap, price_vnd_per_base=cheap.price_vnd_per_base + extra)

    assert_no_worse(explained(cheap, demand), explained(dear, demand))


@for_all(any_supply, any_demand, st.floats(0, 20), st.floats(0, 900))
def test_a_shorter_way_never_hurts(supply, demand, hours, km):
    near = Route(hours=3.0, km=150.0, reachable=True, has_pact=False)
    far = replace(near, hours=near.hours + hours, km=near.km + km)

    found = [explain(supply, demand, way, DEFAULT_RULESET) for way in (near, far)]

    assert_no_worse(*found)


@for_all(any_supply, any_demand, st.integers(0, 5))
def test_more_stars_never_hurt(supply, demand, stars):
    fewer = explained(replace(supply, stars=min(supply.stars, stars)), demand)
    more = explained(replace(supply, stars=max(supply.stars, stars)), demand)

    # Enough stars may still be stars that have lapsed: another reason, not one more.
    assert more.score >= fewer.score
    assert more.eligible or len(more.refusals) <= len(fewer.refusals)
    assert more.eligible or not fewer.eligible


@for_all(any_supply, any_demand, periods)
def test_another_kind_of_paper_never_hurts(supply, demand, period):
    extra = HeldPaper(kind="halal", valid_from=period[0] - 20, valid_to=period[1] + 20)
    more = replace(supply, papers=(*supply.papers, extra))

    assert_no_worse(explained(more, demand), explained(supply, demand))


@for_all(any_supply, any_demand, papers())
def test_more_papers_of_any_kind_never_hurt_who_may_trade(supply, demand, extra):
    fewer, more = (
        explained(one, demand) for one in (supply, replace(supply, papers=(*supply.papers, extra)))
    )

    if fewer.eligible:
        assert more.eligible
        assert more.score >= fewer.score


@for_all(any_supply, any_demand)
def test_every_delivery_day_rests_on_valid_papers(supply, demand):
    found = scored([supply], [demand])
    held = [(one.kind, one.valid_from, one.valid_to) for one in supply.papers]

    if found.is_eligible[0]:
        for day in range(found.delivery_first[0], found.delivery_last[0] + 1):
            valid = {kind for kind, first, last in held if first <= day <= last}
            required = {name.split(":")[0] for name in demand.required_papers}
            assert required <= valid


@for_all(st.lists(any_supply, min_size=2, max_size=4), any_demand, st.randoms())
def test_order_and_identifiers_do_not_change_scores(offers, demand, random):
    shuffled = random.sample(offers, len(offers))
    renamed = [replace(one, offer_id=one.offer_id + 9, version=3) for one in shuffled]

    before, after = scored(offers, [demand]), scored(renamed, [demand])

    assert sorted(before.score) == sorted(after.score)
    assert sorted(before.refusals) == sorted(after.refusals)


@for_all(st.lists(any_supply, max_size=4), any_demand)
def test_organisations_may_be_renamed(offers, demand):
    def renamed(one):
        return replace(one, organisation_id=one.organisation_id * 7 + 1_000)

    before, after = scored(offers, [demand]), scored(list(map(renamed, offers)), [renamed(demand)])

    assert after.score.tolist() == before.score.tolist()
    assert after.refusals.tolist() == before.refusals.tolist()


@for_all(
    st.lists(any_supply, min_size=1, max_size=5), any_supply, kind_demands(), st.integers(1, 3)
)
def test_another_offer_changes_nothing_for_the_others(offers, newcomer, demand, top_k):
    offers = [replace(one, offer_id=number) for number, one in enumerate(offers, start=2)]
    before = listed(offers, demand, top_k=top_k)
    after = listed([*offers, replace(newcomer, offer_id=1)], demand, top_k=top_k)

    others = [line for line in after if line[0] != 1]
    assert others == before[: len(others)]
    assert len(others) >= min(len(before), top_k - 1)


def listed(offers, demand, *, top_k):
    """Offers listed for a request with their points, by the number of the offer."""
    columns = SupplyColumns.from_records(offers), DemandColumns.from_records([demand])
    ranked = top_k_per_demand(*columns, TERRAIN, replace(DEFAULT_RULESET, top_k=top_k))
    ids = columns[0].offer_id[ranked.supply]
    return list(zip(ids.tolist(), ranked.points.tolist(), strict=True))


@for_all(any_supply, any_demand)
def test_whatever_is_told_of_a_pair_is_finite(supply, demand):
    found = explained(supply, demand)
    changes = [one.nearest_change for one in found.refusals if one.nearest_change]

    for told in (*found.parts, *found.refusals, *changes):
        assert all(math.isfinite(value) for value in told.facts.values())


@for_all(any_supply, any_demand)
def test_unknown_is_flagged_and_earns_the_presumed_fit(supply, demand):
    for at, part in enumerate(explained(supply, demand).parts):
        presumed = round(DEFAULT_RULESET.weights[at] * DEFAULT_RULESET.unknown_fit)
        assert part.code == CRITERIA[at]
        assert part.known == (part.fit is not None)
        assert part.known or part.points == presumed


def assert_no_worse(better, worse):
    assert better.score >= worse.score
    assert set(codes(better)) <= set(codes(worse))
