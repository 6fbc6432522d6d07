"""What a market gives and refuses, and what becomes of markets in parts."""

from __future__ import annotations

import importlib
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import strategies as st

from matchmaking.engine import market as market_module
from matchmaking.engine.kernels import keeping, layout, noting, shelves
from matchmaking.engine.kernels.choice import CHOICE
from matchmaking.engine.market import Market
from matchmaking.engine.markets.lists import Lists, merged
from matchmaking.engine.records import Place
from matchmaking.engine.values import DemandColumns, SupplyColumns
from tests.unit.engine.builders import TERRAIN, make_demand, make_supply, paper
from tests.unit.engine.dealing import RULES, columns, offers, settled_market
from tests.unit.engine.strategies import demands, for_all, kind_demands, kind_supplies, supplies


def test_columns_are_given_back_as_they_were_put():
    one, other = (
        make_supply(),
        make_supply(offer_id=2, papers=(paper("halal", -9, -1), paper("halal", 5))),
    )
    near, far = (
        make_demand(),
        make_demand(request_id=8, destinations=(Place(node=1), Place(node=2))),
    )
    market = Market(TERRAIN, RULES, is_compiled=False)
    for offer, request in ((one, near), (other, far)):
        supply, demand = columns([offer], [request])
        market.put_supplies(supply)
        market.put_demands(demand)
    held = market.supply_columns([2, 1]), market.demand_columns([8, 7])
    market.drop_supplies([1, 2])
    market.put_supplies(SupplyColumns.from_records([make_supply(offer_id=3, price_vnd_per_base=1)]))

    for mine, wanted in zip(held, columns([other, one], [far, near]), strict=True):
        for field in fields(wanted):
            np.testing.assert_array_equal(getattr(mine, field.name), getattr(wanted, field.name))


def test_older_versions_than_the_held_stay_out():
    market = Market(TERRAIN, RULES)
    newer, older = make_supply(version=2), make_supply(version=1, price_vnd_per_base=1.0)

    market.put_supplies(SupplyColumns.from_records([older, newer, older]))
    market.put_supplies(SupplyColumns.from_records([older]))

    assert market.supply_columns([1]).version.tolist() == [2]
    assert market.supply_columns([1]).price_vnd_per_base.tolist() == [300_000]


def test_who_is_not_held_has_no_columns_and_an_empty_list():
    market = Market(TERRAIN, RULES)
    market.settle()

    assert market.lists_of_demands([5]).counts.tolist() == [0]
    assert market.lists_of_demands([5]).ids.tolist() == [[0, 0]]
    with pytest.raises(KeyError, match="1 ids"):
        market.supply_columns([5])


@pytest.mark.parametrize(
    "put",
    [
        lambda market: market.put_supplies(SupplyColumns.from_records([make_supply(province=4)])),
        lambda market: market.put_supplies(
            SupplyColumns.from_records([make_supply(origin=Place(node=4))])
        ),
        lambda market: market.put_demands(
            DemandColumns.from_records([make_demand(destinations=(Place(node=9),))])
        ),
    ],
)
def test_places_outside_the_land_are_an_error_and_stay_out(put):
    market = Market(TERRAIN, RULES)

    with pytest.raises(IndexError, match=r"4 (nodes|provinces)"):
        put(market)

    assert (market.supply_count, market.demand_count) == (0, 0)


def test_ground_too_small_for_who_stands_is_an_error():
    market = Market(TERRAIN, RULES)
    market.put_demands(DemandColumns.from_records([make_demand(destinations=(Place(node=1),))]))
    small = replace(TERRAIN, travel_hours=np.zeros((1, 1)), travel_km=np.zeros((1, 1)))

    with pytest.raises(IndexError, match="1 nodes"):
        market.stand_on(small)

    assert market.terrain is TERRAIN


@pytest.mark.parametrize("error", [ImportError, OSError])
def test_without_numba_the_columns_keep_the_lists(monkeypatch, error):
    def fail(name):
        raise error(name)

    monkeypatch.setattr(CHOICE, "use", "auto")
    monkeypatch.setattr(importlib, "import_module", fail)

    assert isinstance(Market(TERRAIN, RULES)._keeper, market_module.ColumnarKeeper)


@pytest.mark.parametrize(("use", "name"), [("auto", "CompiledKeeper"), ("never", "ColumnarKeeper")])
def test_the_kernel_keeps_the_lists_unless_it_is_switched_off(monkeypatch, use, name):
    monkeypatch.setattr(CHOICE, "use", use)

    assert type(Market(TERRAIN, RULES)._keeper).__name__ == name


def test_memory_is_told():
    market = Market(TERRAIN, RULES)
    before = market.memory_bytes

    market.put_supplies(SupplyColumns.from_records([make_supply()]))

    assert market.memory_bytes > before


def assert_equal(lists, others):
    for field in fields(Lists):
        np.testing.assert_array_equal(getattr(lists, field.name), getattr(others, field.name))


@for_all(
    st.lists(st.tuples(kind_supplies() | supplies(), st.integers(0, 2)), max_size=9),
    st.lists(kind_demands(), min_size=1, max_size=4),
)
def test_lists_of_regions_merge_to_those_of_the_whole(placed, requests):
    offers = [replace(one, offer_id=at) for at, (one, _region) in enumerate(placed)]
    requests = [replace(one, request_id=at) for at, one in enumerate(requests)]
    whole = settled_market(offers, requests)
    numbers = [one.request_id for one in requests]
    lists = []
    for region in range(3):
        mine = [one for one, (_offer, at) in zip(offers, placed, strict=True) if at == region]
        part = settled_market(mine, requests)
        held = [one.offer_id for one in mine]
        assert_equal(part.lists_of_supplies(held), whole.lists_of_supplies(held))
        lists.append(part.lists_of_demands(numbers))

    assert_equal(merged(lists, top_k=2), whole.lists_of_demands(numbers))


@for_all(st.lists(kind_supplies() | supplies(), max_size=9), st.lists(demands(), max_size=5))
def test_groups_of_categories_need_nobody_of_another_group(offers, requests):
    """Half of the requests and offers are of another group: all categories shifted."""
    offers = [
        replace(one, offer_id=at, category_order=one.category_order + at % 2 * 100)
        for at, one in enumerate(offers)
    ]
    requests = [
        replace(one, request_id=at, category_lo=one.category_lo + at % 2 * 100,
                category_hi=one.category_hi + at % 2 * 100)
        for at, one in enumerate(requests)
    ]  # fmt: skip
    whole = settled_market(offers, requests)
    for group in range(2):
        part = settled_market(offers[group::2], requests[group::2])
        for ids, name in ((offers, "supplies"), (requests, "demands")):
            mine = [at for at in range(len(ids)) if at % 2 == group]
            lists = (getattr(one, f"lists_of_{name}")(mine) for one in (part, whole))
            assert_equal(*lists)


@for_all(st.lists(offers, max_size=4), st.lists(kind_demands(), max_size=4), st.booleans())
def test_visitors_get_the_lists_they_would_have(offers, requests, is_compiled):
    offers = [replace(one, offer_id=at) for at, one in enumerate(offers)]
    requests = [replace(one, request_id=at) for at, one in enumerate(requests)]
    whole, market = settled_market(offers, requests), settled_market([], requests, is_compiled)

    found = market.requests_for(columns(offers, [])[0])

    assert_equal(found, whole.lists_of_supplies([one.offer_id for one in offers]))
    assert market.settle().demands.tolist() == []


@for_all(st.lists(offers, min_size=1, max_size=4))
def test_offers_are_noted_as_they_are_laid_out(offers):
    supply, rows = columns(offers, [])[0], np.arange(len(offers))[::-1].copy()
    wanted = layout.offer_rows(supply)
    found = np.zeros_like(wanted)

    noting.note_offers(noting.offers_of(supply), rows, found, rows)

    for name in wanted.dtype.names:
        np.testing.assert_array_equal(found[name], wanted[name])


def test_a_market_that_was_warmed_up_compiles_nothing_more(monkeypatch):
    monkeypatch.setattr(CHOICE, "use", "auto")
    market_module.warm_up()

    market = settled_market([make_supply(offer_id=at) for at in range(9)], [make_demand()])
    market.drop_supplies(range(8))
    market.settle()

    entries = keeping.walk_for, keeping.depart, noting.note_offers, shelves.shelve_requests
    assert [len(one.signatures) for one in entries] == [1, 1, 1, 1]
