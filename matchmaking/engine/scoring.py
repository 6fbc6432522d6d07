"""Points of pairs: each part a whole number, the score their sum."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.criteria import fits
from matchmaking.engine.eligibility import refusals
from matchmaking.engine.facts import Pairing
from matchmaking.engine.ruleset import CRITERIA, FULL_SCORE, GAINS, Ruleset
from matchmaking.engine.values import (
    Bools,
    DemandColumns,
    Floats,
    Ints,
    Pairs,
    SupplyColumns,
    Terrain,
)

Points = NDArray[np.int32]
_CHUNK_PAIRS: Final = 65_536


@dataclass(frozen=True, eq=False, kw_only=True)
class ScoredPairs:
    """Judgement of pairs, row for row; parts stand in the order of `CRITERIA`."""

    supply: Ints
    demand: Ints
    fits: Floats
    """(n, criteria) in [0, 1]; NaN where unknown."""
    points: Points
    """(n, criteria); an unknown part carries the presumed fit of the ruleset."""
    refusals: Ints
    delivery_first: Ints
    delivery_last: Ints
    available_base: Floats
    km: Floats
    hours: Floats
    freight_vnd_per_base: Floats
    landed_vnd_per_base: Floats

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.refusals)

    @cached_property
    def known(self) -> Bools:
        """(n, criteria): whether the part rests on stated facts."""
        return ~np.isnan(self.fits)

    @cached_property
    def score(self) -> Points:
        """Sum of each pair's points, 0 to 10,000, also of refused pairs."""
        return self.points.sum(axis=1, dtype=np.int32)

    @cached_property
    def is_eligible(self) -> Bools:
        """Whether nothing stands against the pair."""
        return self.refusals == 0


def score_pairs(
    supply: SupplyColumns,
    demand: DemandColumns,
    terrain: Terrain,
    ruleset: Ruleset,
    pairs: Pairs,
) -> ScoredPairs:
    """Judge the given pairs of rows, refused ones too."""
    reach = terrain.reach(demand)
    chunks = []
    for start in range(0, max(len(pairs), 1), _CHUNK_PAIRS):
        chunk = pairs.take(slice(start, start + _CHUNK_PAIRS))
        routes = terrain.routes_by(reach, supply=supply, demand=demand, pairs=chunk)
        pairing = Pairing(supply.take(chunk.supply), demand.take(chunk.demand), routes, ruleset)
        chunks.append(judge(pairing, pairs=chunk))
    return chunks[0] if len(chunks) == 1 else _joined(chunks)


def judge(pairing: Pairing, *, pairs: Pairs) -> ScoredPairs:
    """Refusals, fits and points of a pairing whose rows are the given pairs."""
    fit, freight, window = fits(pairing), pairing.freight, pairing.window
    return ScoredPairs(
        supply=pairs.supply,
        demand=pairs.demand,
        fits=fit,
        points=points_of(fit, ruleset=pairing.ruleset),
        refusals=refusals(pairing),
        delivery_first=window.delivery_first,
        delivery_last=window.delivery_last,
        available_base=pairing.available_base,
        km=pairing.routes.km,
        hours=freight.hours,
        freight_vnd_per_base=freight.vnd_per_base,
        landed_vnd_per_base=pairing.landed_vnd_per_base,
    )


def points_of(fit: Floats, *, ruleset: Ruleset) -> Points:
    """Whole points of each part; rounded here once, so that every sum is exact."""
    presumed = np.where(np.isnan(fit), ruleset.unknown_fit, fit)
    return np.rint(presumed * np.array(ruleset.weights)).astype(np.int32)


def side_points(points: Points, *, side: str) -> Points:
    """Points of the criteria a side gains by, summed for each pair; `side` is a key of `GAINS`."""
    return points[:, _columns_of(side)].sum(axis=1, dtype=np.int32)


def side_weight(ruleset: Ruleset, *, side: str) -> int:
    """Points a side could gain at most."""
    return sum(ruleset.weights[column] for column in _columns_of(side))


def is_worth_it(points: Points, *, ruleset: Ruleset) -> Bools:
    """Whether each pair reaches the minimum score, and each side of it the minimum gain."""
    enough = points.sum(axis=1, dtype=np.int32) >= ruleset.minimum_score
    for side in GAINS:
        gained = side_points(points, side=side).astype(np.int64) * FULL_SCORE
        enough &= gained >= ruleset.minimum_gain * side_weight(ruleset, side=side)
    return enough


def _columns_of(side: str) -> list[int]:
    return [CRITERIA.index(name) for name in GAINS[side]]


def _joined(chunks: list[ScoredPairs]) -> ScoredPairs:
    names = [field.name for field in fields(ScoredPairs)]
    columns = {name: np.concatenate([getattr(one, name) for one in chunks]) for name in names}
    return ScoredPairs(**columns)
