"""What an explanation carries beside gates and fits."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from matchmaking.engine.eligibility import Refusal
from matchmaking.engine.records import Route
from matchmaking.engine.ruleset import CRITERIA, DEFAULT_RULESET
from tests.unit.engine.builders import judged, part


def test_explanation_of_the_fitting_pair_in_full():
    found = judged()

    assert [one.code for one in found.parts] == list(CRITERIA)
    assert [one.points for one in found.parts] == [
        2_500, 1_700, 1_800, 800, 1_263, 167, 500, 730,
    ]  # fmt: skip
    assert (found.eligible, found.score, found.known_weight) == (True, 9_460, 10_000)
    assert found.ruleset_version == DEFAULT_RULESET.version


def test_known_weight_leaves_out_what_is_unknown():
    nowhere = Route(hours=None, km=None, reachable=True, has_pact=None)

    found = judged(route=nowhere)

    assert [one.code for one in found.parts if not one.known] == [
        "price", "freight", "pact", "margin",
    ]  # fmt: skip
    assert found.known_weight == 5_500


def test_stating_an_acceptable_price_beats_hiding_it():
    # At the very ceiling the fit is one half.
    stated = judged(demand__price_ceiling_vnd_per_base=300_572)
    hidden = judged(demand__price_ceiling_vnd_per_base=300_572, supply__price_vnd_per_base=None)

    assert stated.score > hidden.score


def test_each_side_gains_by_criteria_of_its_own():
    buyer, producer = judged().gains

    assert (buyer.side, buyer.points, buyer.weight) == ("buyer", 8_730, 9_200)
    assert (producer.side, producer.points, producer.weight) == ("producer", 4_193, 4_400)
    assert producer.share == 4_193 / 4_400


def test_the_dearer_the_offer_the_less_both_gain_and_at_the_ceiling_the_producer_has_half():
    dear = judged(demand__price_ceiling_vnd_per_base=300_572)

    assert part(dear, "margin").fit == pytest.approx(0.5)
    assert part(dear, "margin").facts["room_vnd_per_base"] == pytest.approx(0)
    assert [one.points for one in dear.gains] < [one.points for one in judged().gains]


def test_a_criterion_without_weight_is_not_told():
    weights = (*DEFAULT_RULESET.weights[:-2], 1_300, 0)
    found = judged(ruleset=replace(DEFAULT_RULESET, weights=weights))

    assert "margin" not in [one.code for one in found.parts]
    assert sum(one.points for one in found.parts) == found.score


def test_unknown_facts_are_left_out():
    assert "price_vnd_per_base" not in part(judged(supply__price_vnd_per_base=None), "price").facts


def test_explanation_is_plain_data():
    text = json.dumps(asdict(judged(supply__storage="live", route=Route(
        hours=None, km=None, reachable=False, has_pact=None
    ))), allow_nan=False)  # fmt: skip

    assert '"unreachable"' in text


@pytest.mark.parametrize(
    ("name", "bit"), [("SAME_ORGANISATION", 0), ("PRICE", 15), ("UNREACHABLE", 16)]
)
def test_bits_of_refusals_never_move(name, bit):
    assert Refusal[name] == 1 << bit
