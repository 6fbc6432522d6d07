"""Gaps and what closing them opens, in words; and which blocker comes first."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import translation

from matchmaking import selectors, wording
from matchmaking.engine import readiness
from matchmaking.engine.readiness import Wanted
from matchmaking.selectors import Blocker
from matchmaking.wording import Headline


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def line(*codes: str, chains=("WinMart", "GO!"), demand="12 tonnes") -> Headline:
    return Headline(codes=codes, papers=codes, days=21, chains=chains, demand=demand)


def test_headline_says_papers_days_chains_and_demand():
    said = wording.headline_sentence(line("food_safety", "vietgap", "stars_3"))

    assert said == (
        "3 papers, about 21 days: opens WinMart and GO!, demand for 12 tonnes this season."
    )


def test_what_is_no_paper_is_a_step():
    assert wording.headline_sentence(line("vietgap", "barcode", demand="")).startswith("2 steps")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), ""),
        (("A",), "A"),
        (("A", "B"), "A and B"),
        (("A", "B", "C"), "A, B and C"),
        (("A", "B", "C", "D"), "A, B and 2 more"),
    ],
)
def test_names_are_said_in_one_breath(names, said):
    assert wording.in_one_breath(names) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, ""),
        (400_000, "1 million đồng"),
        (540_000_000, "540 million đồng"),
        (21_240_000_000, "21.2 billion đồng"),
    ],
)
def test_large_sums_are_said_roughly(value, said):
    assert wording.about_vnd(value) == said


def wanted(request_id: int, value_vnd: float | None) -> Wanted:
    plain = {"group_id": 1, "banner_name": "", "category_lo": 0, "category_hi": 9, "storage": ""}
    return Wanted(
        request_id=request_id, required=0, dimension="mass", quantity_base=1.0,
        value_vnd=value_vnd, **plain,
    )  # fmt: skip


def blocker(code: str, *behind: Wanted, refused=()) -> Blocker:
    together = {one.request_id: one for one in behind}
    return Blocker(code=code, commune="", category="", together=together, refused=set(refused))


def test_worst_blocker_is_the_one_with_most_value_behind_it():
    many = blocker("haccp", wanted(1, 5.0), wanted(2, None), wanted(3, None))
    dear = blocker("vietgap", wanted(4, 9.0))
    lost = blocker("organic", refused=[7])
    idle = blocker("halal")

    ordered = sorted([idle, lost, many, dear], key=selectors.blocked_most)

    assert [one.code for one in ordered] == ["vietgap", "haccp", "organic", "halal"]


def test_a_request_is_worth_its_price_once():
    assert selectors.value_of([wanted(1, 5.0), wanted(1, 5.0), wanted(2, None)]) == 5.0


def test_product_whose_next_steps_open_most_a_day_comes_first():
    def product(days: int, quantity: float) -> SimpleNamespace:
        want = SimpleNamespace(request_id=1, quantity_base=quantity)
        return SimpleNamespace(
            bundle=SimpleNamespace(days=days, request_ids=(1,), opens=(0,)),
            cells=[SimpleNamespace(wanted=[want])],
            missing=[1],
        )

    slow, quick = product(100, 1000.0), product(1, 50.0)
    ready = SimpleNamespace(bundle=None, cells=[], missing=[])

    assert selectors.first_of([ready, slow, quick]) is quick
    assert selectors.first_of([ready]) is None


def test_the_headline_counts_the_days_of_what_comes_before_at_any_chain():
    """A declaration needs its test report, also where only another chain asks for that one."""
    declared, tested = (readiness.BIT_OF[code] for code in ("self_declaration", "test_report"))
    profile = SimpleNamespace(test_report_months=None)

    def cell(name: str, gaps: int) -> SimpleNamespace:
        chain = SimpleNamespace(banner_name="", name=name)
        return SimpleNamespace(gaps=gaps, wanted=[], chain=chain, profile=profile)

    bundle = SimpleNamespace(gaps=declared, opens=(0,), request_ids=(), days=7)
    found = SimpleNamespace(bundle=bundle, cells=[cell("A", declared), cell("B", tested)])

    said = wording.headline(found)

    assert (said.codes, said.days, said.chains) == (("self_declaration",), 14, ("A",))


@pytest.mark.parametrize(
    ("kg", "said"),
    [(999, "999\xa0kg"), (1_000, "1\xa0tonne"), (6_120, "6.1\xa0tonnes"), (21_000, "21\xa0tonnes")],
)
def test_weights_are_said_in_tonnes_from_one_on(kg, said):
    with translation.override("en"):
        assert wording.amounts({"mass": kg}) == said
