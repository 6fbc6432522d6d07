"""What an explanation carries beside gates and fits."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from matchmaking.engine.eligibility import Refusal
from matchmaking.engine.records import Route
from matchmaking.engine.ruleset import CRITERIA, DEFAULT_RULESET
from tests.unit.engine.builders import judged, part


def test_explanation_of_the_fitting_pair_in_full():
    found = judged()

    assert [one.code for one in found.parts] == list(CRITERIA)
    assert [one.points for one in found.parts] == [2_500, 2_000, 2_000, 1_000, 1_353, 167, 500]
    assert (found.eligible, found.score, found.known_weight) == (True, 9_520, 10_000)
    assert found.ruleset_version == DEFAULT_RULESET.version


def test_known_weight_leaves_out_what_is_unknown():
    nowhere = Route(hours=None, km=None, reachable=True, has_pact=None)

    found = judged(route=nowhere)

    assert [one.code for one in found.parts if not one.known] == ["price", "freight", "pact"]
    assert found.known_weight == 6_000


def test_stating_an_acceptable_price_beats_hiding_it():
    # At the very ceiling the fit is one half.
    stated = judged(demand__price_ceiling_vnd_per_base=300_572)
    hidden = judged(demand__price_ceiling_vnd_per_base=300_572, supply__price_vnd_per_base=None)

    assert stated.score > hidden.score


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
