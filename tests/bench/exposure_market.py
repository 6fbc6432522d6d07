"""Lists of buyers over days: the labelled market, and one with a few large producers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from matching_world import build_world

from matchmaking.engine.exposure import LATELY_DAYS, NOBODY_SHOWN, Shortfalls, attention_of, place
from matchmaking.engine.ranking import top_k_per_demand
from matchmaking.engine.ruleset import DEFAULT_RULESET, Ruleset
from matchmaking.engine.scoring import is_worth_it
from matchmaking.engine.values import SupplyColumns
from tests.quality.engines import scored
from tests.quality.labelled import cases, rows
from tests.quality.measures import ndcg

SIZES = ("1 offer", "2-5 offers", "more than 5")
READ = 10
"""Places of a list that its buyer looks at each day."""
_LARGEST, _ZIPF, _AHEAD = 120, 1.9, 0.25


@dataclass(frozen=True)
class Market:
    """Eligible partners of each request, and whose they are; row for row."""

    name: str
    request: np.ndarray
    offer: np.ndarray
    score: np.ndarray
    owner: np.ndarray
    gain: np.ndarray
    """Grade of an officer, 0 to 3, where there is one; else the score."""
    ideal: list[list[int]]
    """Grades of all candidates of each request; empty where nobody graded them."""
    size: np.ndarray
    """Number of offers by owner."""


class Seen(NamedTuple):
    """What buyers were shown over the last days, by one rule."""

    places: dict[int, np.ndarray]
    """Places among the first 5 and 10 by owner."""
    attention: np.ndarray
    at_5: float
    at_10: float


def labelled(half: str) -> Market:
    """Return the labelled market as its buyers are shown it; sellers are told apart by name."""
    offers = {row["offer"]: at for at, row in enumerate(rows("offers"))}
    sellers = {row["seller"]: 0 for row in rows("offers")}
    sellers = {name: at for at, name in enumerate(sellers)}
    owner = np.array([sellers[row["seller"]] for row in rows("offers")])
    table, ideal = [], []
    for number, case in enumerate(cases(half)):
        found = scored(case, ruleset=DEFAULT_RULESET)
        shown = found.is_eligible & is_worth_it(found.points, ruleset=DEFAULT_RULESET)
        ideal.append([one.grade for one in case.judged.values()])
        for at in np.flatnonzero(shown):
            name = case.offers[at]["offer"]
            grade = case.judged[name].grade
            table.append((number, offers[name], found.score[at], owner[offers[name]], grade))
    columns = np.array(table, dtype=np.int64).T
    return Market(half, *columns, ideal, np.bincount(owner))


def drawn(offers: int, requests: int, *, seed: int = 1) -> Market:
    """Draw a market of few large producers and many small ones; the large have larger lots."""
    world = build_world(offers, requests, seed=seed)
    random = np.random.default_rng(seed)
    sizes = np.minimum(random.zipf(_ZIPF, offers), _LARGEST)
    owner = random.permutation(np.repeat(np.arange(offers), sizes)[:offers])
    size = np.bincount(owner)
    supplies = [
        replace(
            one,
            organisation_id=int(whose),
            quantity_base=one.quantity_base * float(size[whose]) ** _AHEAD,
        )
        for one, whose in zip(world.offers, owner, strict=True)
    ]
    supply = SupplyColumns.from_records(supplies)
    ranked = top_k_per_demand(supply, world.demand, world.terrain, DEFAULT_RULESET)
    score = ranked.score.astype(np.int64)
    whose = owner[ranked.supply]
    return Market("drawn", ranked.demand, ranked.supply, score, whose, score, [], size)


def watch(market: Market, rules: Ruleset, *, days: int = LATELY_DAYS) -> Seen:
    """Let every buyer look at every list once a day, until the order has settled, then count."""
    could = len(np.unique(market.owner))
    history: list[Counter[int]] = []
    places = {most: np.zeros(len(market.size)) for most in (5, 10)}
    quality = []
    for day in range(2 * days):
        lacking = _shortfalls(history[-LATELY_DAYS:], organisations=could)
        order, at = _lists(market, lacking, rules)
        history.append(_attention(market.owner[order], at))
        if day >= days:
            for most in places:
                shown = market.owner[order][at <= most]
                places[most] += np.bincount(shown, minlength=len(market.size))
            quality.append([_quality(market, order, at=most) for most in (5, 10)])
    attention = sum((Counter(one) for one in history[-days:]), Counter())
    whole = np.array([attention[one] for one in range(len(market.size))], dtype=np.float64)
    at_5, at_10 = np.mean(quality, axis=0)
    return Seen(places, whole, float(at_5), float(at_10))


def _shortfalls(history: list[Counter[int]], *, organisations: int) -> Shortfalls:
    seen: Counter[int] = Counter()
    for one in history:
        seen.update(one)
    return Shortfalls.counted(seen, organisations=organisations) if seen else NOBODY_SHOWN


def _lists(market: Market, lacking: Shortfalls, rules: Ruleset) -> tuple[np.ndarray, np.ndarray]:
    """Rows list by list in the order shown, and the place of each in its list."""
    columns = np.stack([market.offer, market.request, market.owner, market.score], axis=1)
    order = place(columns, shortfalls=lacking, rules=rules).order
    order = order[np.argsort(market.request[order], kind="stable")]
    request = market.request[order]
    return order, np.arange(len(order)) - np.searchsorted(request, request) + 1


def _attention(owner: np.ndarray, at: np.ndarray) -> Counter[int]:
    seen: Counter[int] = Counter()
    for one, where in zip(owner[at <= READ].tolist(), at[at <= READ].tolist(), strict=True):
        seen[one] += attention_of(where)
    return seen


def _quality(market: Market, order: np.ndarray, *, at: int) -> float:
    """Mean NDCG of the lists; without grades, of the scores beside the order by score."""
    gain, request = market.gain[order], market.request[order]
    found = []
    for number in range(len(market.ideal)) if market.ideal else np.unique(request):
        mine = gain[request == number]
        if market.ideal:
            found.append(ndcg(mine.tolist(), ideal=market.ideal[number], at=at))
        else:
            fade = 1 / np.log2(2 + np.arange(min(at, len(mine))))
            found.append(float(mine[:at] @ fade / (np.sort(mine)[::-1][:at] @ fade)))
    return float(np.mean(found))


def gini(values: np.ndarray) -> float:
    """Return how unevenly values are spread: 0 all the same, near 1 one has everything."""
    ordered, number = np.sort(values), len(values)
    ranks = 2 * np.arange(1, number + 1) - number - 1
    return float(ranks @ ordered / (number * ordered.sum()))
