"""Numbers for what recurs, so that it is worked out once."""

from __future__ import annotations

import numpy as np

from matchmaking.engine.kernels.jit import compiled, entry
from matchmaking.engine.kernels.layout import Int32s
from matchmaking.engine.values import Ints


@entry
def distinct(keys: Ints, slots: Int32s, into: Int32s, firsts: Ints) -> int:
    """Number distinct rows of keys by first appearance and note where; return how many.

    Args:
        keys: Rows to compare.
        slots: A table of -1 for hashing, its length a power of two above that of the keys.
        into: The number of each row.
        firsts: The row in which each number appears first.
    """
    size, found = len(slots), 0
    for row in range(len(keys)):
        hashed = np.uint64(0)
        for at in range(keys.shape[1]):
            hashed = (hashed ^ np.uint64(keys[row, at])) * np.uint64(0x9E3779B97F4A7C15)
            hashed ^= hashed >> np.uint64(29)
        slot = np.int64(hashed & np.uint64(size - 1))
        while slots[slot] >= 0 and not _equals(keys, firsts[slots[slot]], row):
            slot = (slot + 1) & (size - 1)
        if slots[slot] < 0:
            slots[slot] = found
            firsts[found] = row
            found += 1
        into[row] = slots[slot]
    return found


@compiled
def _equals(keys: Ints, one: int, other: int) -> bool:
    for at in range(keys.shape[1]):  # noqa: SIM110 -- compiled, a loop is quicker to build
        if keys[one, at] != keys[other, at]:
            return False
    return True


@entry
def links_by_run(link: Int32s, runs: Ints, seen: Ints, into: Int32s, starts: Ints) -> None:
    """Write the distinct links of each run of rows, run after run, and where they start.

    Args:
        link: Origin or door of each row.
        runs: Where each run starts, and the end of the last.
        seen: One -1 for each link.
        into: The links.
        starts: Where those of each run start, and the end of the last.
    """
    count = 0
    starts[0] = 0
    for run in range(len(runs) - 1):
        for row in range(runs[run], runs[run + 1]):
            if seen[link[row]] != run:
                seen[link[row]] = run
                into[count] = link[row]
                count += 1
        starts[run + 1] = count
