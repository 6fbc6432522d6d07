"""Our own engine in the matching bench: compiled, columnar, its growth, and its memory alone."""

from __future__ import annotations

import math
import pickle
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]

from matching_world import World, build_world  # noqa: E402 -- the checkout comes first

from matchmaking.engine import ranking  # noqa: E402 -- as above
from matchmaking.engine.ruleset import DEFAULT_RULESET, Ruleset  # noqa: E402 -- as above

OFFERS_PER_REQUEST, PAIRS_SHARE = 10, 0.047


class Engine:
    """The product's ranking; `walk` may take the place of its inner walk."""

    def __init__(
        self, world: World, rules: Ruleset, *, threads: int, walk: Callable[..., None] | None = None
    ) -> None:
        """Load the kernel."""
        ranking.CHOICE.make(use="always", threads=threads)
        ranking.CHOICE.load()
        self.kernel = ranking.CHOICE.kernel(pairs=0)
        if self.kernel is None:
            raise SystemExit("numba is not installed here: run this by ./dev bench.")
        self.world, self.rules, self.threads, self.walk = world, rules, threads, walk
        self.walks: list[float] = []
        self.found: Any = None

    def run(self) -> None:
        """List all requests, and note how long the walk alone took."""
        walks, share = self.kernel.walks, self.kernel._share
        own = walks.walk_for

        def timed(*given: Any, **named: Any) -> None:
            began = time.perf_counter()
            share(*given, **named)
            self.walks.append(time.perf_counter() - began)

        walks.walk_for, self.kernel._share = self.walk or own, timed
        ranking.CHOICE.threads = self.threads
        try:
            self.found = ranking.top_k_per_demand(
                self.world.supply, self.world.demand, self.world.terrain, self.rules
            )
        finally:
            walks.walk_for, self.kernel._share = own, share

    def listed(self) -> Any:
        """What the last run listed."""
        from matching_peers import listed

        request, offer = self.world.demand.request_id, self.world.supply.offer_id
        found = self.found
        return listed(request[found.demand], offer[found.supply], found.score)


class Numpy(Engine):
    """The columnar functions, the readable twin."""

    def __init__(self, world: World, rules: Ruleset) -> None:
        """Note what to rank."""
        self.world, self.rules, self.walks = world, rules, []

    def run(self) -> None:
        """List all requests."""
        world = self.world
        self.found = ranking.columnar_per_demand(
            world.supply, world.demand, world.terrain, self.rules
        )


def candidates(world: World) -> int:
    """Pairs of an offer and a request that asks for its category."""
    order, demand = world.supply.category_order, world.demand
    ends = np.searchsorted(order, demand.category_hi) - np.searchsorted(order, demand.category_lo)
    return int(ends.sum())


def growth(*, most: float, seed: int, rules: Ruleset, threads: int) -> Any:
    """Seconds of the engine over worlds from 7e5 candidate pairs on, each ten times the last."""
    from report import Aim, Measured, Row

    rows, points, pairs = [], [], 7e5
    while pairs <= most * 1.01:
        requests = math.sqrt(pairs / PAIRS_SHARE / OFFERS_PER_REQUEST)
        world = build_world(int(requests * OFFERS_PER_REQUEST), int(requests), seed=seed)
        engine, seconds = Engine(world, rules, threads=threads), []
        for _ in range(6):
            began = time.perf_counter()
            engine.run()
            seconds.append(time.perf_counter() - began)
        case = f"{len(world.supply)}x{len(world.demand)}"
        points.append((candidates(world), statistics.median(seconds[1:])))
        rows += [Row(case, "growth: candidate pairs", points[-1][0], "pairs"),
                 Row(case, "growth: engine", points[-1][1])]  # fmt: skip
        pairs *= 10
    logs = np.log(np.array(points))
    exponent = float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])
    return Measured(rows, [Aim("matching.growth_exponent", exponent, 1.05, "lower")])


def _most_memory_mb() -> float:
    """The peak of this process: what `getrusage` says begins with that of its parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """Rank once in a process of its own; print its memory and what loading and ranking took."""
    with Path(sys.argv[1]).open("rb") as file:
        world = pickle.load(file)
    began = time.perf_counter()
    engine = Engine(world, DEFAULT_RULESET, threads=2)
    loaded = time.perf_counter()
    engine.run()
    ranked = time.perf_counter()
    sys.stdout.write(f"{_most_memory_mb()} {loaded - began} {ranked - loaded}\n")


if __name__ == "__main__":
    main()
