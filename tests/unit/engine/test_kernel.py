"""The compiled kernel lists exactly what the columnar functions list."""

from __future__ import annotations

import importlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import strategies as st

from matchmaking.engine import ranking
from matchmaking.engine.kernels import best
from matchmaking.engine.kernels.choice import Choice
from matchmaking.engine.records import Place
from matchmaking.engine.ruleset import DEFAULT_RULESET
from matchmaking.engine.values import DemandColumns, SupplyColumns
from tests.bench.matching_world import build_world
from tests.unit.engine.builders import TERRAIN, make_demand, make_supply, paper
from tests.unit.engine.strategies import demands, for_all, kind_demands, kind_supplies, supplies

FERRY = replace(TERRAIN, ferry_hours=np.where(TERRAIN.travel_hours > 2, 1.5, 0.0))
WAYS = (
    (best.best_per_demand, ranking.columnar_per_demand),
    (best.best_per_supply, ranking.columnar_per_supply),
)
offers = st.lists(supplies() | kind_supplies(), max_size=9, unique_by=lambda one: one.offer_id)
requests = st.lists(demands() | kind_demands(), max_size=6, unique_by=lambda one: one.request_id)
WEIGHTS = (
    DEFAULT_RULESET.weights,
    (0, 0, 0, 10_000, 0, 0, 0, 0),
    (9_000, 0, 0, 0, 0, 999, 1, 0),
    (0, 1_000, 0, 0, 3_000, 2_000, 0, 4_000),
)
shares = st.sampled_from([0.0, 0.3, 1.0])
rulesets = st.builds(
    replace,
    st.just(DEFAULT_RULESET),
    weights=st.sampled_from(WEIGHTS),
    closeness_set=shares,
    name_share=shares,
    unknown_fit=shares,
    shelf_life_share=shares,
    loading_hours=st.sampled_from([0.0, 2.0]),
    price_tolerance=st.sampled_from([0.1, 1e-9]),
    price_full_share=st.sampled_from([0.0, 0.9, 1.0]),
    minimum_score=st.sampled_from([0, 4_000]),
    margin_full_share=st.sampled_from([0.2, 1e-9, 3.0]),
    minimum_gain=st.sampled_from([0, 2_000, 4_500]),
    usual_hours=st.sampled_from([0.0, 4.0, 72.0]),
    papers_by_day=st.sampled_from([0, 1]),
    top_k=st.integers(1, 4),
)  # fmt: skip


def columns(offers, requests):
    return SupplyColumns.from_records(offers), DemandColumns.from_records(requests)


def assert_same(sides, terrain, ruleset, *, threads=1):
    for compiled, columnar in WAYS:
        found, wanted = (
            compiled(*sides, terrain, ruleset, threads=threads),
            columnar(*sides, terrain, ruleset),
        )
        for name in ("supply", "demand", "points"):
            np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name), name)


@for_all(offers, requests, rulesets, st.sampled_from([TERRAIN, FERRY]))
def test_kernel_lists_what_the_columns_list(offers, requests, ruleset, terrain):
    assert_same(columns(offers, requests), terrain, ruleset)


@pytest.fixture(scope="module")
def world():
    return build_world(2_000, 60, seed=5)


@pytest.mark.parametrize(
    "changes",
    [
        {"top_k": 3},
        {"minimum_score": 0},
        {"minimum_gain": 4_000, "margin_full_share": 1e-6},
        {
            "usual_hours": 0.0,
            "papers_by_day": 0,
            "weights": (500, 500, 500, 500, 500, 7_000, 0, 500),
        },
    ],
)
def test_pruning_loses_nothing_of_a_larger_world(world, changes):
    shuffled = np.random.default_rng(1).permutation(len(world.supply))
    sides = world.supply.take(shuffled), world.demand

    assert_same(sides, world.terrain, replace(DEFAULT_RULESET, **changes))


def test_whoever_wants_nothing_is_listed_by_nobody(world):
    wanted = np.where(np.arange(len(world.demand)) % 2, 0.0, world.demand.quantity_base)
    demand = replace(world.demand, quantity_base=wanted)

    assert_same((world.supply, demand), world.terrain, DEFAULT_RULESET)


def test_threads_share_the_work_and_change_nothing(world, monkeypatch):
    monkeypatch.setattr(best, "_ONE_THREAD_PAIRS", 100)

    assert_same((world.supply, world.demand), world.terrain, DEFAULT_RULESET, threads=3)


def test_two_periods_of_a_paper_are_weighed_as_by_the_columns():
    early, late = paper("food_safety", -300, 15), paper("food_safety", 20, 300)
    sides = columns([make_supply(papers=(early, late, paper("halal", 12, 30)))], [make_demand()])

    assert_same(sides, TERRAIN, DEFAULT_RULESET)
    assert len(best.best_per_demand(*sides, TERRAIN, DEFAULT_RULESET, threads=1).supply) == 1


def test_equal_scores_stand_in_order_of_id_also_at_the_edge_of_the_list():
    sides = columns([make_supply(offer_id=number) for number in (5, 3, 9, 4)], [make_demand()])

    assert_same(sides, TERRAIN, replace(DEFAULT_RULESET, top_k=2))


@pytest.mark.parametrize(
    "changes",
    [{"price_vnd_per_base": 1e13}, {"quantity_base": 1e-13}, {"last_day": 2**23}],
)
def test_what_single_precision_cannot_bound_is_left_to_the_columns(changes, monkeypatch):
    sides = columns([make_supply(**changes)], [make_demand()])
    assert best.best_per_demand(*sides, TERRAIN, DEFAULT_RULESET, threads=1) is None

    monkeypatch.setattr(ranking.CHOICE, "use", "always")
    found = ranking.top_k_per_demand(*sides, TERRAIN, DEFAULT_RULESET)

    wanted = ranking.columnar_per_demand(*sides, TERRAIN, DEFAULT_RULESET)
    assert found.score.tolist() == wanted.score.tolist()


@pytest.mark.parametrize("changes", [{"province": 4}, {"origin": Place(node=4)}])
def test_places_outside_the_land_are_an_error(changes):
    sides = columns([make_supply(**changes)], [make_demand()])

    with pytest.raises(IndexError, match=r"4 (nodes|provinces)"):
        best.best_per_demand(*sides, TERRAIN, DEFAULT_RULESET, threads=1)


def test_small_rankings_do_not_load_the_kernel_and_large_ones_do():
    choice = Choice()

    assert choice.kernel(pairs=1_000) is None
    assert choice.kernel(pairs=10**9) is best
    assert choice.kernel(pairs=1_000) is best


def test_kernel_can_be_switched_off():
    choice = Choice()
    choice.use = "never"
    choice.load()

    assert choice.kernel(pairs=10**9) is None


@pytest.mark.parametrize("error", [ImportError, OSError])
def test_without_numba_the_columns_rank(monkeypatch, error):
    def fail(name):
        raise error(name)

    choice = Choice()
    choice.use = "always"
    monkeypatch.setattr(importlib, "import_module", fail)

    assert choice.kernel(pairs=10**9) is None


def test_both_ways_of_ranking_use_the_kernel_once_it_is_loaded(monkeypatch):
    used = []
    sides = columns([make_supply()], [make_demand()])
    monkeypatch.setattr(ranking.CHOICE, "use", "always")
    ranking.CHOICE.load()
    for name in ("best_per_demand", "best_per_supply"):
        monkeypatch.setattr(best, name, _noting(getattr(best, name), used))

    scores = [
        rank(*sides, TERRAIN, DEFAULT_RULESET).score.tolist()
        for rank in (ranking.top_k_per_demand, ranking.top_k_per_supply)
    ]

    assert used == ["best_per_demand", "best_per_supply"]
    assert scores[0] == scores[1]


def _noting(function, used):
    def noted(*args, **options):
        used.append(function.__name__)
        return function(*args, **options)

    return noted
