"""What a refused pair is told to change: followed, it fits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matchmaking.engine.eligibility import Refusal
from matchmaking.engine.explain import explain
from matchmaking.engine.records import Route
from matchmaking.engine.ruleset import DEFAULT_RULESET
from tests.unit.engine import oracle
from tests.unit.engine.builders import (
    DAY,
    NEAR,
    NEXT_LEAF,
    TERRAIN,
    codes,
    judged,
    make_demand,
    make_supply,
    paper,
)
from tests.unit.engine.following import follow
from tests.unit.engine.strategies import (
    demands,
    for_all,
    kind_demands,
    kind_supplies,
    supplies,
)

FAR = Route(hours=34.0, km=1780.0, reachable=True, has_pact=False)
CLOSED = Route(hours=None, km=None, reachable=False, has_pact=False)
# One pair for every gate, refused by nothing else.
ALONE = {
    "same_organisation": {"supply__organisation_id": 200},
    "category": {"supply__category_order": NEXT_LEAF},
    "dimension": {"supply__dimension": "count"},
    "window": {"supply__first_day": DAY + 50},
    "no_quantity": {"supply__quantity_base": 0.0},
    "below_minimum_lot": {"supply__minimum_lot_base": 1_000.7, "demand__quantity_base": 1_000.678},
    "papers_missing": {"demand__required_papers": ("food_safety", "growing_area_code:CN")},
    "papers_not_valid": {"supply__papers": (paper("food_safety", -300, 9),)},
    "stars_too_few": {"demand__minimum_stars": 5, "supply__stars_to": DAY},
    "stars_not_valid": {"supply__stars_to": DAY + 9},
    "storage": {"supply__storage": "chilled"},
    "invoice": {"supply__can_issue_invoice": False},
    "barcode": {"supply__has_gtin": False},
    "shelf_life": {"supply__shelf_life_days": 0.4},
    "lead_time": {"demand__max_lead_hours": 4.5},
    "price": {"supply__price_vnd_per_base": 385_000.0},
    "unreachable": {},
}
NOTHING_HELPS = {"same_organisation", "unreachable"}


@pytest.mark.parametrize("code", [str(gate.name).lower() for gate in Refusal])
def test_change_for_each_gate_makes_the_pair_fit(code):
    sides = {"supply": {}, "demand": {}}
    for name, value in ALONE[code].items():
        side, field = name.split("__")
        sides[side][field] = value
    supply, demand = make_supply(**sides["supply"]), make_demand(**sides["demand"])
    route = CLOSED if code == "unreachable" else NEAR
    (reason,) = explain(supply, demand, route, DEFAULT_RULESET).refusals

    assert reason.code == code
    if code in NOTHING_HELPS:
        assert reason.nearest_change is None
        return
    changed = follow(reason.nearest_change, supply, demand)
    assert explain(*changed, route, DEFAULT_RULESET).eligible


@pytest.mark.parametrize(
    ("changes", "code", "less"),
    [
        ("below_minimum_lot", "minimum_lot_base", 1_001),
        ("stars_too_few", "stars", 4),
        ("shelf_life", "shelf_life_days", 0),
        ("lead_time", "hours", 4),
    ],
)
def test_the_change_is_the_nearest(changes, code, less):
    (reason,) = judged(**ALONE[changes]).refusals
    change = reason.nearest_change
    nearer = replace(change, facts={**change.facts, code: less})
    sides = {"supply": {}, "demand": {}}
    for name, value in ALONE[changes].items():
        side, field = name.split("__")
        sides[side][field] = value

    changed = follow(nearer, make_supply(**sides["supply"]), make_demand(**sides["demand"]))

    assert not explain(*changed, NEAR, DEFAULT_RULESET).eligible


def test_lot_is_told_in_as_many_digits_as_are_shown():
    (reason,) = judged(**ALONE["below_minimum_lot"]).refusals

    assert reason.nearest_change.facts == {"minimum_lot_base": 1_000}


def test_offer_is_moved_to_days_on_which_its_papers_hold():
    found = judged(
        supply__first_day=DAY + 60,
        supply__last_day=DAY + 90,
        supply__papers=(paper("food_safety", -300, 30),),
        supply__stars_to=DAY + 28,
    )

    assert codes(found) == ["window"]
    assert found.refusals[0].nearest_change.facts == {"day": DAY + 28}


@for_all(supplies() | kind_supplies(), demands() | kind_demands())
def test_following_every_change_makes_any_pair_fit(supply, demand):
    route = oracle.route_of(supply, demand, TERRAIN)
    found = explain(supply, demand, route, DEFAULT_RULESET)
    if any(reason.nearest_change is None for reason in found.refusals):
        return
    only = codes(found)
    for _round in range(3):  # a quantity, a unit or a day that was missing may show another gate
        for reason in found.refusals:
            supply, demand = follow(reason.nearest_change, supply, demand)
        found = explain(supply, demand, route, DEFAULT_RULESET)
        if len(only) == 1 and only[0] not in {"dimension", "no_quantity"}:
            break

    assert found.eligible
