"""Whether stored lists are what they must always be, asked of the rows themselves."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from django.db import connection

from core.kernel import clock
from matchmaking import columns
from matchmaking.engine.markets.lists import Lists
from matchmaking.engine.ruleset import Ruleset as Rules
from matchmaking.engine.scoring import is_worth_it, score_pairs
from matchmaking.engine.values import Ints, Pairs, Terrain
from matchmaking.models import MarketState
from matchmaking.rankings.loading import Loaded, load
from matchmaking.rankings.tables import OF_OFFERS, OF_REQUESTS, Table

SAMPLE: Final = 2_000

# Best first, then lowest id: no entry may come before one that beats it, or before itself.
_OUT_OF_ORDER: Final = """
SELECT DISTINCT {table.owner} FROM {table.name} LEFT JOIN generate_series(2, count) AS at ON TRUE
WHERE CASE WHEN length(partner_ids) = 8 * count AND length(scores) = 2 * count
    THEN (substring(scores, 2 * at - 3, 2)::smallint,
          -substring(partner_ids, 8 * at - 15, 8)::bigint)
      <= (substring(scores, 2 * at - 1, 2)::smallint,
          -substring(partner_ids, 8 * at - 7, 8)::bigint)
    ELSE TRUE END
ORDER BY {table.owner}
"""


class Rejudged(NamedTuple):
    """Listed pairs judged again, and those of them that are not worth what their list says."""

    pairs: int
    wrong: list[tuple[int, int]]
    """(offer, request)"""


def lists_out_of_order() -> tuple[list[int], list[int]]:
    """Return the offers and the requests whose stored list is not sorted, or not whole."""
    return _out_of_order(OF_OFFERS), _out_of_order(OF_REQUESTS)


def rejudge(*, sample: int = SAMPLE) -> Rejudged:
    """Judge listed pairs again from their stored inputs, at most so many of each market.

    Markets that were not settled on the roads and pacts of now are left out.
    """
    ground = columns.ground_on(clock.today())
    pairs, wrong = 0, list[tuple[int, int]]()
    for state in MarketState.objects.filter(ground=ground.name).select_related("ruleset"):
        rules = Rules.from_json(state.ruleset.rules)
        loaded = load(state.shard)
        some = _some_pairs(loaded, sample=sample)
        pairs += len(some)
        wrong += _misjudged(loaded, some, terrain=ground.terrain, rules=rules)
    return Rejudged(pairs, sorted(wrong))


def _out_of_order(table: Table) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_OUT_OF_ORDER.format(table=table))
        return [owner for (owner,) in cursor.fetchall()]


def _some_pairs(loaded: Loaded, *, sample: int) -> Ints:
    """(n, 3): row of the offer, row of the request, and the score one of their lists says."""
    offers, requests = loaded.offers, loaded.requests
    of_offers = _entries(offers.lists, partners=requests.columns.request_id)
    of_requests = _entries(requests.lists, partners=offers.columns.offer_id)
    every = np.concatenate([of_offers, of_requests[:, [1, 0, 2]]])
    return np.random.default_rng().permutation(every)[:sample]


def _entries(lists: Lists, *, partners: Ints) -> Ints:
    """(n, 3): row of the owner, row of the partner and score of every entry that is loaded."""
    owners, places = np.nonzero(np.arange(lists.room) < lists.counts[:, None])
    known = np.isin(lists.ids[owners, places], partners)
    owners, places = owners[known], places[known]
    rows = np.searchsorted(partners, lists.ids[owners, places])
    return np.stack([owners, rows, lists.scores[owners, places]], axis=1)


def _misjudged(
    loaded: Loaded, some: Ints, *, terrain: Terrain, rules: Rules
) -> list[tuple[int, int]]:
    supply = loaded.offers.columns.take(some[:, 0])
    demand = loaded.requests.columns.take(some[:, 1])
    rows = np.arange(len(some))
    judged = score_pairs(supply, demand, terrain, rules, Pairs(supply=rows, demand=rows))
    holds = judged.is_eligible & (judged.score == some[:, 2])
    holds &= is_worth_it(judged.points, ruleset=rules)
    ids = zip(supply.offer_id[~holds].tolist(), demand.request_id[~holds].tolist(), strict=True)
    return sorted(set(ids))
