"""Full re-match: the engine against a plain Python loop and a tuned PostgreSQL query.

`./dev bench matching [--size 10k,1k] [--rounds 3] [--json]`. All three must list the same pairs
with the same scores, or the run fails. The Python loop judges a sample of the requests.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]

from matching_peers import PostgresPeer, python_loop  # noqa: E402 -- the checkout comes first
from matching_world import World, build_world  # noqa: E402 -- as above
from report import Aim, Measured, Row, publish  # noqa: E402 -- as above

from matchmaking.engine.ranking import top_k_per_demand  # noqa: E402 -- as above
from matchmaking.engine.ruleset import DEFAULT_RULESET  # noqa: E402 -- as above

# The peers repeat the first seven criteria; what was added since is switched off for all of them.
RULES = replace(
    DEFAULT_RULESET,
    weights=(2_500, 2_000, 2_000, 1_000, 1_500, 500, 500, 0),
    minimum_score=0,
    minimum_gain=0,
    usual_hours=0.0,
    papers_by_day=0,
)
PYTHON_REQUESTS = 20

Listed = dict[int, list[tuple[int, int]]]


def main() -> int:
    """Run all engines round by round, compare their lists, then print times and ratios."""
    options = _options()
    world = build_world(*options.size, seed=20261121)
    peer = PostgresPeer(os.environ["DATABASE_URL"], world=world, rules=RULES)
    sample = np.linspace(0, options.size[1] - 1, PYTHON_REQUESTS).astype(int).tolist()
    engines: dict[str, Callable[[], Listed]] = {
        "engine": lambda: _engine(world),
        "postgresql": peer.run,
        "python": lambda: python_loop(world, sample=sample, rules=RULES),
    }
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    results: dict[str, Listed] = {}
    for _ in range(options.rounds):
        for name, run in engines.items():
            began = time.perf_counter()
            results[name] = run()
            seconds[name].append(time.perf_counter() - began)
    peer.close()
    agrees = results["engine"] == results["postgresql"] and all(
        results["engine"][row] == results["python"][row] for row in sample
    )
    part = _measured(options, seconds=seconds, listed=results["engine"], agrees=agrees)
    return publish("matching", [part], rounds=options.rounds, as_json=options.json)


def _engine(world: World) -> Listed:
    found = top_k_per_demand(world.supply, world.demand, world.terrain, RULES)
    listed: Listed = {row: [] for row in range(len(world.demand))}
    ids = world.supply.offer_id[found.supply].tolist()
    for row, offer_id, score in zip(found.demand.tolist(), ids, found.score.tolist(), strict=True):
        listed[row].append((offer_id, score))
    return listed


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=_size, default=_size("10k,1k"), metavar="OFFERS,REQUESTS")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _size(text: str) -> tuple[int, int]:
    offers, requests = (int(part.lower().replace("k", "000")) for part in text.split(","))
    return offers, requests


def _measured(
    options: argparse.Namespace, *, seconds: dict[str, list[float]], listed: Listed, agrees: bool
) -> Measured:
    offers, requests = options.size
    case = f"{offers}x{requests}"
    median = {name: statistics.median(times) for name, times in seconds.items()}
    share = requests / PYTHON_REQUESTS
    rows = (
        Row(case, "engine", median["engine"]),
        Row(case, "postgresql", median["postgresql"]),
        Row(f"{offers}x{PYTHON_REQUESTS}", "python loop, sample", median["python"]),
        Row(case, "python loop, extrapolated", median["python"] * share),
        Row(case, "pairs listed", sum(map(len, listed.values())), "pairs"),
    )
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    aims = (
        Aim("matching.vs_postgresql", median["postgresql"] / median["engine"], 40),
        Aim("matching.rss_mb", rss, 300, "lower"),
    )
    return Measured(rows, aims, () if agrees else ("the engines list other pairs",))


if __name__ == "__main__":
    sys.exit(main())
