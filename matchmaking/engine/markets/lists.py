"""Lists of the best partners as they are stored: ids and scores, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.values import Bools, Ints

Int32s = NDArray[np.int32]


@dataclass(frozen=True, eq=False, kw_only=True)
class Lists:
    """One list for each owner, best first; nothing but zeros after its end."""

    ids: Ints
    """(owners, room)"""
    scores: Int32s
    """(owners, room)"""
    counts: Ints

    def __len__(self) -> int:
        """Number of owners."""
        return len(self.counts)

    @classmethod
    def empty(cls, owners: int, *, room: int) -> Self:
        """Lists without anybody on them."""
        return cls(
            ids=np.zeros((owners, room), dtype=np.int64),
            scores=np.zeros((owners, room), dtype=np.int32),
            counts=np.zeros(owners, dtype=np.int64),
        )

    @property
    def room(self) -> int:
        """How many a list can hold."""
        return self.ids.shape[1]

    @property
    def memory_bytes(self) -> int:
        """Size of the arrays."""
        return self.ids.nbytes + self.scores.nbytes + self.counts.nbytes

    def take(self, rows: Ints | slice) -> Lists:
        """The lists of the given owners."""
        return Lists(ids=self.ids[rows], scores=self.scores[rows], counts=self.counts[rows])

    def put(self, rows: Ints | slice, others: Lists) -> None:
        """Write the lists of the given owners; they have to fit in."""
        width = min(self.room, others.room)
        for mine, theirs in ((self.ids, others.ids), (self.scores, others.scores)):
            mine[rows, :width] = theirs[:, :width]
            mine[rows, width:] = 0
        self.counts[rows] = others.counts

    def differs(self, other: Lists) -> Bools:
        """For each owner, whether members, order or scores are not those of the other lists."""
        room = min(self.room, other.room)
        is_other = self.ids[:, :room] != other.ids[:, :room]
        is_other |= self.scores[:, :room] != other.scores[:, :room]
        return np.any(is_other, axis=1) | (self.counts != other.counts)


def merged(parts: Sequence[Lists], *, top_k: int) -> Lists:
    """The best of several lists of the same owners, who have no partner in two of them.

    Lists of all parts of a market, each at least so long, give the list of the whole: nobody is
    among the best of all without being among the best of his part.

    Args:
        parts: Lists, row for row of the same owners.
        top_k: How long a list may be.
    """
    ids = np.concatenate([one.ids for one in parts], axis=1)
    scores = np.concatenate([_or_nobody(one) for one in parts], axis=1)
    order = np.lexsort((ids, -scores))[:, :top_k]
    ids, scores = (np.take_along_axis(table, order, axis=1) for table in (ids, scores))
    best = Lists.empty(len(ids), room=top_k)
    is_used = scores >= 0
    best.ids[:, : order.shape[1]] = np.where(is_used, ids, 0)
    best.scores[:, : order.shape[1]] = np.where(is_used, scores, 0)
    best.counts[:] = is_used.sum(axis=1)
    return best


def _or_nobody(lists: Lists) -> Int32s:
    is_used = np.arange(lists.ids.shape[1]) < lists.counts[:, None]
    return np.where(is_used, lists.scores, np.int32(-1))
