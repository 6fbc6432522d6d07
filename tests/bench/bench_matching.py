"""Full re-match: the engine beside PostgreSQL, DuckDB, polars, NumPy, Python and the limit in C.

`./dev bench matching [--size 10k,1k|100k,10k] [--rounds 5] [--threads 2] [--growth 7e7] [--json]`.
All engines must list the same offers with the same scores, or the run fails; they take turns,
round by round. The loop in Python and `similarity()` judge a sample of the requests. The growth is
that of the engine alone, over worlds of up to about so many candidate pairs; 0 leaves it out.
"""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]

from matching_columnar import DuckDb, Polars  # noqa: E402 -- the checkout comes first
from matching_engine import Engine, Numpy, candidates, growth  # noqa: E402 -- as above
from matching_limit import Limit  # noqa: E402 -- as above
from matching_peers import PythonLoop  # noqa: E402 -- as above
from matching_postgres import Postgres  # noqa: E402 -- as above
from matching_rounds import Turns  # noqa: E402 -- as above
from matching_world import World, build_world  # noqa: E402 -- as above
from report import Aim, Measured, Row, publish  # noqa: E402 -- as above

from matchmaking.engine.ruleset import DEFAULT_RULESET  # noqa: E402 -- as above

SEED = 20261121
RULES = DEFAULT_RULESET
PYTHON_REQUESTS, SIMILARITY_REQUESTS = 20, 100
COLUMNAR = ("numpy", "duckdb", "polars")


def main() -> int:
    """Let all engines take turns, compare their lists, then print times and ratios."""
    options = _options()
    world = build_world(*options.size, seed=SEED)
    parts = [_compared(options, world), _memory(world)]
    if options.growth:
        parts.append(growth(most=options.growth, seed=SEED, rules=RULES, threads=options.threads))
    return publish("matching", parts, rounds=options.rounds, as_json=options.json)


def _compared(options: argparse.Namespace, world: World) -> Measured:
    requests = len(world.demand)
    sample = np.linspace(0, requests - 1, PYTHON_REQUESTS).astype(int)
    postgres = Postgres(os.environ["DATABASE_URL"], world=world, rules=RULES)
    turns = Turns({
        "engine": Engine(world, RULES, threads=options.threads),
        "engine, 1 thread": Engine(world, RULES, threads=1),
        "limit in C": Engine(world, RULES, threads=options.threads, walk=Limit()),
        "numpy": Numpy(world, RULES),
        "duckdb": DuckDb(world=world, rules=RULES, threads=options.threads),
        "polars": Polars(world=world, rules=RULES),
        "postgresql": postgres,
        "python, sample": PythonLoop(world, RULES, sample=sample),
    })  # fmt: skip
    turns.take(options.rounds)
    found = {name: turns.engines[name].listed() for name in turns.engines}
    wanted = found["engine"]
    some = world.demand.request_id[sample]
    disagreements = [
        f"{name} lists other pairs than the engine"
        for name, listed in found.items()
        if not listed.agrees(wanted.of(some) if name == "python, sample" else wanted)
    ]
    every = max(requests // SIMILARITY_REQUESTS, 1)
    similar = postgres.similarity_seconds(RULES, every=every)
    postgres.close()
    case, python = f"{len(world.supply)}x{requests}", turns.median("python, sample")
    rows = [
        *turns.rows(case),
        Row(case, "postgresql similarity(), from a sample", similar * every),
        Row(case, "python, from the sample", python * requests / PYTHON_REQUESTS),
        Row(case, "candidate pairs", candidates(world), "pairs"),
        Row(case, "pairs listed", len(wanted.request), "pairs"),
    ]  # fmt: skip
    ours = turns.median("engine")
    aims = [
        Aim("matching.vs_postgresql", turns.median("postgresql") / ours, 40),
        Aim("matching.vs_best_columnar", min(map(turns.median, COLUMNAR)) / ours, 8),
        Aim("matching.share_of_c_limit", turns.share("limit in C", "engine"), 0.6),
    ]
    return Measured(rows, aims, disagreements)


def _memory(world: World) -> Measured:
    """The memory of a process that holds nothing but the columns and the engine."""
    script = str(ROOT / "tests/bench/matching_engine.py")
    with tempfile.NamedTemporaryFile() as file:
        pickle.dump(replace(world, texts={}), file)
        file.flush()
        command = [sys.executable, script, file.name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    rss, loading, compiling = map(float, done.stdout.split())
    case = f"{len(world.supply)}x{len(world.demand)}"
    rows = [
        Row(case, "numba and kernel, load from cache", loading),
        Row(case, "first ranking", compiling),
        Row(case, "engine alone, most memory", rss, "MB"),
    ]
    return Measured(rows, [Aim("matching.rss_mb", rss, 300, "lower")])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=_size, default=_size("10k,1k"), metavar="OFFERS,REQUESTS")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--growth", type=float, default=7e6, metavar="PAIRS")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _size(text: str) -> tuple[int, int]:
    offers, requests = (int(part.lower().replace("k", "000")) for part in text.split(","))
    return offers, requests


if __name__ == "__main__":
    sys.exit(main())
