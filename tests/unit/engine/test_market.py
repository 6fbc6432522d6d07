"""A market keeps exactly the lists that ranking all rows from scratch would give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import strategies as st

from matchmaking.engine import ranking
from matchmaking.engine.market import Market
from matchmaking.engine.ruleset import DEFAULT_RULESET
from matchmaking.engine.values import DemandColumns, SupplyColumns
from tests.unit.engine.builders import TERRAIN
from tests.unit.engine.strategies import demands, for_all, kind_demands, kind_supplies, supplies

FERRY = replace(TERRAIN, ferry_hours=np.where(TERRAIN.travel_hours > 2, 1.5, 0.0))
RULES = replace(DEFAULT_RULESET, top_k=2, minimum_score=2_000, minimum_gain=0)
ids = st.integers(1, 5)
offers = st.builds(replace, kind_supplies() | supplies(), offer_id=ids, version=st.integers(1, 2))
requests = st.builds(
    replace, kind_demands() | demands(), request_id=ids, version=st.integers(1, 2)
)
rulesets = st.sampled_from([
    RULES, replace(RULES, top_k=1), replace(RULES, top_k=3, minimum_gain=4_000),
    replace(RULES, weights=(0, 0, 5_000, 0, 5_000, 0, 0, 0)),
])  # fmt: skip
steps = st.lists(
    st.tuples(st.just("put_supplies"), st.lists(offers, max_size=3))
    | st.tuples(st.just("put_demands"), st.lists(requests, max_size=3))
    | st.tuples(st.just("drop_supplies"), st.lists(ids, max_size=2))
    | st.tuples(st.just("drop_demands"), st.lists(ids, max_size=2))
    | st.tuples(st.just("go_by"), rulesets)
    | st.tuples(st.just("stand_on"), st.sampled_from([TERRAIN, FERRY]))
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

    def settle(self):
        """Ids whose list is another now, of offers and of requests."""
        supply = SupplyColumns.from_records(list(self.offers.values()))
        demand = DemandColumns.from_records(list(self.requests.values()))
        sides = supply, demand, self.terrain, self.ruleset
        found = ranking.columnar_per_supply(*sides), ranking.columnar_per_demand(*sides)
        before, self.lists = self.lists, ({pk: [] for pk in self.offers}, {pk: [] for pk in self.requests})
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


@pytest.fixture(params=[False, True], ids=["columnar", "compiled"])
def is_compiled(request):
    return request.param


@for_all(steps, st.just(False))
def test_whatever_happens_lists_are_as_ranked_from_scratch(steps, is_compiled):
    market, model = Market(TERRAIN, RULES, is_compiled=is_compiled), Model()
    for name, what in steps:
        if name == "settle":
            assert_settled(market, model)
        else:
            taken(market, model, name, what)
    assert_settled(market, model)
    assert_settled(market, model)
