"""Who is shown where: bounded, exact, and fair to producers nobody has seen."""

from __future__ import annotations

from dataclasses import replace
from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaking.engine.exposure import (
    NOBODY_SHOWN,
    Move,
    Shortfalls,
    Standing,
    attention_of,
    chance_of_being_read,
    place,
)
from matchmaking.engine.ruleset import DEFAULT_RULESET

POINTS = 400
RULES = replace(DEFAULT_RULESET, exposure_points=POINTS)
ids = st.integers(1, 6)
standings = st.lists(
    st.builds(
        Standing,
        match_id=st.integers(1, 10_000),
        request_id=ids,
        organisation_id=ids,
        score=st.integers(2_500, 10_000),
    ),
    max_size=12,
    unique_by=lambda one: one.match_id,
)
lacking = st.dictionaries(ids, st.integers(0, 10_000), max_size=5).map(Shortfalls)


def slow_scores(rows: list[Standing], shortfalls: Shortfalls) -> dict[int, int]:
    """The same as a plain reading of the rule."""
    found = {}
    for one in rows:
        rivals = [
            other for other in rows
            if (other.request_id, other.organisation_id) == (one.request_id, one.organisation_id)
            and (-other.score, other.match_id) < (-one.score, one.match_id)
        ]  # fmt: skip
        lack = shortfalls.of_organisation.get(one.organisation_id, shortfalls.unseen)
        step_back = POINTS * len(rivals) // (len(rivals) + 1)
        found[one.match_id] = one.score + POINTS * lack // 10_000 - step_back
    return found


def shown(rows: list[Standing], *, shortfalls: Shortfalls = NOBODY_SHOWN) -> list[int]:
    return place(rows, shortfalls=shortfalls, rules=RULES).ids_in_order


def test_first_place_gets_all_attention_and_the_third_half_of_it():
    assert [attention_of(at) for at in (1, 2, 3, 7)] == [10_000, 6_309, 5_000, 3_333]


def test_a_match_shown_twice_was_read_more_likely_than_once():
    assert chance_of_being_read([3]) == pytest.approx(1 / log2(4))
    assert chance_of_being_read([3, 3]) == pytest.approx(0.75)
    assert chance_of_being_read([1, 1_000]) == 1


def test_who_got_the_average_or_more_lacks_nothing_and_the_unseen_lack_all():
    found = Shortfalls.counted({1: 30_000, 2: 7_500, 3: 0}, organisations=4)

    # The average of four is 9,375.
    assert found.of([1, 2, 3, 4]).tolist() == [0, 2_000, 10_000, 10_000]


def test_before_anybody_was_shown_nobody_lacks_anything():
    found = Shortfalls.counted({}, organisations=4)

    assert found.of([1, 2]).tolist() == [0, 0]


def test_the_unseen_pass_who_is_less_than_the_points_better():
    rows = [Standing(1, 9, 101, 7_000), Standing(2, 9, 102, 6_601), Standing(3, 9, 103, 6_599)]
    lack = Shortfalls({101: 0, 102: 10_000, 103: 10_000})
    found = place(rows, shortfalls=lack, rules=RULES)

    assert found.ids_in_order == [2, 1, 3]
    assert found.moves([1, 2, 3]) == {2: Move.LIFTED}


def test_the_second_offer_of_a_producer_lets_another_pass_but_not_for_another_request():
    first, second = Standing(1, 9, 101, 7_000), Standing(2, 9, 101, 6_900)
    other, elsewhere = Standing(3, 9, 102, 6_750), Standing(4, 8, 101, 6_900)
    found = place([first, second, other, elsewhere], shortfalls=NOBODY_SHOWN, rules=RULES)

    assert found.ids_in_order == [1, 4, 3, 2]
    assert found.moves([1, 2, 3, 4]) == {2: Move.STEPPED_BACK}


def test_standing_above_a_better_match_for_another_request_needs_no_word():
    rows = [Standing(1, 9, 101, 7_000), Standing(2, 8, 102, 6_900)]
    found = place(rows, shortfalls=Shortfalls({101: 0, 102: 10_000}), rules=RULES)

    assert (found.ids_in_order, found.moves([1, 2])) == ([2, 1], {})


def test_rules_without_exposure_leave_the_order_to_the_score():
    rows = [Standing(1, 9, 101, 6_000), Standing(2, 9, 102, 6_001), Standing(3, 9, 101, 6_000)]
    lack = Shortfalls({101: 10_000, 102: 0})
    found = place(rows, shortfalls=lack, rules=replace(RULES, exposure_points=0))

    assert (found.ids_in_order, found.moves([1, 2, 3])) == ([2, 1, 3], {})


def test_nothing_is_placed_where_nothing_is_proposed():
    found = place([], shortfalls=NOBODY_SHOWN, rules=RULES)

    assert (found.ids_in_order, found.moves([7])) == ([], {})


@given(standings, lacking)
def test_the_order_is_that_of_the_plain_rule_whatever_the_order_of_rows(rows, shortfalls):
    found = place(rows[::-1], shortfalls=shortfalls, rules=RULES)
    slow = slow_scores(rows, shortfalls)

    assert found.shown_scores == slow
    best = sorted(rows, key=lambda one: (-slow[one.match_id], -one.score, one.match_id))
    assert found.ids_in_order == [one.match_id for one in best]


@given(standings, lacking)
def test_nobody_is_moved_by_more_than_the_points(rows, shortfalls):
    moved = place(rows, shortfalls=shortfalls, rules=RULES).shown_scores

    assert all(abs(moved[one.match_id] - one.score) <= POINTS for one in rows)


@given(standings, lacking, st.data())
def test_a_better_score_never_lowers_the_place(rows, shortfalls, data):
    if not rows:
        return
    at = data.draw(st.integers(0, len(rows) - 1))
    better = rows[at]._replace(score=rows[at].score + data.draw(st.integers(1, 500)))
    before = shown(rows, shortfalls=shortfalls)
    after = shown([*rows[:at], better, *rows[at + 1 :]], shortfalls=shortfalls)

    assert after.index(better.match_id) <= before.index(better.match_id)


@given(standings, lacking)
def test_a_match_is_said_to_be_moved_only_where_it_passed_or_was_passed(rows, shortfalls):
    found = place(rows, shortfalls=shortfalls, rules=RULES)
    by_id = {one.match_id: one for one in rows}
    order = [by_id[one] for one in found.ids_in_order]
    for match_id, move in found.moves(by_id).items():
        one = by_id[match_id]
        rivals = [other for other in order if other.request_id == one.request_id]
        above, below = rivals[: rivals.index(one)], rivals[rivals.index(one) :]
        if move == Move.LIFTED:
            assert any(other.score > one.score for other in below)
        else:
            assert any(other.score < one.score for other in above)
            assert any(other.organisation_id == one.organisation_id for other in above)


def test_over_many_days_the_small_are_seen_who_never_were():
    """Twenty equal lists: a large producer a little ahead, ten small ones behind it."""
    rows = [
        Standing(100 * one + at, one, 1 if at < 5 else at, 7_000 - 20 * at)
        for one in range(20)
        for at in range(15)
    ]
    seen = {one.organisation_id: 0 for one in rows}
    owner = {one.match_id: one.organisation_id for one in rows}
    for _day in range(10):
        lack = Shortfalls.counted(seen, organisations=len(seen))
        order = np.array(shown(rows, shortfalls=lack))
        for one in range(20):
            first = order[order // 100 == one][:5]
            for at, match_id in enumerate(first.tolist(), start=1):
                seen[owner[match_id]] += attention_of(at)

    assert [one for one in seen if not seen[one]] == []
    assert shown(rows)[:20] == [100 * one for one in range(20)]
