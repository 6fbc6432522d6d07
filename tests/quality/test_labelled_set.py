"""The labelled set itself: readable, whole, and large enough to say something."""

from __future__ import annotations

from tests.quality.labelled import HALVES, cases, flaws


def test_files_hold_what_their_columns_promise():
    assert flaws() == []


def test_set_is_large_and_both_halves_are_alike():
    pairs = {half: sum(len(one.offers) for one in cases(half)) for half in HALVES}

    assert len(cases()) >= 60
    assert sum(pairs.values()) >= 1_000
    assert all(10 <= len(one.offers) <= 30 for one in cases())
    assert max(pairs.values()) <= 1.25 * min(pairs.values())


def test_no_scene_is_in_both_halves():
    scenes = [{one.request["scene"] for one in cases(half)} for half in HALVES]

    assert scenes[0].isdisjoint(scenes[1])


def test_every_request_has_somebody_to_call():
    assert [one.name for one in cases() if not any(j.grade for j in one.judged.values())] == []
