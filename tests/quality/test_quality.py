"""Who may trade and who is called first, held to floors; the figures: ./dev bench quality."""

from __future__ import annotations

import pytest

from tests.quality.engines import ours
from tests.quality.labelled import SETS, cases
from tests.quality.measures import mean, ndcg

# A little below what was measured, so that a judgement that turned is seen, not a rounding.
FLOORS = {
    ("first", "dev"): (0.97, 0.99, 0.99),
    ("first", "held_out"): (0.96, 0.96, 0.96),
    ("second", "dev"): (0.92, 0.99, 0.95),
    ("second", "held_out"): (0.92, 0.97, 0.96),
}
TRAPS = sorted({trap for case in cases("dev") for trap in case.request["traps"].split(", ")})


@pytest.fixture(scope="module")
def shown():
    """Offers shown for each request of a set, best first."""
    return {name: {one.name: ours(one) for one in cases(labelled=name)} for name in SETS}


@pytest.mark.parametrize(("labelled", "half"), FLOORS)
def test_figures_do_not_fall(labelled, half, shown):
    gains, rightly, listed, eligible = [], 0, 0, 0
    for case in cases(half, labelled=labelled):
        names = shown[labelled][case.name]
        ideal = [one.grade for one in case.judged.values()]
        gains.append(ndcg([case.judged[name].grade for name in names], ideal=ideal, at=10))
        rightly += sum(case.judged[name].is_eligible for name in names)
        listed += len(names)
        eligible += sum(one.is_eligible for one in case.judged.values())

    least_gain, least_precision, least_recall = FLOORS[labelled, half]
    assert mean(gains) >= least_gain
    assert rightly / listed >= least_precision
    assert rightly / eligible >= least_recall


@pytest.mark.parametrize("trap", TRAPS)
def test_nobody_walks_into_the_trap(trap, shown):
    for case in cases("dev"):
        if trap in case.request["traps"].split(", "):
            may_trade = {name for name, one in case.judged.items() if one.is_eligible}
            assert set(shown["first"][case.name]) == may_trade, case.name
