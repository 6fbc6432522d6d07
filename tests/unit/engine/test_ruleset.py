"""Rules as data."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from matchmaking.engine.ruleset import CRITERIA, DEFAULT_RULESET, FULL_SCORE, Ruleset
from tests.unit.engine.builders import judged


def test_default_rules_come_back_from_json_as_they_were():
    stored = json.dumps(DEFAULT_RULESET.to_json())

    assert Ruleset.from_json(json.loads(stored)) == DEFAULT_RULESET


def test_weights_are_stored_by_name():
    weights = DEFAULT_RULESET.to_json()["weights"]

    assert tuple(weights) == CRITERIA
    assert sum(weights.values()) == FULL_SCORE
    assert DEFAULT_RULESET.weight("freight") == weights["freight"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("weights", {"product": 10_000}),
        ("weights", dict.fromkeys(CRITERIA, 1_000)),
        ("weights", {**dict.fromkeys(CRITERIA, 2_000), "pact": -2_000}),
        ("weights", {**dict.fromkeys(CRITERIA, 0), "pact": 10_000.0}),
        ("freight_vnd_per_kg_km", {"ambient": 1.0}),
        ("unknown_fit", 1.5),
        ("top_k", 0),
        ("margin_full_share", 0),
        ("minimum_gain", -1),
        ("exposure_points", -1),
        ("driving_day_hours", 0),
        ("loading_hours", -1),
        ("loading_hours", float("nan")),
        ("price_tolerance", "0.1"),
        ("name_share", True),
    ],
)
def test_rules_that_give_no_honest_score_are_refused(name, value):
    with pytest.raises(ValueError, match=name):
        Ruleset.from_json({**DEFAULT_RULESET.to_json(), name: value})


def test_rules_stored_before_a_criterion_was_thought_of_score_as_they_did():
    data = DEFAULT_RULESET.to_json()
    weights = (2_500, 2_000, 2_000, 1_000, 1_500, 500, 500)
    data["weights"] = dict(zip(CRITERIA, weights, strict=False))
    for name in ("margin_full_share", "minimum_gain", "usual_hours", "papers_by_day"):
        del data[name]

    rules = Ruleset.from_json(data)

    assert rules.weights == (*weights, 0)
    assert rules.minimum_gain == 0
    found = judged(ruleset=rules)
    assert [one.points for one in found.parts] == [2_500, 2_000, 2_000, 1_000, 1_353, 167, 500]
    assert found.score == 9_520


def test_rules_stored_before_a_rule_was_thought_of_mean_what_they_meant():
    data = DEFAULT_RULESET.to_json()
    del data["usual_hours"], data["papers_by_day"], data["exposure_points"]

    assert Ruleset.from_json(data) == replace(
        DEFAULT_RULESET, usual_hours=0.0, papers_by_day=0, exposure_points=0
    )


def test_missing_rule_is_named():
    data = DEFAULT_RULESET.to_json()
    del data["night_hours"]

    with pytest.raises(ValueError, match="night_hours"):
        Ruleset.from_json(data)


def test_price_must_fall_somewhere():
    with pytest.raises(ValueError, match="price_full_share"):
        replace(DEFAULT_RULESET, price_full_share=1.0, price_tolerance=0.0)


def test_freight_needs_one_rate_per_storage_class():
    with pytest.raises(ValueError, match="storage class"):
        replace(DEFAULT_RULESET, freight_vnd_per_kg_km=(1.0,))


def test_every_rule_is_stored():
    assert set(DEFAULT_RULESET.to_json()) == {field.name for field in fields(Ruleset)}
