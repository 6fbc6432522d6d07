"""Offers, requests and rules that tests of the market share: few ids, so that they meet often."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from matchmaking.engine.market import Market
from matchmaking.engine.ruleset import DEFAULT_RULESET
from matchmaking.engine.values import DemandColumns, SupplyColumns
from tests.unit.engine.builders import TERRAIN
from tests.unit.engine.strategies import kind_supplies, supplies

RULES = replace(DEFAULT_RULESET, top_k=2, minimum_score=2_000, minimum_gain=0)
few = st.integers(1, 5)
offers = st.builds(replace, kind_supplies() | supplies(), offer_id=few, version=st.integers(1, 2))


def columns(offers, requests):
    return SupplyColumns.from_records(offers), DemandColumns.from_records(requests)


def settled_market(offers, requests, is_compiled=True):
    supply, demand = columns(offers, requests)
    market = Market(TERRAIN, RULES, is_compiled=is_compiled)
    market.put_supplies(supply)
    market.put_demands(demand)
    market.settle()
    return market
