"""Lists of 1,000 and 50,000 rows: read, checked, taken over; rows a second and peak memory.

`./dev bench import [--sizes 1000,50000] [--others 2000] [--rounds 1] [--json]`. Each figure comes
from a process of its own, the best of so many rounds.

*Reading* stands beside openpyxl and calamine, which keep the whole sheet and judge nothing. *Dry
run*, *taken over*, *again* and *undone* run the product's duties one after the other, with events,
history and what undo needs. Beside them stand three scripts that fill the table of products and
nothing else: `get_or_create` row by row, `bulk_create`, and COPY as the floor. The other kinds of
lists follow at `--others` rows. The run fails unless all readers read the same cells, all scripts
and the product stored the same products, each kind came and went whole, and no record lacks the
revisions and events it would have from the pages.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]

from import_lists import KINDS, write_list  # noqa: E402 -- the checkout comes first
from import_readers import READERS  # noqa: E402 -- as above
from import_world import SLOW_ROWS  # noqa: E402 -- as above
from report import Aim, Measured, Row, publish  # noqa: E402 -- as above

WORKER_MB = 300
"""`worker_max_memory_per_child`: above it a worker is replaced."""
CHILD_MB = 512
READ_ROWS_PER_S = 5_000
CHECKED_ROWS_PER_S = 1_000
WRITTEN_ROWS_PER_S = 300
GROWTH_MB = 60
STEPS = ("read", "dry run", "taken over", "again", "undone")
CHANGES = ("dry run", "taken over", "changed", "changed back", "undone")
SECONDS = frozenset({"seconds", *STEPS, *CHANGES})
Lists = dict[int, Path]


def main() -> int:
    """Measure each engine on each size in a process of its own."""
    options = _options()
    if options.measure:
        _measure_here(*options.measure)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        bench = _Bench(rounds=options.rounds)
        lists = {size: Path(folder) / f"products-{size}.xlsx" for size in options.sizes}
        for size, path in lists.items():
            write_list(path, kind="products", rows=size)
        parts = [_reading(bench, lists)]
        bench.once("prepare", Path(folder))
        parts.append(_taking_over(bench, lists))
        parts += [_kind(bench, kind, Path(folder), rows=options.others) for kind in KINDS]
    return publish("import", parts, rounds=options.rounds, as_json=options.json)


class _Bench:
    """Runs a measurement in processes of its own and keeps the best time of each step."""

    def __init__(self, *, rounds: int) -> None:
        self.rounds = rounds

    def best(self, what: str, path: Path) -> dict[str, Any]:
        """Return what a measurement said, with the shortest of its times."""
        said = [self.once(what, path) for _round in range(self.rounds)]
        shortest = {name: min(one[name] for one in said) for name in SECONDS & set(said[0])}
        return said[-1] | shortest

    def once(self, what: str, path: Path) -> dict[str, Any]:
        """Run one measurement."""
        began = time.monotonic()
        command = [sys.executable, __file__, "--measure", what, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr[-3000:])
        sys.stderr.write(f"{what} {path.stem}: {time.monotonic() - began:.0f} s\n")
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found


def _reading(bench: _Bench, lists: Lists) -> Measured:
    rows, wrong, ours = [], [], {}
    for size, path in lists.items():
        found = {name: bench.best(f"read {name}", path) for name in READERS}
        for name, said in found.items():
            rows.append(Row(f"read {size}", name, said["seconds"]))
            rows.append(Row(f"read {size}", f"{name}, peak", said["peak_mb"], "MB"))
        ours[size] = found["ours"]
        sums = {name: said["digest"] for name, said in found.items()}
        if len(set(sums.values())) > 1:
            wrong.append(f"readers differ on {size} rows: {sums}")
    small, large = ours[min(lists)], ours[max(lists)]
    aims = (
        Aim("import.read_rows_per_second", max(lists) / large["seconds"], READ_ROWS_PER_S),
        Aim("import.parent_growth_mb", large["own_mb"] - small["own_mb"], GROWTH_MB, "lower"),
        Aim("import.child_mb", large["child_mb"], CHILD_MB, "lower"),
    )
    return Measured(rows, aims, wrong)


def _taking_over(bench: _Bench, lists: Lists) -> Measured:
    rows, wrong, lives = [], [], {}
    for size, path in lists.items():
        said = lives[size] = bench.best("life products", path)
        rows += [Row(f"{step} {size}", "ours", size / said[step], "rows/s") for step in STEPS]
        whole = sum(said[step] for step in STEPS[:3])
        rows.append(Row(f"file to table {size}", "ours", size / whole, "rows/s"))
        rows.append(Row(f"life {size}", "ours, peak of the worker", said["own_mb"], "MB"))
        wrong += _came_and_went("products", said, size=size)
        for name, slice_of in (("get_or_create", SLOW_ROWS), ("bulk_create", size), ("COPY", size)):
            many = min(size, slice_of)
            plain = bench.best(name, path)
            engine = name if many == size else f"{name}, of the first {many}"
            rows.append(Row(f"file to table {size}", engine, many / plain["seconds"], "rows/s"))
            rows.append(Row(f"life {size}", f"{name}, peak", plain["own_mb"], "MB"))
            if plain["digest"] != said["digest" if many == size else "slow_digest"]:
                wrong.append(f"{name} stored other products than we did of {size} rows")
    small, large, most = lives[min(lists)], lives[max(lists)], max(lists)
    aims = (
        Aim("import.rows_per_second", most / large["taken over"], WRITTEN_ROWS_PER_S),
        Aim("import.checked_rows_per_second", most / large["dry run"], CHECKED_ROWS_PER_S),
        Aim("import.rss_mb", large["own_mb"], WORKER_MB, "lower"),
        Aim("import.rss_growth_mb", large["own_mb"] - small["own_mb"], GROWTH_MB, "lower"),
    )
    return Measured(rows, aims, wrong)


def _kind(bench: _Bench, kind: str, folder: Path, *, rows: int) -> Measured:
    """Carry a list of any kind through its life, with a second one that changes every row."""
    path = folder / f"{kind}.xlsx"
    write_list(path, kind=kind, rows=rows)
    write_list(path.with_suffix(".changed.xlsx"), kind=kind, rows=rows, changed=True)
    said = bench.best(f"life {kind}", path)
    found = [Row(f"{kind} {step}", "ours", rows / said[step], "rows/s") for step in CHANGES]
    return Measured(found, (), _came_and_went(kind, said, size=rows))


def _came_and_went(kind: str, said: dict[str, Any], *, size: int) -> list[str]:
    wrong = []
    if set(said["counts"]) != {size}:
        wrong.append(f"{kind}: new, taken over, unchanged, …, undone of {size}: {said['counts']}")
    if said["missing_traces"]:
        wrong.append(f"{kind}: {said['missing_traces']} revisions or events are missing")
    return wrong


def _measure_here(what: str, written: str) -> None:
    path, said = Path(written), {}
    verb, _space, engine = what.partition(" ")
    began = time.perf_counter()
    if verb == "read":
        said = {"digest": READERS[engine](path), "seconds": time.perf_counter() - began}
    elif verb == "prepare":
        import import_world

        import_world.prepare()
    else:
        said = _measure_in_world(verb, engine, path)
    said["own_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said["child_mb"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    said["peak_mb"] = said["own_mb"] + said["child_mb"]
    sys.stdout.write(json.dumps(said) + "\n")


def _measure_in_world(verb: str, kind: str, path: Path) -> dict[str, Any]:
    import import_peers
    import import_world

    import_world.enter()
    return import_world.life(kind, path) if verb == "life" else import_peers.PEERS[verb](path)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", type=lambda s: [int(n) for n in s.split(",")], default=[1_000, 50_000]
    )
    parser.add_argument("--others", type=int, default=2_000, help="rows of each other kind")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("DATABASE_URL", "")
    return options


if __name__ == "__main__":
    sys.exit(main())
