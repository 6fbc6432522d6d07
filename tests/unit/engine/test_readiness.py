"""What stands between a product and a chain: gaps, their order, and what closing them opens."""

from __future__ import annotations

import csv
import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue.enums import PaperKind
from core.kernel.periods import months_back
from matchmaking import columns
from matchmaking.engine import readiness
from matchmaking.engine.readiness import CODES, Asked, Effort, Goods, Holding, Wanted
from matchmaking.engine.records import MARKET_KINDS, PLAIN_KINDS
from matchmaking.selectors.effort import FILE, effort_of, efforts
from producers.selectors import PaperFacts
from producers.services.paper_special import plus_months

TODAY = dt.date(2026, 11, 22)
ON = TODAY.toordinal()


def holding(kind: str, **changed) -> Holding:
    return Holding(**{"kind": kind, "valid_from": ON - 30, "valid_to": ON + 30} | changed)


def goods(*papers: Holding, **changed) -> Goods:
    values = {
        "product_id": 1,
        "category_order": 10,
        "storage": "ambient",
        "papers": papers,
        "can_issue_invoice": True,
        "has_gtin": True,
        "weekly_capacity_kg": 500.0,
        "is_weighed": True,
    }
    return Goods(**values | changed)


def asks(*papers: str, market: str = "VN", **conditions) -> Asked:
    further = {
        name: conditions.pop(name)
        for name in ("test_report_months", "weekly_capacity_kg")
        if name in conditions
    }
    return Asked(required=readiness.asked(papers, market=market, **conditions), **further)


def missing(item: Goods, asked: Asked, day: dt.date = TODAY) -> tuple[str, ...]:
    return readiness.codes_of(readiness.gaps(readiness.standing(item, day=day), asked))


def wanted(request_id: int, *papers: str, **changed) -> Wanted:
    values = {
        "request_id": request_id,
        "group_id": 7,
        "banner_name": "",
        "category_lo": 0,
        "category_hi": 100,
        "storage": "",
        "required": readiness.asked(papers, market="VN"),
        "dimension": "mass",
        "quantity_base": 1000.0,
    }
    return Wanted(**values | changed)


def test_product_with_everything_is_ready():
    asked = asks("food_safety", minimum_stars=3, needs_invoice=True, needs_barcode=True)

    assert missing(goods(holding("food_safety"), holding("ocop_award", stars=4)), asked) == ()


def test_everything_missing_is_named():
    item = goods(can_issue_invoice=False, has_gtin=False, weekly_capacity_kg=None)
    asked = asks(
        "vietgap", minimum_stars=4, needs_invoice=True, needs_barcode=True, weekly_capacity_kg=1
    )

    assert missing(item, asked) == ("vietgap", "stars_4", "invoice", "barcode", "capacity")


@pytest.mark.parametrize(("offset", "expected"), [(0, ()), (1, ("vietgap",))])
def test_paper_counts_through_its_last_day(offset, expected):
    item = goods(holding("vietgap", valid_to=ON))

    assert missing(item, asks("vietgap"), TODAY + dt.timedelta(days=offset)) == expected


def test_paper_does_not_count_before_its_first_day():
    assert missing(goods(holding("vietgap", valid_from=ON + 1)), asks("vietgap")) == ("vietgap",)


@pytest.mark.parametrize(("market", "expected"), [("CN", ()), ("VN", ("growing_area_code:VN",))])
def test_code_counts_for_its_own_market_only(market, expected):
    item = goods(holding("growing_area_code", market="CN"))

    assert missing(item, asks("growing_area_code", market=market)) == expected


def test_required_award_means_three_stars():
    two = goods(holding("ocop_award", stars=2))

    assert missing(two, asks("ocop_award")) == ("stars_3",)


@pytest.mark.parametrize(
    ("today", "oldest"),
    [
        (dt.date(2026, 11, 22), dt.date(2025, 11, 22)),
        (dt.date(2028, 2, 28), dt.date(2027, 2, 28)),
        (dt.date(2028, 2, 29), dt.date(2027, 3, 1)),
        (dt.date(2029, 2, 28), dt.date(2028, 2, 28)),
        (dt.date(2026, 12, 31), dt.date(2025, 12, 31)),
    ],
)
def test_test_report_counts_through_the_same_day_months_later(today, oldest):
    seen = [
        missing(
            goods(holding("self_declaration", valid_to=ON + 9999, tested_on=day.toordinal())),
            asks(test_report_months=12),
            today,
        )
        for day in (oldest, oldest - dt.timedelta(days=1))
    ]

    assert seen == [(), ("test_report",)]


@given(st.dates(dt.date(2020, 1, 1), dt.date(2032, 12, 31)), st.integers(1, 60))
@settings(max_examples=80)
def test_age_of_a_test_report_is_counted_in_calendar_months(today, months):
    oldest = months_back(today, months=months)

    assert plus_months(oldest, months) >= today
    assert plus_months(oldest - dt.timedelta(days=1), months) < today


def test_declaration_that_does_not_say_when_it_was_tested_is_no_recent_test():
    item = goods(holding("self_declaration", valid_from=ON))

    assert missing(item, asks(test_report_months=60)) == ("test_report",)


def test_newest_test_report_counts_whichever_declaration_it_came_with():
    old = holding("self_declaration", tested_on=ON - 800)
    new = holding("self_declaration", tested_on=ON - 3)

    for papers in ((old, new), (new, old)):
        assert missing(goods(*papers), asks(test_report_months=1)) == ()


def test_capacity_is_not_asked_of_goods_sold_by_the_piece():
    item = goods(weekly_capacity_kg=None, is_weighed=False)

    assert missing(item, asks(weekly_capacity_kg=100)) == ()


def test_what_comes_first_is_put_first_and_its_days_are_added():
    table = {"self_declaration": Effort(days=7, cost_vnd=0, after="test_report")}
    table |= {"test_report": Effort(days=10, cost_vnd=9), "vietgap": Effort(days=12, cost_vnd=0)}
    mask = readiness.mask_of(table)

    ordered = readiness.in_order(mask, efforts=table)

    assert ordered == ("test_report", "vietgap", "self_declaration")
    assert readiness.days_for(mask, efforts=table) == 17


def test_closing_the_last_gap_opens_the_requests_it_then_meets():
    has = readiness.standing(goods(), day=TODAY)
    requests = [wanted(1, "vietgap"), wanted(2, "vietgap", "haccp"), wanted(3)]
    gap = readiness.BIT_OF["vietgap"]

    opened = readiness.opened(has, requests, missing=gap, closing=gap)

    assert opened == (1, 3)


@pytest.mark.parametrize("missing", [0, readiness.mask_of(["vietgap", "haccp"])])
def test_closing_opens_nothing_at_a_chain_that_is_open_or_stays_shut(missing):
    has = readiness.standing(goods(), day=TODAY)
    gap = readiness.BIT_OF["vietgap"]

    assert readiness.opened(has, [wanted(1)], missing=missing, closing=gap) == ()


def test_four_stars_open_what_asks_for_three():
    assert readiness.closed(readiness.BIT_OF["stars_4"]) == readiness.stars_mask(4)


def test_best_bundle_opens_most_demand_a_day():
    has = readiness.standing(goods(), day=TODAY)
    slow, quick = readiness.mask_of(["organic"]), readiness.mask_of(["vietgap", "food_safety"])
    chains = [[wanted(1, "organic")], [wanted(2, "vietgap"), wanted(3)], []]

    best = readiness.best_bundle([slow, quick, quick], has=has, wanted=chains, efforts=efforts())

    assert best is not None
    assert (best.gaps, best.opens, best.request_ids, best.days) == (quick, (1, 2), (2, 3), 90)


def test_product_ready_everywhere_has_no_bundle():
    has = readiness.standing(goods(), day=TODAY)

    assert readiness.best_bundle([0, 0], has=has, wanted=[[], []], efforts=efforts()) is None


def test_exemption_counts_as_the_certificate_and_the_other_way_round():
    on = {"valid_from": TODAY, "valid_to": None, "market": "", "stars": None}
    row = {
        "product_id": 1, "category_order": 10, "storage": "ambient",
        "can_issue_invoice": False, "gtin": "",
    }  # fmt: skip
    for held in ("food_safety", "food_safety_exemption"):
        item = columns.goods(row, papers=[PaperFacts(kind=held, **on)], capacities=())
        for kind in ("food_safety", "food_safety_exemption"):
            facts = SimpleNamespace(
                required_papers=(kind,), preferred_papers=(), market="VN", minimum_stars=0,
                needs_invoice=False, needs_barcode=False, test_report_months=None,
                weekly_capacity_kg=None,
            )  # fmt: skip
            assert missing(item, columns.profile(facts)) == ()


def test_every_gap_has_a_row_of_effort_and_every_row_a_gap():
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = [row["code"] for row in csv.DictReader(lines)]

    assert len(rows) == len(set(rows))
    assert set(rows) == {code.partition(":")[0] for code in CODES}


def test_every_gap_has_an_effort_with_a_source():
    rows = [effort_of(code) for code in CODES]

    assert all(one.issuer_vi and one.issuer_en and one.step_vi and one.source for one in rows)
    assert all(0 <= one.cost_low_vnd <= one.cost_high_vnd for one in rows)
    assert {one.after for one in rows} - {""} <= {code.partition(":")[0] for code in CODES}


def test_every_paper_a_chain_can_require_is_a_bit():
    for kind in set(PaperKind.values):
        assert readiness.asked([kind], market="VN").bit_count() == 1


KINDS = st.sampled_from([*PLAIN_KINDS, "ocop_award"])
PAPERS = st.builds(
    Holding,
    kind=KINDS,
    valid_from=st.integers(ON - 3, ON + 1),
    valid_to=st.integers(ON - 1, ON + 3),
    market=st.sampled_from(["", "VN", "CN"]),
    stars=st.integers(0, 5),
)


@settings(max_examples=150)
@given(st.lists(PAPERS, max_size=5), st.sets(KINDS, max_size=4), st.sampled_from([0, 3, 4, 5]))
def test_gaps_are_those_of_a_plain_reading(papers, kinds, minimum_stars):
    valid = [one for one in papers if one.valid_from <= ON <= one.valid_to]
    stars = max((one.stars for one in valid if one.kind == "ocop_award"), default=0)
    least = max(minimum_stars, 3 if "ocop_award" in kinds else 0)
    expected = {f"stars_{least}"} if stars < least else set()
    for kind in kinds - {"ocop_award"}:
        same = [one for one in valid if one.kind == kind]
        if kind in MARKET_KINDS:
            if not any(one.market == "CN" for one in same):
                expected.add(f"{kind}:CN")
        elif not same:
            expected.add(kind)

    asked = asks(*kinds, market="CN", minimum_stars=minimum_stars)

    assert set(missing(goods(*papers), asked)) == expected
