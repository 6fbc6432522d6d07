"""Stored inputs: what they refuse and how they come back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from matchmaking.engine.records import (
    PAPER_SLOTS,
    Demand,
    HeldPaper,
    Place,
    Route,
    Supply,
    paper_mask,
    slot_names,
    validity_of_slots,
)
from tests.unit.engine.builders import DAY, make_demand, make_supply, paper
from tests.unit.engine.strategies import demands, for_all, supplies


@for_all(supplies(), demands())
def test_records_come_back_from_json_as_they_were(supply, demand):
    stored = json.loads(json.dumps([supply.to_json(), demand.to_json()]))

    assert Supply.from_json(stored[0]) == supply
    assert Demand.from_json(stored[1]) == demand


@pytest.mark.parametrize(
    "route",
    [
        Route(hours=1.5, km=60.0, reachable=True, has_pact=False),
        Route(hours=None, km=None, reachable=True, has_pact=None),
        Route(hours=None, km=None, reachable=False, has_pact=True),
    ],
)
def test_routes_come_back_from_json_as_they_were(route):
    assert Route.from_json(json.loads(json.dumps(route.to_json()))) == route


@pytest.mark.parametrize("change", [{"extra": 1}, {"version": ...}])
def test_missing_and_unknown_keys_are_named(change):
    data = {**make_supply().to_json(), **change}
    data = {name: value for name, value in data.items() if value is not ...}

    with pytest.raises(ValueError, match=next(iter(change))):
        Supply.from_json(data)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dimension", "length"),
        ("storage", "warm"),
        ("last_day", DAY - 1),
        ("stars", 6),
        ("province", -2),
        ("quantity_base", -1.0),
        ("quantity_base", float("nan")),
        ("price_vnd_per_base", float("inf")),
        ("kg_per_base", 0.0),
    ],
)
def test_supply_refuses_what_cannot_be(field, value):
    with pytest.raises(ValueError, match=field):
        make_supply(**{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("storage_required", "warm"),
        ("category_hi", 10),
        ("last_day", DAY),
        ("minimum_stars", -1),
        ("required_papers", ("licence to kill",)),
        ("preferred_papers", ("vietgap:CN",)),
        ("max_lead_hours", -0.5),
    ],
)
def test_demand_refuses_what_cannot_be(field, value):
    with pytest.raises(ValueError, match=field):
        make_demand(**{field: value})


@pytest.mark.parametrize("changes", [{"kind": "x"}, {"markets": ("MARS",)}, {"markets": ("CN",)}])
def test_paper_refuses_unknown_kinds_and_markets(changes):
    with pytest.raises(ValueError, match="cannot be"):
        HeldPaper(**{"kind": "vietgap", "valid_from": 1, "valid_to": 2, **changes})


def test_route_refuses_hours_without_km_and_a_place_a_negative_ferry():
    with pytest.raises(ValueError, match="km"):
        Route(hours=1.0, km=None, reachable=True, has_pact=None)
    with pytest.raises(ValueError, match="hours"):
        Route(hours=1.0, km=1.0, reachable=False, has_pact=None)
    with pytest.raises(ValueError, match="access_hours"):
        Place(access_hours=-1.0)


def test_masks_and_names_of_papers_translate_both_ways():
    assert slot_names(paper_mask(("halal", "vietgap"))) == ("vietgap", "halal")
    assert slot_names((1 << len(PAPER_SLOTS)) - 1) == PAPER_SLOTS


def test_positions_of_paper_slots_never_move():
    assert PAPER_SLOTS.index("vietgap") == 0
    assert PAPER_SLOTS.index("growing_area_code:CN") == 19
    assert len(PAPER_SLOTS) <= 63


def test_periods_that_touch_are_one_and_a_useless_period_is_dropped():
    papers = paper("haccp", 0, 9), paper("haccp", 10, 20), paper("haccp", 30, 40)
    supply = make_supply(papers=papers, first_day=DAY, last_day=DAY + 25)

    assert list(validity_of_slots(supply).values()) == [[(DAY, DAY + 20)]]


def test_paper_revoked_before_it_began_is_not_held():
    supply = replace(make_supply(), papers=(paper("haccp", 5, 4),))

    assert validity_of_slots(supply) == {}
