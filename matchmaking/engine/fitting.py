"""Weights of a ruleset fitted to what people answered, and whether they would have done better.

A side accepts with probability 1 ÷ (1 + exp(−(a + b · Σ w·fit))). The weights w are zero or more,
so a better fit never lowers a score, sum to one, stay within a factor of those in force, and are
drawn towards them; few answers move them little. Answers are weighed by the inverse of the chance
that they were given at all: who reads a list from the top seldom comes to its end.

Source:
    Inverse propensity weighting: Joachims, Swaminathan, Schnabel, WSDM 2017. NDCG: Järvelin &
    Kekäläinen, ACM TOIS 20(4), 2002.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, minimize

from matchmaking.engine.ruleset import CRITERIA, FULL_SCORE, Ruleset
from matchmaking.engine.values import Bools, Floats, Ints

FEWEST_ANSWERS: Final = 200
"""Fewer say nothing that eight weights could follow."""
TRAINED_SHARE: Final = 0.7
"""Earlier answers, fitted to; the later ones judge."""
_LEAST_CHANCE: Final = 0.1
_FACTOR: Final = 2.5
_ANSWERS_OF_HABIT: Final = 30.0
"""How many answers the weights in force count for."""
_BINS: Final = 10
_RISING: Final = Bounds(np.array([-np.inf, 0.0]), np.array([np.inf, np.inf]))
_DEEP: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One side's word on one match, with the fits it was shown by."""

    list_id: int
    """The request whose list it stood in."""
    chance: float
    """That the match was read before it was answered, in (0, 1]."""
    day: int
    fits: tuple[float | None, ...]
    """In the order of `CRITERIA`; None where unknown or not scored then."""
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How well scores foretell the later answers."""

    ndcg_at_5: float
    """Mean over lists with an accepted and a declined answer; NaN where there is none."""
    calibration_error: float
    """Mean distance of foretold and true shares of acceptance in bins of equal width."""
    log_loss: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Proposed rules beside those in force, judged by answers neither has seen."""

    rules: Ruleset
    trained: int
    judged: int
    before: Quality
    after: Quality


def fit_rules(answers: Sequence[Answer], *, rules: Ruleset) -> Fitted:
    """Fit weights to the earlier answers and judge them by the later ones.

    Args:
        answers: In any order; ties of a day are split by it.
        rules: Those in force; everything but the weights stays as it is.

    Raises:
        ValueError: There are too few answers, or all say the same.
    """
    ordered = sorted(answers, key=lambda one: one.day)
    cut = _cut(ordered)
    early, late = _Table(ordered[:cut], rules), _Table(ordered[cut:], rules)
    if len(ordered) < FEWEST_ANSWERS or not (early.is_mixed and late.is_mixed):
        raise ValueError(
            f"At least {FEWEST_ANSWERS} answers are needed, accepted and declined ones both "
            f"before and after the split; there are {len(ordered)}."
        )
    start = np.array(rules.weights) / FULL_SCORE
    weights = _weights(early, start)
    fitted = replace(rules, weights=_points(weights))
    return Fitted(
        rules=fitted,
        trained=len(early),
        judged=len(late),
        before=_quality(start, early=early, late=late),
        after=_quality(np.array(fitted.weights) / FULL_SCORE, early=early, late=late),
    )


class _Table:
    """Answers as columns."""

    def __init__(self, answers: Sequence[Answer], rules: Ruleset) -> None:
        fits = [[np.nan if fit is None else fit for fit in one.fits] for one in answers]
        table = np.array(fits, dtype=np.float64).reshape(-1, len(CRITERIA))
        self.fits: Floats = np.where(np.isnan(table), rules.unknown_fit, table)
        self.accepted: Bools = np.array([one.accepted for one in answers], dtype=np.bool_)
        self.lists: Ints = np.array([one.list_id for one in answers], dtype=np.int64)
        chance = np.maximum([one.chance for one in answers], _LEAST_CHANCE, dtype=np.float64)
        self.worth: Floats = (1 / chance) / np.mean(1 / chance) if len(answers) else chance

    def __len__(self) -> int:
        return len(self.accepted)

    @property
    def is_mixed(self) -> bool:
        return bool(self.accepted.any() and not self.accepted.all())


def _cut(ordered: Sequence[Answer]) -> int:
    """Where the later answers begin; those of one day stay together."""
    cut = int(len(ordered) * TRAINED_SHARE)
    while 0 < cut < len(ordered) and ordered[cut].day == ordered[cut - 1].day:
        cut += 1
    return cut


def _weights(table: _Table, start: Floats) -> Floats:
    """The weights that make the answers likeliest, near those of the start."""
    low, high = start / _FACTOR, np.minimum(start * _FACTOR, 1.0)
    first = np.concatenate([start, _line(table.fits @ start, table)])
    found = minimize(
        _cost,
        first,
        args=(table, start),
        jac=True,
        method="SLSQP",
        bounds=Bounds(np.append(low, [-np.inf, 0.0]), np.append(high, [np.inf, np.inf])),
        constraints=LinearConstraint(np.append(np.ones(len(start)), [0.0, 0.0]), 1.0, 1.0),
        options={"maxiter": 500, "ftol": 1e-10},
    )
    return np.clip(found.x[:-2], low, high)


def _cost(x: Floats, table: _Table, start: Floats) -> tuple[float, Floats]:
    weights, offset, slope = x[:-2], x[-2], x[-1]
    score = table.fits @ weights
    loss, off = _loss(offset + slope * score, table)
    away = (weights - start) * len(start)
    habit = _ANSWERS_OF_HABIT / len(table)
    gradient = [
        slope * (table.fits.T @ off) + 2 * habit * away * len(start),
        [off.sum()],
        [off @ score],
    ]
    return loss + habit * float(away @ away), np.concatenate(gradient)


def _loss(logit: Floats, table: _Table) -> tuple[float, Floats]:
    """Mean negative log-likelihood and its slope in each logit."""
    said = table.accepted.astype(np.float64)
    loss = np.logaddexp(0.0, logit) - said * logit
    share = table.worth / len(table)
    return float(share @ loss), share * (1 / (1 + np.exp(-logit)) - said)


def _line(score: Floats, table: _Table) -> Floats:
    """Offset and slope by which scores foretell the answers best."""

    def cost(x: Floats) -> tuple[float, Floats]:
        loss, off = _loss(x[0] + x[1] * score, table)
        return loss, np.array([off.sum(), off @ score])

    found = minimize(cost, np.array([0.0, 1.0]), jac=True, bounds=_RISING)
    return np.asarray(found.x, dtype=np.float64)


def _points(weights: Floats) -> tuple[int, ...]:
    """Whole points that sum to `FULL_SCORE`: the largest remainders are rounded up."""
    exact = weights / weights.sum() * FULL_SCORE
    points = np.floor(exact).astype(int)
    missing = FULL_SCORE - int(points.sum())
    points[np.argsort(points - exact, kind="stable")[:missing]] += 1
    return tuple(points.tolist())


def _quality(weights: Floats, *, early: _Table, late: _Table) -> Quality:
    offset, slope = _line(early.fits @ weights, early)
    score = late.fits @ weights
    logit = offset + slope * score
    return Quality(
        ndcg_at_5=_ndcg(score, late),
        calibration_error=_calibration_error(1 / (1 + np.exp(-logit)), late),
        log_loss=_loss(logit, late)[0],
    )


def _ndcg(score: Floats, table: _Table) -> float:
    found = []
    for one in np.unique(table.lists):
        rows = np.flatnonzero(table.lists == one)
        said = table.accepted[rows]
        if said.any() and not said.all():
            found.append(
                _gain(said[np.argsort(-score[rows], kind="stable")])
                / _gain(-np.sort(-said.astype(int)))
            )
    return float(np.mean(found)) if found else float("nan")


def _gain(said: Bools) -> float:
    first = said[:_DEEP].astype(np.float64)
    return float(first @ (1 / np.log2(2 + np.arange(len(first)))))


def _calibration_error(foretold: Floats, table: _Table) -> float:
    bins = np.minimum((foretold * _BINS).astype(int), _BINS - 1)
    worth = np.bincount(bins, weights=table.worth, minlength=_BINS)
    expected = np.bincount(bins, weights=table.worth * foretold, minlength=_BINS)
    true = np.bincount(bins, weights=table.worth * table.accepted, minlength=_BINS)
    return float(np.abs(expected - true).sum() / worth.sum())
