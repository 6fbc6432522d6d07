"""Lists of 1,000 and 50,000 rows: read, checked, taken over; rows a second and peak memory.

`./dev bench import [--sizes 1000,50000] [--json]`. Each figure comes from a process of its own.
*Reading* stands beside openpyxl and calamine, which keep the whole sheet and judge nothing. *Dry
run* and *taking over* run the product's duties one after the other, with events, history and what
undo needs; beside them stands openpyxl with one `get_or_create` for each row, which checks
nothing, announces nothing and cannot be undone. The run fails unless all readers read the same
cells, and unless the same list again changes nothing.
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

from import_readers import READERS, write_list  # noqa: E402 -- the checkout comes first
from report import Aim, Measured, Row, publish  # noqa: E402 -- as above

WORKER_MB = 300
"""`worker_max_memory_per_child`: above it a worker is replaced."""
READ_ROWS_PER_S = 5_000
CHECKED_ROWS_PER_S = 1_000
WRITTEN_ROWS_PER_S = 300
GROWTH_MB = 60


def main() -> int:
    """Measure each engine on each size in a process of its own."""
    options = _options()
    if options.measure:
        _measure_here(*options.measure)
        return 0
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        lists = {size: Path(folder) / f"{size}.xlsx" for size in options.sizes}
        for size, path in lists.items():
            write_list(path, rows=size)
        parts.append(_reading(lists))
        parts.append(_taking_over(lists))
    return publish("import", parts, rounds=1, as_json=options.json)


def _reading(lists: dict[int, Path]) -> Measured:
    rows, wrong, ours = [], [], {}
    for size, path in lists.items():
        found = {name: _measured(f"read {name}", path) for name in READERS}
        for name, said in found.items():
            rows.append(Row(f"read {size}", name, said["seconds"]))
            rows.append(Row(f"read {size}", f"{name}, peak", said["peak_mb"], "MB"))
        ours[size] = found["ours"]
        sums = {name: said["digest"] for name, said in found.items()}
        if len(set(sums.values())) > 1:
            wrong.append(f"readers differ on {size} rows: {sums}")
    small, large = ours[min(lists)], ours[max(lists)]
    aims = (
        Aim("import.read_rows_per_s", max(lists) / large["seconds"], READ_ROWS_PER_S),
        Aim("import.parent_growth_mb", large["own_mb"] - small["own_mb"], GROWTH_MB, "lower"),
        Aim("import.child_mb", large["child_mb"], 512, "lower"),
    )
    return Measured(rows, aims, wrong)


def _taking_over(lists: dict[int, Path]) -> Measured:
    rows, wrong, peak = [], [], 0.0
    said: dict[str, Any] = {}
    for size, path in lists.items():
        said = _measured("life", path)
        steps = ("read", "dry run", "taken over", "again", "undone")
        rows += [Row(f"{step} {size}", "ours", size / said[step], "rows/s") for step in steps]
        rows.append(Row(f"life {size}", "ours, peak of the worker", said["own_mb"], "MB"))
        peak = max(peak, said["own_mb"])
        plain = _measured("get_or_create", path)
        rows.append(Row(f"taken over {size}", "get_or_create", size / plain["seconds"], "rows/s"))
        rows.append(Row(f"life {size}", "get_or_create, peak", plain["own_mb"], "MB"))
        if said["counts"] != [size, size, 0]:
            wrong.append(f"of {size} rows: new, unchanged the second time, left: {said['counts']}")
    aims = (
        Aim("import.worker_mb", peak, WORKER_MB, "lower"),
        Aim("import.checked_rows_per_s", size / said["dry run"], CHECKED_ROWS_PER_S),
        Aim("import.written_rows_per_s", size / said["taken over"], WRITTEN_ROWS_PER_S),
    )
    return Measured(rows, aims, wrong)


def _measured(what: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--measure", what, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _measure_here(what: str, written: str) -> None:
    path = Path(written)
    began = time.perf_counter()
    if what.startswith("read "):
        found = READERS[what.removeprefix("read ")](path)
        said: dict[str, Any] = {"digest": found, "seconds": time.perf_counter() - began}
    else:
        import import_world

        said = import_world.life(path) if what == "life" else import_world.get_or_create(path)
    said["own_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said["child_mb"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    said["peak_mb"] = said["own_mb"] + said["child_mb"]
    sys.stdout.write(json.dumps(said) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", type=lambda s: [int(n) for n in s.split(",")], default=[1_000, 50_000]
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("DATABASE_URL", "")
    return options


if __name__ == "__main__":
    sys.exit(main())
