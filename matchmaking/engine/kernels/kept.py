"""Rows that may still be listed: kept below their bounds, the best bound first."""

from __future__ import annotations

from typing import Final

import numpy as np

from matchmaking.engine.kernels.jit import compiled
from matchmaking.engine.kernels.layout import Singles
from matchmaking.engine.kernels.vector import LANES, SHIFT, pack
from matchmaking.engine.values import Ints

BLOCK: Final = 1024
PLACE_MASK: Final = (1 << SHIFT) - 1
BUCKETS: Final = 512
BUCKET_MASK: Final = 31
"""Bounds that differ in these bits alone stand in no order."""
VETO: Final = np.float32(-1)
_BUCKET_SHIFT: Final = SHIFT + 5


@compiled
def keep_rows(bounds: Singles, count: int, least: float, begin: int, into: Ints) -> int:
    """Write the rows that reach the least score, below their bounds; return how many."""
    for at in range(count, min(count + LANES, BLOCK)):
        bounds[at] = VETO
    kept = 0
    for at in range(0, count, LANES):
        kept += pack(into[kept:], bounds, at, least, begin + at)
    return kept


@compiled
def sort_kept(kept: Ints, into: Ints, counts: Ints) -> None:
    """Order rows by their bounds, the best first."""
    counts[:] = 0
    for one in kept:
        counts[BUCKETS - 1 - min(one >> _BUCKET_SHIFT, BUCKETS - 1)] += 1
    before = 0
    for bucket in range(BUCKETS):
        here = counts[bucket]
        counts[bucket] = before
        before += here
    for one in kept:
        bucket = BUCKETS - 1 - min(one >> _BUCKET_SHIFT, BUCKETS - 1)
        into[counts[bucket]] = one
        counts[bucket] += 1
