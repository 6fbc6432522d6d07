"""Two rankings of the same offers and requests: what another ruleset would change, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from matchmaking.engine.exposure import NOBODY_SHOWN, Shortfalls, place
from matchmaking.engine.ranking import Ranked, top_k_per_demand
from matchmaking.engine.ruleset import Ruleset
from matchmaking.engine.values import DemandColumns, Ints, SupplyColumns, Terrain

SHOWN: Final = 5
"""Places of a list that people look at before they decide."""
_Lists = dict[int, list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What other rules would make of one set of offers and requests."""

    requests: int
    """Requests with a partner by either rules."""
    changed_lists: int
    """Requests whose first `SHOWN` places differ, in members or in order."""
    places: int
    """How many of these places the other rules fill."""
    changed_places: int
    """Those of them with an offer that did not stand in one of them before."""
    pairs_gained: int
    pairs_lost: int
    attention: dict[int, tuple[float, float]]
    """By organisation id, before and after: see `attention`."""


def compare(
    supply: SupplyColumns,
    demand: DemandColumns,
    terrain: Terrain,
    *,
    before: Ruleset,
    after: Ruleset,
    shortfalls: Shortfalls = NOBODY_SHOWN,
) -> Comparison:
    """Rank everything by both rules, as buyers are shown it, and tell what differs."""
    ranked = [
        as_shown(
            top_k_per_demand(supply, demand, terrain, rules),
            supply=supply,
            shortfalls=shortfalls,
            rules=rules,
        )
        for rules in (before, after)
    ]
    old, new = (_lists(one) for one in ranked)
    firsts = [
        (old.get(one, [])[:SHOWN], new.get(one, [])[:SHOWN]) for one in old.keys() | new.keys()
    ]
    old_pairs, new_pairs = (_pairs(one) for one in (old, new))
    seen = [attention(one, organisation_of_supply=supply.organisation_id) for one in ranked]
    return Comparison(
        requests=len(firsts),
        changed_lists=sum(was != now for was, now in firsts),
        places=sum(len(now) for _was, now in firsts),
        changed_places=sum(len(set(now) - set(was)) for was, now in firsts),
        pairs_gained=len(new_pairs - old_pairs),
        pairs_lost=len(old_pairs - new_pairs),
        attention={
            one: (seen[0].get(one, 0.0), seen[1].get(one, 0.0))
            for one in sorted(seen[0].keys() | seen[1].keys())
        },
    )


def as_shown(
    ranked: Ranked, *, supply: SupplyColumns, shortfalls: Shortfalls, rules: Ruleset
) -> Ranked:
    """Put the partners of each request in the order that its buyer is shown."""
    columns = (
        supply.offer_id[ranked.supply],
        ranked.demand,
        supply.organisation_id[ranked.supply],
        ranked.score,
    )
    order = place(np.stack(columns, axis=1), shortfalls=shortfalls, rules=rules).order
    rows = order[np.argsort(ranked.demand[order], kind="stable")]
    return Ranked(
        supply=ranked.supply[rows],
        demand=ranked.demand[rows],
        points=ranked.points[rows],
        score=ranked.score[rows],
    )


def attention(ranked: Ranked, *, organisation_of_supply: Ints) -> dict[int, float]:
    """Attention each organisation's offers get from buyers who read their lists from the top.

    A place counts 1 ÷ log2(1 + place), the discount of NDCG: the first 1, the third ½.

    Args:
        ranked: Partners per request, in the order shown.
        organisation_of_supply: Of every offer row.

    Returns:
        Sum of its places by organisation id; who stands nowhere is left out.

    Source:
        Järvelin & Kekäläinen, ACM TOIS 20(4), 2002.
    """
    places = np.arange(len(ranked)) - np.searchsorted(ranked.demand, ranked.demand) + 1
    ids, owner = np.unique(organisation_of_supply[ranked.supply], return_inverse=True)
    seen = np.bincount(owner, weights=1 / np.log2(1 + places), minlength=len(ids))
    return dict(zip(ids.tolist(), seen.tolist(), strict=True))


def _lists(ranked: Ranked) -> _Lists:
    lists: _Lists = {}
    for demand, supply in zip(ranked.demand.tolist(), ranked.supply.tolist(), strict=True):
        lists.setdefault(demand, []).append(supply)
    return lists


def _pairs(lists: _Lists) -> set[tuple[int, int]]:
    return {(demand, supply) for demand, supplies in lists.items() for supply in supplies}
