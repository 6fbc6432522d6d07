"""What the engine says of offers beside requests, as it is stored with a match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from buyers import selectors as buyers
from matchmaking import columns
from matchmaking.engine.eligibility import Refusal
from matchmaking.engine.ranking import Ranked, top_k_per_demand, top_k_per_supply
from matchmaking.engine.records import Demand, Route, Supply
from matchmaking.engine.ruleset import CRITERIA
from matchmaking.engine.ruleset import Ruleset as Rules
from matchmaking.engine.scoring import ScoredPairs, is_worth_it, score_pairs
from matchmaking.engine.values import DemandColumns, Pairs, Routes, SupplyColumns
from producers import selectors as producers

BELOW_MINIMUM = "below_minimum"


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
    known: Iterable[tuple[int, int]],
    ground: columns.Ground,
    rules: Rules,
) -> dict[tuple[int, int], Judged]:
    """Return the best pairs and every pair already stored, by (offer id, request id).

    Args:
        offers: Open offers.
        requests: Open requests.
        known: Pairs that have a match already, as (offer id, request id).
        ground: Roads and pacts to judge by.
        rules: Weights and limits.
    """
    if not offers or not requests:
        return {}
    supplies = columns.supplies(offers, ground=ground)
    demands = columns.demands(requests, ground=ground)
    supply, demand = SupplyColumns.from_records(supplies), DemandColumns.from_records(demands)
    pairs = _pairs(supply, demand, ground=ground, rules=rules, known=known)
    scored = score_pairs(supply, demand, ground.terrain, rules, pairs)
    routes = ground.terrain.routes(supply, demand, pairs)
    rows = (
        _judged(scored, row, routes=routes, supplies=supplies, demands=demands, rules=rules)
        for row in range(len(scored))
    )
    return {(one.supply.offer_id, one.demand.request_id): one for one in rows}


def _pairs(
    supply: SupplyColumns,
    demand: DemandColumns,
    *,
    ground: columns.Ground,
    rules: Rules,
    known: Iterable[tuple[int, int]],
) -> Pairs:
    """The top pairs of both directions and the stored ones, each once, in a fixed order."""
    best: list[Ranked] = [
        top_k_per_demand(supply, demand, ground.terrain, rules),
        top_k_per_supply(supply, demand, ground.terrain, rules),
    ]
    wanted = {(int(s), int(d)) for one in best for s, d in zip(one.supply, one.demand, strict=True)}
    offer_row = {int(pk): row for row, pk in enumerate(supply.offer_id)}
    request_row = {int(pk): row for row, pk in enumerate(demand.request_id)}
    wanted |= {
        (offer_row[offer], request_row[request])
        for offer, request in known
        if offer in offer_row and request in request_row
    }
    table = np.array(sorted(wanted), dtype=np.int64).reshape(-1, 2)
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
