"""The limit: the kernel's inner walk by hand in C, built when it is measured."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from matchmaking.engine.kernels import walks
from matchmaking.engine.kernels.heap import Lists
from matchmaking.engine.kernels.layout import World

SOURCE = Path(__file__).with_name("matching_limit.c")
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-std=gnu11", "-shared",
         "-fPIC")  # fmt: skip
POINTERS = (
    "offers", "papers_from", "papers_to", "leaf", "product", "requests", "words", "outlets",
    "origins", "hours", "km", "pacts", "rules", "whole", "real", "bounds", "run_starts",
    "run_links", "link", "starts", "counts", "rows", "parts", "ties", "by_tie",
)  # fmt: skip
NUMBERS = ("offers_n", "requests_n", "nodes", "provinces", "slots", "periods", "width")
SCRATCH = (
    "ways", "table", "seen", "block", "place", "points", "order", "keys", "at", "kept_parts",
)  # fmt: skip


class CWorld(ctypes.Structure):
    """What the walk reads and writes; `matching_limit.c` has the same fields."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in POINTERS),
        *((name, ctypes.c_int64) for name in NUMBERS),
    )


class CScratch(ctypes.Structure):
    """Working memory of one thread."""

    _fields_ = tuple((name, ctypes.c_void_p) for name in SCRATCH)


class Limit:
    """Takes the place of `walks.walk_for` in the compiled ranking."""

    def __init__(self) -> None:
        """Compile the source with the system's compiler.

        Raises:
            SystemExit: There is none, or it fails.
        """
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if compiler is None:
            raise SystemExit(
                "The limit is measured in C and no compiler is here: install one"
                " (`apt install gcc`) and run this again."
            )
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "limit.so"
            command = [compiler, *FLAGS, str(SOURCE), "-o", str(target), "-lm"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
            self._walk = ctypes.CDLL(str(target)).walk

    def __call__(
        self, world: World, walk: walks.Walk, lists: Lists, rows: np.ndarray, scratch: walks.Scratch
    ) -> None:
        """Walk as the compiled kernel does."""
        if len(world.ferry_hours) == len(world.hours) or (world.outlets["node"] < 0).any():
            raise SystemExit("The walk in C knows neither ferries nor unknown places.")
        if (np.diff(walk.slices.rows) != 1).any():
            raise SystemExit("The walk in C needs offers in order of category.")
        place, points, order = (np.empty(scratch.kept.shape[1] + 16, np.int32) for _ in range(3))
        table = np.empty(4 * len(world.origins), dtype=np.float32)
        arrays = dict(zip(SCRATCH, (
            scratch.ways, table, scratch.seen, scratch.block, place, points, order,
            scratch.best.keys, scratch.best.slots, scratch.best.parts,
        ), strict=True))  # fmt: skip
        slices = walk.slices
        sources = (world, slices, slices.hot, walk, lists)
        shared = {name: one for source in sources for name, one in source._asdict().items()}
        numbers = (
            len(world.offers), len(world.requests), len(world.hours), len(world.pacts),
            *world.papers_from.shape[1:], world.outlets.shape[1],
        )  # fmt: skip
        given = CWorld(*(shared[name].ctypes.data for name in POINTERS), *numbers)
        working = CScratch(*(array.ctypes.data for array in arrays.values()))
        self._walk(
            ctypes.byref(given), rows.ctypes.data_as(ctypes.c_void_p),
            ctypes.c_int64(len(rows)), ctypes.byref(working),
        )  # fmt: skip
