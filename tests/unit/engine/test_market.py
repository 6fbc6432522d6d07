"""A market keeps exactly the lists that ranking all rows from scratch would give."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from hypothesis import strategies as st

from matchmaking.engine import ranking
from matchmaking.engine.kernels import keeping
from matchmaking.engine.kernels.choice import CHOICE
from matchmaking.engine.market import Market
from matchmaking.engine.markets import compiled, sides
from matchmaking.engine.ruleset import DEFAULT_RULESET
from matchmaking.engine.values import DemandColumns, SupplyColumns
from tests.bench.matching_world import build_world
from tests.unit.engine.builders import TERRAIN, make_demand, make_supply
from tests.unit.engine.dealing import RULES, columns, few, offers, settled_market
from tests.unit.engine.strategies import demands, for_all, kind_demands, kind_supplies

MOVED = 2
"""The node whose ways alone are others in `FAR`."""
FAR = replace(TERRAIN, travel_hours=TERRAIN.travel_hours.copy())
FAR.travel_hours[MOVED, :MOVED] += 9.0
FAR.travel_hours[:MOVED, MOVED] += 9.0
FERRY = replace(TERRAIN, ferry_hours=np.where(TERRAIN.travel_hours > 2, 1.5, 0.0))
requests = st.builds(replace, kind_demands() | demands(), request_id=few, version=st.integers(1, 2))
rulesets = st.sampled_from([
    RULES, replace(RULES, top_k=1), replace(RULES, top_k=3, minimum_gain=4_000),
    replace(RULES, weights=(0, 0, 5_000, 0, 5_000, 0, 0, 0)),
])  # fmt: skip
steps = st.lists(
    st.tuples(st.just("put_supplies"), st.lists(offers, max_size=3))
    | st.tuples(st.just("put_demands"), st.lists(requests, max_size=3))
    | st.tuples(st.just("drop_supplies"), st.lists(few, max_size=2))
    | st.tuples(st.just("drop_demands"), st.lists(few, max_size=2))
    | st.tuples(st.just("go_by"), rulesets)
    | st.tuples(st.just("stand_on"), st.sampled_from([TERRAIN, FERRY]))
    | st.tuples(st.just("move"), st.sampled_from([TERRAIN, FAR]))
    | st.tuples(st.just("settle"), st.none()),
    max_size=14,
)


class Model:
    """The same market as dictionaries, ranked from scratch."""

    def __init__(self):
        self.offers, self.requests, self.terrain, self.ruleset = {}, {}, TERRAIN, RULES
        self.lists = {}, {}

    def put_supplies(self, records):
        for one in sorted(records, key=lambda one: one.version):
            if one.version >= self.offers.get(one.offer_id, one).version:
                self.offers[one.offer_id] = one

    def put_demands(self, records):
        for one in sorted(records, key=lambda one: one.version):
            if one.version >= self.requests.get(one.request_id, one).version:
                self.requests[one.request_id] = one

    def drop_supplies(self, numbers):
        self.offers = {pk: one for pk, one in self.offers.items() if pk not in numbers}

    def drop_demands(self, numbers):
        self.requests = {pk: one for pk, one in self.requests.items() if pk not in numbers}

    def go_by(self, ruleset):
        self.ruleset = ruleset

    def stand_on(self, terrain):
        self.terrain = terrain

    def touched(self):
        """Those who live at the node that moves, by name of their side."""
        requests = self.requests.items()
        return {
            "supplies": [pk for pk, one in self.offers.items() if one.origin.node == MOVED],
            "demands": [
                pk for pk, one in requests if MOVED in {at.node for at in one.destinations}
            ],
        }

    def settle(self):
        """Ids whose list is another now, of offers and of requests."""
        supply = SupplyColumns.from_records(list(self.offers.values()))
        demand = DemandColumns.from_records(list(self.requests.values()))
        sides = supply, demand, self.terrain, self.ruleset
        found = ranking.columnar_per_supply(*sides), ranking.columnar_per_demand(*sides)
        before, self.lists = (
            self.lists,
            ({pk: [] for pk in self.offers}, {pk: [] for pk in self.requests}),
        )
        for one, lists, side in zip(found, self.lists, (0, 1), strict=True):
            for s, d, score in zip(one.supply, one.demand, one.score, strict=True):
                pair = int(supply.offer_id[s]), int(demand.request_id[d])
                lists[pair[side]].append((pair[1 - side], int(score)))
        return tuple(
            sorted(pk for pk, one in lists.items() if one != old.get(pk, []))
            for lists, old in zip(self.lists, before, strict=True)
        )


def taken(market, model, name, what):
    """Take one step with both."""
    if name == "move":
        is_known = model.terrain in (TERRAIN, FAR)
        market.stand_on(what, **(model.touched() if is_known else {}))
        model.stand_on(what)
        return
    getattr(model, name)(what)
    if name == "put_supplies":
        what = SupplyColumns.from_records(what)
    elif name == "put_demands":
        what = DemandColumns.from_records(what)
    getattr(market, name)(what)


def as_pairs(lists, numbers):
    """Lists by the id of their owner."""
    tables = zip(lists.ids.tolist(), lists.scores.tolist(), lists.counts.tolist(), strict=True)
    return {
        pk: list(zip(members[:count], scores[:count], strict=True))
        for pk, (members, scores, count) in zip(numbers, tables, strict=True)
    }


def assert_settled(market, model):
    settled, expected = market.settle(), model.settle()

    assert (settled.supplies.tolist(), settled.demands.tolist()) == expected
    assert market.supply_ids().tolist() == sorted(model.offers)
    assert market.demand_ids().tolist() == sorted(model.requests)
    assert as_pairs(market.lists_of_supplies(model.offers), model.offers) == model.lists[0]
    assert as_pairs(market.lists_of_demands(model.requests), model.requests) == model.lists[1]


@for_all(steps, st.booleans(), st.sampled_from([0, 2_000]))
def test_whatever_happens_lists_are_as_ranked_from_scratch(steps, is_compiled, many):
    market, model = Market(TERRAIN, RULES, is_compiled=is_compiled), Model()
    with mock.patch.object(sides, "_MANY", many):
        for name, what in steps:
            if name == "settle":
                assert_settled(market, model)
            else:
                taken(market, model, name, what)
        assert_settled(market, model)
        assert_settled(market, model)


@pytest.fixture(scope="module")
def world():
    return build_world(1_500, 150, seed=5)


def assert_ranked(market, ruleset):
    """The market's lists are those of its rows ranked from scratch."""
    offers, requests = market.supply_ids(), market.demand_ids()
    sides = market.supply_columns(offers), market.demand_columns(requests)
    for rank, owner, partner, ids, lists in (
        ("columnar_per_supply", "supply", "demand", requests, market.lists_of_supplies(offers)),
        ("columnar_per_demand", "demand", "supply", offers, market.lists_of_demands(requests)),
    ):
        found = getattr(ranking, rank)(*sides, market.terrain, ruleset)
        is_used = np.arange(ruleset.top_k) < lists.counts[:, None]
        assert np.nonzero(is_used)[0].tolist() == getattr(found, owner).tolist()
        assert lists.ids[is_used].tolist() == ids[getattr(found, partner)].tolist()
        assert lists.scores[is_used].tolist() == found.score.tolist()
        assert not lists.ids[~is_used].any()


@pytest.mark.parametrize("rows", [1_000, 10**9], ids=["threads", "one thread"])
def test_lists_of_a_larger_world_outlast_arrivals_and_departures(world, rows, monkeypatch):
    monkeypatch.setattr(compiled, "_ONE_THREAD_ROWS", rows)
    monkeypatch.setattr(CHOICE, "threads", 2)
    random, rules = np.random.default_rng(2), replace(DEFAULT_RULESET, top_k=8)
    offers, requests = random.permutation(1_500), random.permutation(150)
    market = Market(world.terrain, rules, is_compiled=True)
    market.put_supplies(world.supply.take(offers[:1_200]))
    market.put_demands(world.demand.take(requests[:120]))
    market.settle()
    for step in range(3):
        news = slice(1_200 + 100 * step, 1_300 + 100 * step)
        market.put_supplies(world.supply.take(offers[news]))
        market.drop_supplies(world.supply.offer_id[offers[150 * step : 150 * (step + 1)]])
        market.put_demands(world.demand.take(requests[120 + 10 * step : 130 + 10 * step]))
        market.drop_demands(world.demand.request_id[requests[12 * step : 12 * (step + 1)]])
        market.settle()

    assert_ranked(market, rules)
    assert (market.supply_count, market.demand_count) == (1_050, 114)


def test_equals_stand_in_order_of_id_also_where_nobody_sees_them_yet():
    """Lists are kept longer than they are shown, and the place behind the last is fought for."""
    market = settled_market([make_supply(offer_id=at) for at in (5, 6, 7, 9)], [make_demand()])
    market.put_supplies(SupplyColumns.from_records([make_supply(offer_id=8)]))
    market.settle()
    market.drop_supplies([5, 6])
    market.settle()

    assert market.lists_of_demands([7]).ids.tolist() == [[7, 8]]


@pytest.mark.parametrize("name", ["stand_on", "go_by"])
def test_other_ground_and_rules_leave_no_way_as_it_was(name):
    """With one offer and one request, the way worked out last is the first to be asked for."""
    market = settled_market([make_supply()], [make_demand()])
    hours = TERRAIN.travel_hours + np.where(TERRAIN.travel_hours > 0, 9.0, 0.0)
    others = {
        "stand_on": replace(TERRAIN, travel_hours=hours),
        "go_by": replace(RULES, loading_hours=RULES.loading_hours + 9),
    }
    before = market.lists_of_supplies([1]).scores

    getattr(market, name)(others[name])

    assert market.settle().supplies.tolist() == [1]
    assert (market.lists_of_supplies([1]).scores < before).all(where=[True, False])
    assert_ranked(market, market.ruleset)


def test_a_market_whose_lists_lost_nobody_they_miss_ranks_nobody_again(world, monkeypatch):
    market = Market(world.terrain, DEFAULT_RULESET, is_compiled=True)
    market.put_supplies(world.supply)
    market.put_demands(world.demand)
    market.settle()
    walked = []
    monkeypatch.setattr(keeping, "walk_for", lambda walk, rows: walked.append(len(rows)))

    market.drop_supplies(world.supply.offer_id[:3])
    market.settle()

    assert walked == []


ODD = [
    {"price_vnd_per_base": 1e39},
    {"price_vnd_per_base": 1e-45},
    {"quantity_base": 1e-45},
    {"quantity_base": 1e39, "minimum_lot_base": 1e39},
    {"shelf_life_days": 1e39},
    {"kg_per_base": 1e39},
    {"first_day": -(2**23)},
]
ODD_REQUESTS = [
    {"price_ceiling_vnd_per_base": 1e39},
    {"price_ceiling_vnd_per_base": 1e40},
    {"quantity_base": 1e-45},
    {"quantity_base": 1e39},
    {"max_lead_hours": 1e39},
    {"last_day": 2**23},
]


def odd_ones(ones, changes):
    return st.lists(st.builds(lambda one, odd: replace(one, **odd), ones, st.sampled_from(changes)))


@for_all(
    odd_ones(kind_supplies(), ODD),
    st.lists(kind_supplies(), max_size=3),
    odd_ones(kind_demands(), ODD_REQUESTS),
    st.lists(kind_demands(), max_size=3),
    st.sampled_from([2_000, 5_000, 6_000, 7_000, 8_000]),
)
def test_amounts_beyond_single_precision_are_judged_as_exactly(
    offers, usual, odd, requests, minimum
):
    """The higher the minimum, the more depends on a bound that is not too low."""
    rules = replace(RULES, minimum_score=minimum)
    market = Market(TERRAIN, rules, is_compiled=True)
    offers = [replace(one, offer_id=at) for at, one in enumerate([*offers, *usual])]
    requests = [replace(one, request_id=at) for at, one in enumerate([*odd, *requests])]
    sides = columns(offers, requests)
    market.put_supplies(sides[0])
    market.settle()
    market.put_demands(sides[1])
    market.settle()

    assert_ranked(market, rules)


@pytest.mark.parametrize(
    ("offered", "asked"),
    [
        ({"price_vnd_per_base": 1e39}, {"price_ceiling_vnd_per_base": 1.05e39}),
        ({"shelf_life_days": 1e39}, {"max_lead_hours": None}),
        ({"shelf_life_days": None}, {"max_lead_hours": 1e39}),
    ],
    ids=["price", "shelf life", "lead time"],
)
def test_a_bound_without_any_slack_holds_where_single_precision_does_not(offered, asked):
    """What is infinite in single precision would be unknown; the minimum is the pair's score."""
    name, rules = "Chả mực", replace(RULES, usual_hours=0)
    offer = make_supply(leaf_name=name, product_name=name, **offered)
    sides = columns([offer], [make_demand(words=name, **asked)])
    score = int(ranking.columnar_per_demand(*sides, TERRAIN, rules).score[0])
    market = Market(TERRAIN, replace(rules, minimum_score=score), is_compiled=True)

    market.put_supplies(sides[0])
    market.put_demands(sides[1])
    market.settle()

    assert market.lists_of_demands([7]).scores.tolist() == [[score, 0]]
    assert market.lists_of_supplies([1]).scores.tolist() == [[score, 0]]
