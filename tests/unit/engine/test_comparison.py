"""What other rules would change, counted on small lists that can be checked by hand."""

from __future__ import annotations

from dataclasses import replace
from math import log2

import numpy as np
import pytest

from matchmaking.engine.comparison import attention, compare
from matchmaking.engine.exposure import Shortfalls
from matchmaking.engine.ranking import top_k_per_demand
from matchmaking.engine.ruleset import DEFAULT_RULESET
from matchmaking.engine.values import DemandColumns, SupplyColumns
from tests.unit.engine.builders import TERRAIN, make_demand, make_supply

# Near and dear, far and cheap: the weights decide which of the two stands first.
NEAR = make_supply(offer_id=1, organisation_id=101, price_vnd_per_base=340_000.0)
CHEAP = make_supply(
    offer_id=2, organisation_id=102, price_vnd_per_base=260_000.0, shelf_life_days=2.0
)
BY_PRICE = replace(DEFAULT_RULESET, weights=(2_500, 1_700, 3_000, 800, 700, 500, 0, 800))
BY_FRESHNESS = replace(DEFAULT_RULESET, weights=(2_500, 1_700, 200, 800, 4_000, 500, 300, 0))


def columns():
    return SupplyColumns.from_records([NEAR, CHEAP]), DemandColumns.from_records([make_demand()])


def test_the_same_rules_change_nothing():
    found = compare(*columns(), TERRAIN, before=DEFAULT_RULESET, after=DEFAULT_RULESET)

    assert (found.requests, found.changed_lists, found.changed_places) == (1, 0, 0)
    assert (found.places, found.pairs_gained, found.pairs_lost) == (2, 0, 0)
    assert all(before == after for before, after in found.attention.values())


def test_who_rises_by_other_rules_gains_the_attention_the_other_loses():
    found = compare(*columns(), TERRAIN, before=BY_PRICE, after=BY_FRESHNESS)

    first, second = 1.0, 1 / log2(3)
    assert found.attention == {
        101: (pytest.approx(second), pytest.approx(first)),
        102: (pytest.approx(first), pytest.approx(second)),
    }
    assert (found.changed_lists, found.changed_places) == (1, 0)


def test_a_pair_that_is_no_longer_worth_it_is_lost_and_found_again_the_other_way_round():
    strict = replace(DEFAULT_RULESET, minimum_score=10_000)

    lost = compare(*columns(), TERRAIN, before=DEFAULT_RULESET, after=strict)
    gained = compare(*columns(), TERRAIN, before=strict, after=DEFAULT_RULESET)

    assert (lost.pairs_gained, lost.pairs_lost, lost.places) == (0, 2, 0)
    assert (gained.pairs_gained, gained.changed_places) == (2, 2)
    assert set(lost.attention) == {101, 102}


def test_who_was_shown_little_gains_attention_once_the_rules_count_exposure():
    alike = replace(NEAR, offer_id=2, organisation_id=102)
    sides = (
        SupplyColumns.from_records([NEAR, alike]),
        DemandColumns.from_records([make_demand(), make_demand(request_id=8)]),
    )
    by_score = replace(DEFAULT_RULESET, exposure_points=0)
    lacking = Shortfalls({101: 0, 102: 10_000})

    found = compare(*sides, TERRAIN, before=by_score, after=DEFAULT_RULESET, shortfalls=lacking)

    first, second = 2.0, 2 / log2(3)
    assert found.attention == {
        101: (pytest.approx(first), pytest.approx(second)),
        102: (pytest.approx(second), pytest.approx(first)),
    }
    assert (found.changed_lists, found.pairs_gained, found.pairs_lost) == (2, 0, 0)


def test_attention_of_many_lists_is_the_sum_over_them():
    supply = SupplyColumns.from_records([NEAR, replace(CHEAP, organisation_id=101)])
    demand = DemandColumns.from_records([make_demand(), make_demand(request_id=8)])
    ranked = top_k_per_demand(supply, demand, TERRAIN, DEFAULT_RULESET)

    assert attention(ranked, organisation_of_supply=supply.organisation_id) == {
        101: pytest.approx(2 * (1 + 1 / log2(3)))
    }


def test_nobody_ranked_gets_no_attention():
    supply, demand = columns()
    ranked = top_k_per_demand(
        supply, demand, TERRAIN, replace(DEFAULT_RULESET, minimum_score=10_000)
    )

    assert attention(ranked, organisation_of_supply=np.array([101, 102])) == {}
