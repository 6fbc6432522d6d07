"""What a part of the market costs, and that parts together are the whole.

`./dev bench shards [--size OFFERS,REQUESTS] [--parts 1,2,4] [--json]`. The world of `matching` in
memory: how long a market takes to stand and how much it holds, and the same in parts as the
matching workers share it, one after another on this machine. Lists of requests merged from all
parts must be those of one market, and so must those of offers. Packed rows are measured as they
would be stored; nothing is.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]

from matching_world import (  # noqa: E402 -- the checkout comes first
    GROUPS,
    LEAVES,
    World,
    build_world,
)
from report import Aim, Measured, Row, publish  # noqa: E402 -- as above

from matchmaking.engine.market import Market  # noqa: E402 -- as above
from matchmaking.engine.markets.lists import Lists, merged  # noqa: E402 -- as above
from matchmaking.engine.ranking import CHOICE  # noqa: E402 -- as above
from matchmaking.engine.ruleset import DEFAULT_RULESET  # noqa: E402 -- as above

REGIONS = 6
MB = 1e6


class Stood(NamedTuple):
    """One part of the market once it stands."""

    offers: np.ndarray
    of_offers: Lists
    of_requests: Lists
    seconds: float
    memory_mb: float


def main() -> int:
    """Let the market stand whole and in parts, and compare."""
    options = _options()
    offers, requests = map(int, options.size.split(","))
    CHOICE.make(use="always", threads=1)
    CHOICE.load()
    world = build_world(offers, requests, seed=20261121)
    case = f"{offers}x{requests}"
    _stand(build_world(1_000, 100, seed=1), np.arange(1_000))  # compiled by now
    whole = _stand(world, np.arange(offers))
    parts = [_in_parts(case, world, whole, number=int(one)) for one in options.parts.split(",")]
    return publish("shards", [_whole(case, world, whole), *parts], rounds=1, as_json=options.json)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="100000,10000", metavar="OFFERS,REQUESTS")
    parser.add_argument("--parts", default="2,4")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _stand(world: World, rows: np.ndarray) -> Stood:
    began = time.process_time()
    market = Market(world.terrain, DEFAULT_RULESET, is_compiled=CHOICE.is_ready)
    market.put_supplies(world.supply.take(rows))
    market.put_demands(world.demand)
    market.settle()
    seconds = time.process_time() - began
    offers = world.supply.offer_id[rows]
    return Stood(
        offers,
        market.lists_of_supplies(offers),
        market.lists_of_demands(world.demand.request_id),
        seconds,
        market.memory_bytes / MB,
    )


def _whole(case: str, world: World, whole: Stood) -> Measured:
    offers, requests = len(world.supply.offer_id), len(world.demand.request_id)
    few = _stand(World(world.supply, world.demand, world.terrain, {}), np.arange(offers // 10))
    per_offer = MB * (whole.memory_mb - few.memory_mb) / (offers - offers // 10)
    per_request = (MB * whole.memory_mb - offers * per_offer) / requests
    listed = np.array([whole.of_offers.counts.mean(), whole.of_requests.counts.mean()])
    inputs = _packed_bytes(world)
    rows = (
        Row(case, "market stands, processor", whole.seconds),
        Row(case, "market in memory", whole.memory_mb, "MB"),
        Row(case, "in memory, one offer more", per_offer, "B"),
        Row(case, "in memory, one request more", per_request, "B"),
        Row(case, "listed by an offer, mean", listed[0], "pairs"),
        Row(case, "listed by a request, mean", listed[1], "pairs"),
        Row(case, "packed list of an offer", 10 * listed[0], "B"),
        Row(case, "packed list of a request", 10 * listed[1], "B"),
        Row(case, "packed inputs of an offer", inputs[0], "B"),
        Row(case, "packed inputs of a request", inputs[1], "B"),
    )
    return Measured(rows)


def _packed_bytes(world: World) -> tuple[float, float]:
    """Mean bytes of stored inputs, before the database compresses anything."""
    import django

    django.setup()
    from matchmaking.rankings.packing import OFFERS, REQUESTS

    some = np.arange(0, len(world.supply.offer_id), 97)
    packed = OFFERS.pack(world.supply.take(some))
    asked = REQUESTS.pack(world.demand)
    return sum(map(len, packed)) / len(packed), sum(map(len, asked)) / len(asked)


def _in_parts(case: str, world: World, whole: Stood, *, number: int) -> Measured:
    """As `columns.parts` shares: a category group in a region is never divided."""
    group = world.supply.category_order * GROUPS // LEAVES
    part = (group * REGIONS + world.supply.province % REGIONS) % number
    stood = [_stand(world, np.flatnonzero(part == one)) for one in range(number)]
    of_requests = merged([one.of_requests for one in stood], top_k=DEFAULT_RULESET.top_k)
    offers = np.concatenate([one.offers for one in stood])
    of_offers = np.concatenate([_bytes(one.of_offers) for one in stood])[np.argsort(offers)]
    wrong = (_bytes(of_requests) != _bytes(whole.of_requests)).any(axis=1).sum()
    wrong += (of_offers != _bytes(whole.of_offers)).any(axis=1).sum()
    seconds = [one.seconds for one in stood]
    rows = (
        Row(f"{case} in {number} parts", "slowest part, processor", max(seconds)),
        Row(f"{case} in {number} parts", "all parts, processor", sum(seconds)),
        Row(f"{case} in {number} parts", "largest part", max(one.memory_mb for one in stood), "MB"),
        Row(f"{case} in {number} parts", "all parts", sum(one.memory_mb for one in stood), "MB"),
        Row(
            f"{case} in {number} parts", "offers of the largest",
            100 * max(len(one.offers) for one in stood) / len(offers), "%",
        ),
    )  # fmt: skip
    aims = (Aim(f"shards.gain_of_{number}", whole.seconds / max(seconds), 0.6 * number),)
    said = [f"{wrong} lists of {number} parts are not those of one"] if wrong else []
    return Measured(rows, aims, said)


def _bytes(lists: Lists) -> np.ndarray:
    """Row for row what would be stored: ids, scores and how many."""
    return np.concatenate([lists.ids, lists.scores, lists.counts[:, None]], axis=1)


if __name__ == "__main__":
    sys.exit(main())
