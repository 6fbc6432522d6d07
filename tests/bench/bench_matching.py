"""Full re-match: the engine against a plain Python loop and a tuned PostgreSQL query.

`./dev bench matching [--size 10k,1k] [--rounds 3] [--json]`. All three must list the same pairs
with the same scores, or the run fails. The Python loop judges a sample of the requests.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]

from matching_peers import PostgresPeer, python_loop  # noqa: E402 -- the checkout comes first
from matching_world import World, build_world  # noqa: E402 -- as above

from matchmaking.engine.ranking import top_k_per_demand  # noqa: E402 -- as above
from matchmaking.engine.ruleset import DEFAULT_RULESET  # noqa: E402 -- as above

RULES = replace(DEFAULT_RULESET, minimum_score=0)
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
    _report(options, seconds=seconds, listed=results["engine"], agrees=agrees)
    return 0 if agrees else 1


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


def _report(
    options: argparse.Namespace, *, seconds: dict[str, list[float]], listed: Listed, agrees: bool
) -> None:
    offers, requests = options.size
    case = f"{offers}x{requests}"
    median = {name: statistics.median(times) for name, times in seconds.items()}
    share = requests / PYTHON_REQUESTS
    rows = [
        {"case": case, "engine": "engine", "seconds": median["engine"]},
        {"case": case, "engine": "postgresql", "seconds": median["postgresql"]},
        {
            "case": f"{offers}x{PYTHON_REQUESTS}",
            "engine": "python loop, sample",
            "seconds": median["python"],
        },
        {
            "case": case,
            "engine": "python loop, extrapolated",
            "seconds": median["python"] * share,
        },
        {
            "case": case,
            "engine": "pairs listed",
            "value": sum(map(len, listed.values())),
            "unit": "pairs",
        },
    ]
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    aims: list[dict[str, Any]] = [
        _aim("matching.vs_postgresql", median["postgresql"] / median["engine"], 40, "higher"),
        _aim("matching.rss_mb", rss, 300, "lower"),
    ]
    result = {
        "bench": "matching",
        "revision": _revision(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "rounds": options.rounds,
        "agrees": agrees,
        "rows": rows,
        "aims": aims,
    }
    lines = [_line(row) for row in rows]
    lines += [f"{one['name']:<28} {one['value']:8.1f}  aim {one['aim']}" for one in aims]
    lines += ["All engines list the same pairs." if agrees else "THE ENGINES DISAGREE."]
    lines += [json.dumps(result)] if options.json else []
    sys.stdout.write("\n".join(lines) + "\n")


def _line(row: dict[str, Any]) -> str:
    amount = f"{row['seconds']:12.3f} s" if "seconds" in row else f"{row['value']:12} {row['unit']}"
    return f"{row['case']:>14}  {row['engine']:<28}{amount}"


def _aim(name: str, value: float, aim: float, better: str) -> dict[str, Any]:
    met = value >= aim if better == "higher" else value <= aim
    return {"name": name, "value": value, "aim": aim, "better": better, "met": met}


def _revision() -> str:
    command = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
