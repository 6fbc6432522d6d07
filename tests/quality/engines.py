"""Rankings of the candidates of a request: ours, and what a user would do without it.

An engine returns the names of the offers it would show, best first; what it leaves out it refuses.
"""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from core.kernel.text import fold
from matchmaking.engine.eligibility import Refusal
from matchmaking.engine.names import trigrams
from matchmaking.engine.records import SLOT_OF, Demand, Supply
from matchmaking.engine.ruleset import DEFAULT_RULESET, Ruleset
from matchmaking.engine.scoring import ScoredPairs, is_worth_it, score_pairs
from matchmaking.engine.values import DemandColumns, Pairs, SupplyColumns
from tests.quality.labelled import Case
from tests.quality.market import Reading, read_kind, sides_of, terrain

Engine = Callable[[Case], list[str]]
TODAY_ORDINAL = 739_942
"""2026-11-22, the day a searcher looks at papers."""


def scored(case: Case, *, ruleset: Ruleset, kind_of: Reading = read_kind) -> ScoredPairs:
    """Judge the candidates of a request by the engine, in the order of the file."""
    supplies, demand = sides_of(case, kind_of=kind_of)
    columns = SupplyColumns.from_records(supplies), DemandColumns.from_records([demand])
    return score_pairs(*columns, terrain(), ruleset, Pairs.every(*columns))


def ours(
    case: Case, *, ruleset: Ruleset = DEFAULT_RULESET, kind_of: Reading = read_kind
) -> list[str]:
    """Gates, then the highest score, then the lowest id."""
    found = scored(case, ruleset=ruleset, kind_of=kind_of)
    order = np.lexsort((np.arange(len(found)), -found.score))
    shown = found.is_eligible & is_worth_it(found.points, ruleset=ruleset)
    return [case.offers[row]["offer"] for row in order if shown[row]]


def gates_closed(case: Case, *, ruleset: Ruleset = DEFAULT_RULESET) -> dict[str, frozenset[str]]:
    """Names of the gates the engine closes, by offer."""
    bits = scored(case, ruleset=ruleset).refusals
    return {
        row["offer"]: frozenset(str(gate.name).lower() for gate in Refusal if gate & int(mask))
        for row, mask in zip(case.offers, bits, strict=True)
    }


# --- Search by words ---------------------------------------------------------------------------


@lru_cache(maxsize=4_096)
def _terms(text: str) -> tuple[str, ...]:
    """Syllables and pairs of them, without tones: most of Vietnamese words have two."""
    words = fold(text).split()
    return (*words, *map(" ".join, itertools.pairwise(words)))


def _text(row: dict[str, str]) -> str:
    return f"{row['product']} {row['place']}"


def bm25(case: Case, *, k1: float = 1.2, b: float = 0.75) -> list[str]:
    """Okapi BM25 over names and places; offers without a common word are not shown."""
    documents = [Counter(_terms(_text(row))) for row in case.offers]
    average = sum(sum(one.values()) for one in documents) / len(documents)
    holding = Counter(term for one in documents for term in one)

    def score(document: Counter[str]) -> float:
        length = k1 * (1 - b + b * sum(document.values()) / average)
        return sum(
            math.log(1 + (len(documents) - holding[term] + 0.5) / (holding[term] + 0.5))
            * document[term] * (k1 + 1) / (document[term] + length)
            for term in _terms(case.request["words"])
        )  # fmt: skip

    return _ordered(case, [score(one) for one in documents])


def trigram(case: Case) -> list[str]:
    """`similarity()` of pg_trgm between the words and the product's name."""
    asked = trigrams(case.request["words"])
    names = [trigrams(row["product"]) for row in case.offers]
    return _ordered(case, [len(asked & one) / len(asked | one) for one in names])


def word_trigram(case: Case) -> list[str]:
    """As `word_similarity()`: how much of the words the name holds."""
    asked = trigrams(case.request["words"])
    return _ordered(
        case, [len(asked & trigrams(row["product"])) / len(asked) for row in case.offers]
    )


def _ordered(case: Case, scores: Sequence[float]) -> list[str]:
    ranked = sorted(range(len(scores)), key=lambda at: (-scores[at], at))
    return [case.offers[at]["offer"] for at in ranked if scores[at] > 0]


# --- A filtered list ---------------------------------------------------------------------------


def _passes(supply: Supply, demand: Demand) -> bool:
    """Tell what a careful `WHERE` can: category, days, price at the farm, papers of today."""
    held = {
        slot for one in supply.papers if one.valid_from <= TODAY_ORDINAL <= one.valid_to
        for slot in one.slots()
    }  # fmt: skip
    ceiling, price = demand.price_ceiling_vnd_per_base, supply.price_vnd_per_base
    has_stars = supply.stars >= demand.minimum_stars and supply.stars_to >= TODAY_ORDINAL
    return (
        demand.category_lo <= supply.category_order < demand.category_hi
        and supply.dimension == demand.dimension
        and max(supply.first_day, demand.first_day) <= min(supply.last_day, demand.last_day)
        and (ceiling is None or price is None or price <= ceiling)
        and {SLOT_OF[name] for name in demand.required_papers} <= held
        and (has_stars or not demand.minimum_stars)
        and (supply.minimum_lot_base or 0) <= demand.quantity_base
        and demand.storage_required in (None, supply.storage)
        and (supply.can_issue_invoice or not demand.needs_invoice)
        and (supply.has_gtin or not demand.needs_barcode)
    )


def _filtered(case: Case, key: Callable[[Supply, Demand, float], float]) -> list[str]:
    supplies, demand = sides_of(case)
    km = scored(case, ruleset=DEFAULT_RULESET).km
    passing = [at for at, supply in enumerate(supplies) if _passes(supply, demand)]
    passing.sort(key=lambda at: (key(supplies[at], demand, float(km[at])), at))
    return [case.offers[at]["offer"] for at in passing]


def cheapest(case: Case) -> list[str]:
    """Category and hard filters, the lowest price first."""
    return _filtered(case, lambda supply, _demand, _km: supply.price_vnd_per_base or 0.0)


def nearest(case: Case) -> list[str]:
    """Category and hard filters, the shortest way first."""
    return _filtered(case, lambda _supply, _demand, km: km)


def largest(case: Case) -> list[str]:
    """Category and hard filters, the largest quantity first."""
    return _filtered(case, lambda supply, _demand, _km: -supply.quantity_base)


def shuffled(case: Case) -> list[str]:
    """All candidates in an order drawn from the request's name."""
    names = [row["offer"] for row in case.offers]
    random.Random(case.name).shuffle(names)
    return names


OURS = "nhip-cau"
PEERS: dict[str, Engine] = {
    "BM25": bm25,
    "trigram similarity": trigram,
    "trigram word similarity": word_trigram,
    "category + filters, by price": cheapest,
    "category + filters, by distance": nearest,
    "category + filters, by quantity": largest,
    "random": shuffled,
}
