"""The compiled list of the best: a heap with the worst of them at its root."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from matchmaking.engine.kernels.jit import compiled
from matchmaking.engine.kernels.layout import Int32s
from matchmaking.engine.kernels.pairs import PARTS
from matchmaking.engine.values import Ints

_SCORE_SHIFT: Final = 32
_TIE_MASK: Final = (1 << _SCORE_SHIFT) - 1


class Best(NamedTuple):
    """Keys are score above tie; the last row of parts is the pair being tried."""

    keys: Ints
    slots: Ints
    parts: Int32s


class Lists(NamedTuple):
    """Room for the result: the rows of each owner from its start on, best first."""

    starts: Ints
    counts: Ints
    rows: Int32s
    parts: Int32s
    ties: Ints
    """Of equal scores the higher tie wins: it counts the ids above a row's own."""
    by_tie: Int32s
    room: int


def best_of(room: int) -> Best:
    """An empty heap for so many."""
    return Best(
        np.empty(room, dtype=np.int64),
        np.empty(room, dtype=np.int64),
        np.empty((room + 1, PARTS), dtype=np.int32),
    )


@compiled
def floor_of(best: Best, size: int, room: int, minimum: int) -> int:
    """The least score that may still be listed."""
    return minimum if size < room else max(minimum, best.keys[0] >> _SCORE_SHIFT)


@compiled
def _sink(best: Best, size: int, key: int, slot: int) -> None:
    """Let a key sink from the root to its place."""
    at, child = 0, 1
    while child < size:
        if child + 1 < size and best.keys[child + 1] < best.keys[child]:
            child += 1
        if best.keys[child] >= key:
            break
        best.keys[at] = best.keys[child]
        best.slots[at] = best.slots[child]
        at, child = child, 2 * child + 1
    best.keys[at] = key
    best.slots[at] = slot


@compiled
def _note(best: Best, slot: int) -> None:
    for at in range(PARTS):
        best.parts[slot, at] = best.parts[-1, at]


@compiled
def keep(best: Best, size: int, room: int, score: int, tie: int) -> int:
    """Take the tried pair up if it is among the best; return how many there are."""
    key = score << _SCORE_SHIFT | tie
    if size == room:
        if key > best.keys[0]:
            slot = best.slots[0]
            _note(best, slot)
            _sink(best, size, key, slot)
        return size
    at = size
    while at > 0 and best.keys[(at - 1) // 2] > key:
        above = (at - 1) // 2
        best.keys[at] = best.keys[above]
        best.slots[at] = best.slots[above]
        at = above
    best.keys[at] = key
    best.slots[at] = size
    _note(best, size)
    return size + 1


@compiled
def write(best: Best, size: int, lists: Lists, owner: int) -> None:
    """Empty the heap into the owner's list, the worst last."""
    lists.counts[owner] = size
    while size > 0:
        size -= 1
        at, slot = lists.starts[owner] + size, best.slots[0]
        lists.rows[at] = lists.by_tie[best.keys[0] & _TIE_MASK]
        for part in range(PARTS):
            lists.parts[at, part] = best.parts[slot, part]
        _sink(best, size, best.keys[size], best.slots[size])
