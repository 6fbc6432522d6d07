"""What the engine says of offers beside requests, as it is stored with a match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from buyers import selectors as buyers
from matchmaking import columns
from matchmaking.engine.eligibility import Refusal
from matchmaking.engine.records import Demand, Route, Supply
from matchmaking.engine.ruleset import CRITERIA
from matchmaking.engine.ruleset import Ruleset as Rules
from matchmaking.engine.scoring import ScoredPairs, is_worth_it, score_pairs
from matchmaking.engine.values import DemandColumns, Pairs, Routes, SupplyColumns
from producers import selectors as producers

BELOW_MINIMUM = "below_minimum"
PairIds = tuple[int, int]
"""Ids of an offer and of a request."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One pair as the engine sees it now, with everything needed to score it again."""

    supply: Supply
    demand: Demand
    route: Route
    score: int
    parts: dict[str, int]
    refusals: list[str]


def judge(
    offers: Sequence[producers.OfferFacts],
    requests: Sequence[buyers.RequestFacts],
    *,
    pairs: Iterable[PairIds],
    ground: columns.Ground,
    rules: Rules,
) -> dict[PairIds, Judged]:
    """Return the judgement of each given pair whose two sides are given, by its ids.

    Args:
        offers: Open offers.
        requests: Open requests.
        pairs: (offer id, request id) of whom to judge.
        ground: Roads and pacts to judge by.
        rules: Weights and limits.
    """
    rows = _rows(offers, requests, pairs)
    if not len(rows):
        return {}
    supplies = columns.supplies(offers, ground=ground)
    demands = columns.demands(requests, ground=ground)
    supply, demand = SupplyColumns.from_records(supplies), DemandColumns.from_records(demands)
    scored = score_pairs(supply, demand, ground.terrain, rules, rows)
    routes = ground.terrain.routes(supply, demand, rows)
    judged = (
        _judged(scored, row, routes=routes, supplies=supplies, demands=demands, rules=rules)
        for row in range(len(scored))
    )
    return {(one.supply.offer_id, one.demand.request_id): one for one in judged}


def _rows(
    offers: Sequence[producers.OfferFacts],
    requests: Sequence[buyers.RequestFacts],
    pairs: Iterable[PairIds],
) -> Pairs:
    """The pairs by row numbers, each once, in a fixed order."""
    offer_row = {one.offer_id: row for row, one in enumerate(offers)}
    request_row = {one.request_id: row for row, one in enumerate(requests)}
    rows = {
        (offer_row[offer], request_row[request])
        for offer, request in pairs
        if offer in offer_row and request in request_row
    }
    table = np.array(sorted(rows), dtype=np.int64).reshape(-1, 2)
    return Pairs(supply=table[:, 0], demand=table[:, 1])


def _judged(
    scored: ScoredPairs,
    row: int,
    *,
    routes: Routes,
    supplies: list[Supply],
    demands: list[Demand],
    rules: Rules,
) -> Judged:
    score = int(scored.score[row])
    bits = Refusal(int(scored.refusals[row]))
    refusals = [str(bit.name).lower() for bit in Refusal if bit & bits]
    if not refusals and not is_worth_it(scored.points[row : row + 1], ruleset=rules)[0]:
        refusals = [BELOW_MINIMUM]
    return Judged(
        supply=supplies[int(scored.supply[row])],
        demand=demands[int(scored.demand[row])],
        route=routes.record(row),
        score=score,
        parts={code: int(scored.points[row, at]) for at, code in enumerate(CRITERIA)},
        refusals=refusals,
    )
