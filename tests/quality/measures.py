"""How good a ranking and a set of refusals are, with how sure that is."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

RESAMPLES = 2_000
_SEED = 20261122


class Share(NamedTuple):
    """A share with the bounds of its middle 95 %."""

    value: float
    low: float
    high: float


def ndcg(grades: Sequence[int], *, ideal: Sequence[int], at: int) -> float:
    """Return the discounted gain of a list of grades over that of the best list.

    Args:
        grades: Grades of what is returned, best first; what is left out gains nothing.
        ideal: Grades of all candidates, in any order.
        at: How far the reader reads.
    """
    return _gain(grades[:at]) / _gain(sorted(ideal, reverse=True)[:at])


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def mean(values: Sequence[float]) -> float:
    """Return the mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def bootstrapped(rows: Sequence[object], of: Callable[[Sequence[object]], float]) -> Share:
    """Return a figure over rows with its bounds, by drawing as many rows again and again."""
    draw = random.Random(_SEED)
    drawn = sorted(of(draw.choices(rows, k=len(rows))) for _ in range(RESAMPLES))
    return Share(of(rows), drawn[round(RESAMPLES * 0.025)], drawn[round(RESAMPLES * 0.975) - 1])
