"""Columns and the ways between places."""

from __future__ import annotations

import numpy as np
import pytest

from matchmaking.engine.ruleset import DEFAULT_RULESET
from matchmaking.engine.scoring import score_pairs
from matchmaking.engine.values import (
    DemandColumns,
    Pairs,
    Place,
    SupplyColumns,
    Terrain,
)
from tests.unit.engine.builders import TERRAIN, make_demand, make_supply


def way(destinations, **supply):
    columns = (
        SupplyColumns.from_records([make_supply(**supply)]),
        DemandColumns.from_records([make_demand(destinations=destinations)]),
    )
    return TERRAIN.routes(*columns, Pairs.every(*columns)).record(0)


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="length"):
        Pairs(supply=np.arange(2), demand=np.arange(3))


def test_matrices_of_different_size_are_refused():
    with pytest.raises(ValueError, match="square"):
        Terrain(travel_hours=np.eye(3), travel_km=np.eye(2), pacts=np.eye(2, dtype=bool))


def test_nearest_of_several_outlets_counts():
    assert way((Place(node=2), Place(node=1))).hours == 2.7


def test_ferry_to_an_outlet_can_make_another_one_nearer():
    found = way((Place(node=1, access_hours=40.0), Place(node=2)))

    assert (found.hours, found.km) == (34.0, 1_780.0)


def test_last_stretch_at_the_origin_is_added():
    found = way((Place(node=1),), origin=Place(node=0, access_hours=1.0, access_km=8.0))

    assert (found.hours, found.km) == (3.7, 163.0)


def test_outlet_of_unknown_place_does_not_shut_out_a_known_one():
    assert way((Place(), Place(node=1))).hours == 2.7
    assert way((Place(),)).hours is None
    assert way((Place(),)).reachable


def test_island_is_unreachable_unless_an_outlet_is_unknown():
    assert not way((Place(node=3),)).reachable
    assert way((Place(node=3), Place())).reachable


def test_shorter_list_of_outlets_is_not_filled_up_with_unknown_ones():
    supply = SupplyColumns.from_records([make_supply()])
    island = make_demand(destinations=(Place(node=3),))
    chain = make_demand(destinations=(Place(node=1), Place(node=2)))
    demand = DemandColumns.from_records([island, chain])

    routes = TERRAIN.routes(supply, demand, Pairs.every(supply, demand))

    assert [routes.record(row).reachable for row in range(2)] == [False, True]


def test_pact_and_own_province_are_the_same_good():
    assert way((Place(node=1),), province=1).has_pact
    assert way((Place(node=1),), province=2).has_pact
    assert not way((Place(node=1),), province=3).has_pact
    assert way((Place(node=1),), province=-1).has_pact is None


def test_no_pairs_give_an_empty_result():
    nothing = SupplyColumns.from_records([]), DemandColumns.from_records([])

    result = score_pairs(*nothing, TERRAIN, DEFAULT_RULESET, Pairs.every(*nothing))

    assert len(result) == 0
    assert result.score.tolist() == []


def test_many_pairs_are_judged_in_pieces_with_the_same_result():
    supply = SupplyColumns.from_records([make_supply(offer_id=at) for at in range(300)])
    demand = DemandColumns.from_records([make_demand(request_id=at) for at in range(300)])

    result = score_pairs(supply, demand, TERRAIN, DEFAULT_RULESET, Pairs.every(supply, demand))

    assert len(result) == 90_000
    assert len(set(result.score.tolist())) == 1
    assert result.demand[-1] == 299
