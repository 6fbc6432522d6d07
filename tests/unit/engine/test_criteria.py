"""Each fit by example: its value, its numbers and when it is unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matchmaking.engine.records import Route
from matchmaking.engine.ruleset import DEFAULT_RULESET
from tests.unit.engine.builders import DAY, LEAF, judged, paper, part

BEFORE = replace(DEFAULT_RULESET, usual_hours=0.0, papers_by_day=0)
"""Rules stored before these two were thought of."""


def fit(code, **changes):
    return part(judged(**changes), code).fit


def test_the_very_leaf_is_closer_than_a_set_that_holds_it():
    assert fit("product", demand__words="") == 1.0
    assert fit("product", demand__words="", demand__category_hi=LEAF + 5) == 0.7


def test_words_that_name_the_leaf_are_a_perfect_likeness():
    assert part(judged(), "product").facts == {"closeness": 1, "similarity": 1}


def test_words_raise_the_product_that_carries_them():
    words = "chả mực giã tay"

    named = fit("product", demand__words=words)
    other = fit("product", demand__words=words, supply__product_name="Chả mực hấp")

    assert 0.5 < other < named < 1.0


def test_quantity_covered_in_part_counts_in_part():
    assert fit("quantity", supply__quantity_base=250.0) == 0.25
    assert fit("quantity", supply__quantity_base=9_999.0) == 1.0


def test_weekly_capacity_bounds_what_the_delivery_days_can_bring():
    # 30 days touch five weeks.
    found = part(judged(supply__weekly_capacity_base=100.0), "quantity")

    assert (found.fit, found.facts["available_base"]) == (0.5, 500)


def test_quantity_in_another_dimension_is_unknown():
    assert fit("quantity", supply__dimension="count") is None


@pytest.mark.parametrize(
    ("ceiling", "expected"),
    [(316_392, 1.0), (300_572, 2 / 3), (273_248, 0.0), (400_000, 1.0)],
)
def test_price_falls_from_five_percent_below_the_ceiling_to_ten_above(ceiling, expected):
    found = fit("price", demand__price_ceiling_vnd_per_base=ceiling)

    assert found == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    "change",
    [{"supply__price_vnd_per_base": None}, {"demand__price_ceiling_vnd_per_base": None}],
)
def test_unstated_price_is_unknown_and_not_zero(change):
    found = part(judged(**change), "price")

    assert (found.known, found.fit, found.points) == (False, None, 720)


def test_price_by_the_piece_is_unknown_until_the_piece_has_a_weight():
    by_piece = {"supply__dimension": "count", "demand__dimension": "count"}

    assert fit("price", **by_piece) is None
    assert fit("price", **by_piece, supply__kg_per_base=0.5) == 1.0


def test_frozen_goods_travel_dearer_than_dry_ones():
    dry = part(judged(supply__storage="ambient"), "price").facts
    frozen = part(judged(), "price").facts

    assert dry["freight_vnd_per_base"] == 432.5
    assert frozen["freight_vnd_per_base"] == 572


def test_window_counts_the_asked_days_that_can_be_served():
    assert fit("window") == 1.0
    assert fit("window", supply__first_day=DAY + 25) == 0.5


def test_window_stops_where_a_required_paper_ends():
    found = part(judged(supply__papers=(paper("food_safety", last=24),)), "window")

    assert found.fit == 0.5
    assert found.facts["delivery_last_day"] == DAY + 24


def test_freight_uses_the_tighter_of_shelf_life_and_lead_time():
    assert fit("freight", demand__max_lead_hours=9.4) == pytest.approx(0.5)
    assert fit("freight", supply__shelf_life_days=1.0) == pytest.approx(1 - 4.7 / 7.92)


@pytest.mark.parametrize(
    ("driving", "hours"), [(0.0, 2.0), (4.0, 6.0), (4.1, 6.35), (10.0, 12.5), (10.1, 20.6)]
)
def test_long_drives_add_pauses_and_nights(driving, hours):
    way = Route(hours=driving, km=100.0, reachable=True, has_pact=True)

    assert part(judged(route=way), "freight").facts["hours"] == pytest.approx(hours)


def test_freight_is_unknown_without_any_limit_or_without_a_place():
    unknown = Route(hours=None, km=None, reachable=True, has_pact=True)
    limitless = {"supply__shelf_life_days": None, "demand__max_lead_hours": None}

    assert fit("freight", ruleset=BEFORE, **limitless) is None
    assert fit("freight", route=unknown) is None


def test_goods_that_keep_for_ever_are_still_nearer_from_near():
    limitless = {"supply__shelf_life_days": None, "demand__max_lead_hours": None}
    far = Route(hours=34.0, km=1780.0, reachable=True, has_pact=True)

    near_fit, far_fit = fit("freight", **limitless), fit("freight", route=far, **limitless)

    assert near_fit == pytest.approx(1 - 4.7 / 72)
    assert far_fit == pytest.approx(1 - 62 / 72)


def test_the_tightest_of_shelf_life_lead_time_and_what_is_usual_counts():
    assert fit("freight", demand__max_lead_hours=100.0) == pytest.approx(1 - 4.7 / 72)
    assert fit("freight", demand__max_lead_hours=24.0) == pytest.approx(1 - 4.7 / 24)
    assert fit("freight", supply__shelf_life_days=2.0) == pytest.approx(1 - 4.7 / (48 * 0.33))


def test_papers_and_stars_above_the_minimum_count_up_to_three():
    extra = paper("food_safety"), paper("haccp")

    assert fit("papers") == pytest.approx(1 / 3)
    assert fit("papers", supply__papers=extra) == pytest.approx(2 / 3)
    assert fit("papers", supply__papers=(*extra, paper("halal"), paper("asc"))) == 1.0


def test_preferred_papers_alone_count_where_the_buyer_names_them():
    wishes = {"demand__preferred_papers": ("haccp", "vietgap")}
    held = paper("food_safety"), paper("haccp"), paper("halal")

    assert fit("papers", **wishes) == 0.0
    assert fit("papers", **wishes, supply__papers=held) == 0.5


def test_extra_paper_that_lapses_during_delivery_does_not_count_by_the_rules_of_before():
    lapses = {"supply__papers": (paper("food_safety"), paper("haccp", last=38))}
    lasts = {"supply__papers": (paper("food_safety"), paper("haccp", last=39))}

    assert fit("papers", ruleset=BEFORE, **lapses) == fit("papers", ruleset=BEFORE)
    assert fit("papers", ruleset=BEFORE, **lasts) > fit("papers", ruleset=BEFORE)


def test_extra_paper_counts_for_the_share_of_the_asked_days_it_holds_on():
    half = fit("papers", supply__papers=(paper("food_safety"), paper("haccp", last=24)))

    assert half - fit("papers") == pytest.approx(0.5 / 3)


def test_a_longer_certificate_never_costs_points():
    # By the rules of before the second paper stopped counting once delivery took longer than it.
    short = paper("food_safety", last=19), paper("haccp", last=19)
    longer = (*short, paper("food_safety", last=22))

    for_short, for_longer = judged(supply__papers=short), judged(supply__papers=longer)

    assert for_longer.score > for_short.score
    assert judged(supply__papers=longer, ruleset=BEFORE).score < (
        judged(supply__papers=short, ruleset=BEFORE).score
    )


@pytest.mark.parametrize(("has_pact", "expected"), [(True, 1.0), (False, 0.0), (None, None)])
def test_pact_counts_and_an_unknown_province_is_unknown(has_pact, expected):
    way = Route(hours=2.7, km=155.0, reachable=True, has_pact=has_pact)

    assert fit("pact", route=way) == expected
