"""Each gate: what closes it, with which numbers, and what would open it."""

from __future__ import annotations

from dataclasses import replace
from math import nextafter

import pytest

from matchmaking.engine.records import LAST_DAY_EVER, Place, Route, paper_mask
from matchmaking.engine.ruleset import DEFAULT_RULESET
from tests.unit.engine.builders import DAY, LEAF, NEAR, codes, judged, paper


def only_reason(**changes):
    """The single refusal of the fitting pair after these changes."""
    explanation = judged(**changes)
    (reason,) = explanation.refusals
    assert not explanation.eligible
    return reason


def test_the_fitting_pair_is_eligible():
    assert judged().eligible
    assert codes(judged()) == []


def test_nobody_is_matched_with_itself():
    reason = only_reason(supply__organisation_id=5, demand__organisation_id=5)

    assert (reason.code, reason.nearest_change) == ("same_organisation", None)


def test_category_range_is_open_at_its_end():
    reason = only_reason(supply__category_order=LEAF + 1)

    assert reason.facts == {
        "category_order": LEAF + 1,
        "category_lo": LEAF,
        "category_hi": LEAF + 1,
    }
    assert reason.nearest_change.facts == {"category_lo": LEAF, "category_hi": LEAF + 2}


def test_pieces_and_kilograms_do_not_compare():
    reason = only_reason(supply__dimension="count", supply__kg_per_base=0.5)

    assert (reason.code, reason.nearest_change.code) == ("dimension", "state_net_content")


def test_window_ending_the_day_before_is_refused_with_the_gap():
    reason = only_reason(supply__last_day=DAY + 9)

    assert (reason.code, reason.facts["gap_days"]) == ("window", 1)
    assert reason.nearest_change.code == "extend_offer_to"
    assert reason.nearest_change.facts == {"day": DAY + 10}


def test_window_sharing_one_day_is_enough():
    assert judged(supply__last_day=DAY + 10).eligible


def test_window_beginning_too_late_should_begin_earlier():
    reason = only_reason(supply__first_day=DAY + 45)

    assert reason.nearest_change.code == "start_offer_by"
    assert reason.nearest_change.facts == {"day": DAY + 39}


@pytest.mark.parametrize(
    "nothing",
    [
        {"supply__quantity_base": 0.0},
        {"supply__weekly_capacity_base": 0.0},
        {"demand__quantity_base": 0.0},
    ],
)
def test_nothing_to_trade_is_refused(nothing):
    assert only_reason(**nothing).code == "no_quantity"


def test_request_below_the_minimum_lot_is_refused():
    reason = only_reason(demand__quantity_base=49.0)

    assert reason.facts == {"minimum_lot_base": 50, "tradeable_base": 49}
    assert reason.nearest_change.facts == {"minimum_lot_base": 49}


def test_missing_papers_are_named_with_the_days_they_must_cover():
    reason = only_reason(demand__required_papers=("food_safety", "haccp", "halal"))

    assert reason.facts == {"papers": paper_mask(("haccp", "halal")), "count": 2}
    assert reason.nearest_change.facts == {
        **reason.facts,
        "first_day": DAY + 10,
        "last_day": DAY + 39,
    }


def test_paper_valid_today_but_lapsed_on_the_delivery_day_is_refused():
    reason = only_reason(supply__papers=(paper("food_safety", last=9),))

    assert reason.code == "papers_not_valid"
    assert reason.nearest_change.code == "renew_papers"
    assert reason.facts["papers"] == paper_mask(("food_safety",))


def test_paper_valid_on_the_first_delivery_day_alone_is_enough():
    assert judged(supply__papers=(paper("food_safety", last=10),)).eligible


def test_papers_valid_only_one_after_the_other_are_refused():
    papers = paper("food_safety", last=20), paper("haccp", 21)

    reason = only_reason(supply__papers=papers, demand__required_papers=("food_safety", "haccp"))

    assert reason.code == "papers_not_valid"
    assert reason.facts["count"] == 2


def test_paper_renewed_with_overlap_has_no_hole():
    papers = paper("food_safety", last=20), paper("food_safety", 15)

    assert judged(supply__papers=papers) == judged()


def test_paper_renewed_after_a_hole_counts_where_it_meets_the_request():
    papers = paper("food_safety", last=-1), paper("food_safety", 12, 14)

    (window,) = (part for part in judged(supply__papers=papers).parts if part.code == "window")

    assert window.facts["delivery_days"] == 3


def test_paper_without_an_end_is_valid():
    papers = (paper("food_safety", last=LAST_DAY_EVER - DAY),)

    assert judged(supply__papers=papers).eligible


@pytest.mark.parametrize("markets", [(), ("VN",), ("JP", "US")])
def test_growing_area_code_for_another_market_does_not_serve_export_to_china(markets):
    code = paper("growing_area_code", markets=markets)

    reason = only_reason(
        supply__papers=(code, paper("food_safety")),
        demand__required_papers=("growing_area_code:CN",),
    )

    assert reason.code == "papers_missing"


def test_growing_area_code_for_china_serves_export_to_china():
    code = paper("growing_area_code", markets=("CN", "JP"))

    assert judged(
        supply__papers=(code,), demand__required_papers=("growing_area_code:CN",)
    ).eligible


def test_too_few_stars_are_refused():
    reason = only_reason(supply__stars=3, demand__minimum_stars=4)

    assert reason.facts == {"stars": 3, "minimum_stars": 4}
    days = {"first_day": DAY + 10, "last_day": DAY + 39}
    assert reason.nearest_change.facts == {"stars": 4, **days}


def test_award_that_lapses_before_delivery_is_refused():
    reason = only_reason(supply__stars_to=DAY + 9)

    assert reason.code == "stars_not_valid"
    assert reason.nearest_change.facts == {"first_day": DAY + 10, "last_day": DAY + 39}


def test_award_and_paper_valid_only_one_after_the_other_are_refused():
    papers = (paper("food_safety", last=20),)

    reason = only_reason(supply__papers=papers, supply__stars_from=DAY + 21)

    assert reason.code == "stars_not_valid"
    assert reason.nearest_change.facts == {"first_day": DAY + 10, "last_day": DAY + 20}


def test_lapsed_award_does_not_matter_where_no_stars_are_asked():
    assert judged(supply__stars_to=DAY - 1, demand__minimum_stars=0).eligible


def test_other_storage_is_refused():
    reason = only_reason(supply__storage="ambient")

    assert reason.facts == {"storage": 0, "storage_required": 2}


@pytest.mark.parametrize(
    ("change", "code"),
    [({"supply__can_issue_invoice": False}, "invoice"), ({"supply__has_gtin": False}, "barcode")],
)
def test_invoice_and_barcode_are_needed_only_where_asked(change, code):
    asks = {"demand__needs_invoice": False, "demand__needs_barcode": False}

    assert only_reason(**change).code == code
    assert judged(**change, **asks).eligible


def test_fresh_goods_too_far_for_their_shelf_life_are_refused():
    far = Route(hours=34.0, km=1_780.0, reachable=True, has_pact=True)

    reason = only_reason(route=far, supply__shelf_life_days=7.0, demand__max_lead_hours=None)

    assert reason.code == "shelf_life"
    assert reason.facts == pytest.approx(
        {"hours": 62, "km": 1780, "limit_hours": 55.44, "shelf_life_days": 7}
    )
    assert reason.nearest_change.facts == {"shelf_life_days": 8}


def test_advised_shelf_life_is_enough_where_rounding_would_miss_it():
    # 14.4 h and one bit: dividing by 24 x 0.2 rounds to 3 days, three days allow 14.4 h.
    rules = replace(DEFAULT_RULESET, shelf_life_share=0.2, loading_hours=0.0, pause_hours=0.0)
    rules = replace(rules, night_hours=0.0)
    way = Route(hours=nextafter(14.4, 15), km=600.0, reachable=True, has_pact=True)

    (reason,) = judged(route=way, ruleset=rules, supply__shelf_life_days=2.0).refusals

    assert reason.nearest_change.facts == {"shelf_life_days": 4}


def test_way_longer_than_the_buyer_allows_is_refused():
    reason = only_reason(demand__max_lead_hours=4.0)

    assert (reason.code, reason.facts["hours"]) == ("lead_time", 4.7)
    assert reason.nearest_change.facts == {"hours": 5}


def test_price_beyond_the_tolerance_with_freight_is_refused():
    # 300,000 + 200 + 2.4 x 155 = 300,572 landed; the limit is 1.1 x 273,000 = 300,300.
    reason = only_reason(demand__price_ceiling_vnd_per_base=273_000)

    assert reason.code == "price"
    assert reason.facts["landed_vnd_per_base"] == 300_572
    assert reason.nearest_change.facts == {"price_vnd_per_base": 299_728}


def test_price_hopeless_even_without_freight_is_refused_where_the_way_is_unknown():
    nowhere = Route(hours=None, km=None, reachable=True, has_pact=None)

    reason = only_reason(route=nowhere, demand__price_ceiling_vnd_per_base=200_000)

    assert "landed_vnd_per_base" not in reason.facts
    assert reason.nearest_change.facts == {"price_vnd_per_base": 220_000}


def test_ceiling_below_the_freight_should_be_raised():
    reason = only_reason(demand__price_ceiling_vnd_per_base=500)

    assert reason.nearest_change.code == "raise_ceiling"
    assert reason.nearest_change.facts == {"ceiling_vnd_per_base": 273_248}


def test_place_without_an_open_road_is_refused():
    cut_off = Route(hours=None, km=None, reachable=False, has_pact=True)

    reason = only_reason(route=cut_off)

    assert (reason.code, reason.nearest_change) == ("unreachable", None)


def test_what_is_unknown_refuses_nobody():
    unknown = Route(hours=None, km=None, reachable=True, has_pact=None)

    explanation = judged(
        route=unknown,
        supply__price_vnd_per_base=None,
        supply__shelf_life_days=None,
        supply__minimum_lot_base=None,
        demand__price_ceiling_vnd_per_base=None,
    )

    assert explanation.eligible


def test_every_reason_is_told_not_only_the_first():
    explanation = judged(
        supply__storage="live", supply__has_gtin=False, supply__origin=Place(node=0)
    )

    assert codes(explanation) == ["storage", "barcode"]


def test_a_ferry_adds_hours_and_shuts_nobody_out():
    ferry = Route(hours=NEAR.hours + 3, km=NEAR.km + 20, reachable=True, has_pact=True)

    assert judged(route=ferry).eligible
    assert judged(route=ferry).score < judged().score
