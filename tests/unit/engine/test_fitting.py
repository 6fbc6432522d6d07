"""Weights fitted to answers of people whose wishes we know, because we made them up."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from matchmaking.engine.fitting import FEWEST_ANSWERS, Answer, fit_rules
from matchmaking.engine.ruleset import CRITERIA, DEFAULT_RULESET, FULL_SCORE

LIKES_PRICE = np.array([0.10, 0.10, 0.55, 0.05, 0.05, 0.05, 0.05, 0.05])


@cache
def answers(number: int = 2_000, seed: int = 5, wishes: tuple[float, ...] = tuple(LIKES_PRICE)):
    """Answers of people who accept by their own weights, in lists of eight."""
    draw = np.random.default_rng(seed)
    fits = draw.uniform(0, 1, (number, len(CRITERIA)))
    likely = 1 / (1 + np.exp(-14 * (fits @ np.array(wishes) - 0.5)))
    said = draw.uniform(0, 1, number) < likely
    return [
        Answer(
            list_id=row // 8, chance=1 / np.log2(2 + row % 8), day=row // 20,
            fits=tuple(fits[row].tolist()), accepted=bool(said[row]),
        )
        for row in range(number)
    ]  # fmt: skip


def test_weights_move_towards_what_people_look_at_and_foretell_later_answers_better():
    found = fit_rules(answers(), rules=DEFAULT_RULESET)

    price = found.rules.weight("price")
    assert price == max(found.rules.weights)
    assert price > DEFAULT_RULESET.weight("price") + 1_000
    assert found.after.ndcg_at_5 > found.before.ndcg_at_5 + 0.02
    assert found.after.log_loss < found.before.log_loss
    assert found.after.calibration_error < 0.08
    assert (found.trained, found.judged) == (1_400, 600)


def test_proposed_weights_are_whole_bounded_and_sum_to_the_full_score():
    found = fit_rules(answers(), rules=DEFAULT_RULESET)

    assert sum(found.rules.weights) == FULL_SCORE
    for before, after in zip(DEFAULT_RULESET.weights, found.rules.weights, strict=True):
        assert before / 2.5 - 1 <= after <= before * 2.5 + 1
    assert replace(found.rules, weights=DEFAULT_RULESET.weights) == DEFAULT_RULESET


def test_people_who_wish_what_the_rules_say_leave_them_nearly_as_they_are():
    same = tuple(weight / FULL_SCORE for weight in DEFAULT_RULESET.weights)
    found = fit_rules(answers(wishes=same), rules=DEFAULT_RULESET)

    moved = np.abs(np.array(found.rules.weights) - np.array(DEFAULT_RULESET.weights))
    assert moved.max() < 450


def test_few_answers_move_the_weights_little():
    few = fit_rules(answers(number=FEWEST_ANSWERS), rules=DEFAULT_RULESET)
    many = fit_rules(answers(), rules=DEFAULT_RULESET)

    moved = [
        np.abs(np.array(one.rules.weights) - np.array(DEFAULT_RULESET.weights)).sum()
        for one in (few, many)
    ]
    assert moved[0] < moved[1] / 2


def test_the_order_of_rows_does_not_matter_and_what_is_unknown_is_presumed():
    rows = answers()
    vague = [replace(one, fits=(None, *one.fits[1:])) for one in rows]
    presumed = [replace(one, fits=(DEFAULT_RULESET.unknown_fit, *one.fits[1:])) for one in rows]

    assert fit_rules(vague, rules=DEFAULT_RULESET) == fit_rules(presumed, rules=DEFAULT_RULESET)


def test_answers_at_the_end_of_a_list_count_for_more_than_those_at_its_top():
    """Only the last places tell that price matters; the first ones are drawn without any wish."""
    shuffled = answers(wishes=(1 / 8,) * 8)
    told = [
        replace(one, accepted=wish.accepted, fits=wish.fits) if one.chance < 0.42 else one
        for one, wish in zip(shuffled, answers(), strict=True)
    ]
    flat = [replace(one, chance=1.0) for one in told]

    weighed, unweighed = (fit_rules(rows, rules=DEFAULT_RULESET).rules for rows in (told, flat))

    assert weighed.weight("price") > unweighed.weight("price")


@pytest.mark.parametrize(
    "rows",
    [
        answers(number=FEWEST_ANSWERS - 1),
        [replace(one, accepted=True) for one in answers()],
        [replace(one, day=1) for one in answers()],
    ],
)
def test_too_little_to_learn_from_is_said(rows):
    with pytest.raises(ValueError, match="answers are needed"):
        fit_rules(rows, rules=DEFAULT_RULESET)
