"""The labelled sets themselves: readable, whole, and large enough to say something."""

from __future__ import annotations

import pytest

from tests.quality.labelled import HALVES, SETS, cases, flaws

SIZES = {"first": (60, 1_000), "second": (40, 500)}
"""Fewest requests and pairs of each set."""


@pytest.mark.parametrize("labelled", SETS)
def test_files_hold_what_their_columns_promise(labelled):
    assert flaws(labelled) == []


@pytest.mark.parametrize("labelled", SETS)
def test_set_is_large_and_both_halves_are_alike(labelled):
    halves = {half: cases(half, labelled=labelled) for half in HALVES}
    pairs = [sum(len(one.offers) for one in half) for half in halves.values()]

    fewest_requests, fewest_pairs = SIZES[labelled]
    assert len(cases(labelled=labelled)) >= fewest_requests
    assert sum(pairs) >= fewest_pairs
    assert all(10 <= len(one.offers) <= 30 for one in cases(labelled=labelled))
    assert max(pairs) <= 1.25 * min(pairs)


@pytest.mark.parametrize("labelled", SETS)
def test_no_scene_is_in_both_halves(labelled):
    scenes = [{one.request["scene"] for one in cases(half, labelled=labelled)} for half in HALVES]

    assert scenes[0].isdisjoint(scenes[1])


@pytest.mark.parametrize("labelled", SETS)
def test_every_request_has_somebody_to_call(labelled):
    alone = [
        one for one in cases(labelled=labelled) if not any(j.grade for j in one.judged.values())
    ]

    assert [one.name for one in alone] == []
