"""The lists of one side: they grow with its rows and tell whose are others than they were."""

from __future__ import annotations

from typing import Final

import numpy as np

from matchmaking.engine.kernels import standing
from matchmaking.engine.kernels.standing import NO_CUT, Standing
from matchmaking.engine.markets.lists import Lists
from matchmaking.engine.markets.table import longer
from matchmaking.engine.values import Ints

_NOBODY: Final = np.zeros(0, dtype=np.int64)


class StandingLists:
    """Lists by row of their owner; partners are rows of the other side."""

    def __init__(self, rows: int = 0, *, shown: int = 0, ids: Ints = _NOBODY) -> None:
        """Begin with empty lists.

        Args:
            rows: How many.
            shown: How long a list is for others.
            ids: Ids of the partners by their rows.
        """
        self.shown, self.standing = shown, _fresh(rows, shown=shown, ids=ids)

    @property
    def memory_bytes(self) -> int:
        """Size of the arrays that are written to."""
        untouched = {"noted_rows", "noted_scores"}
        named = self.standing._asdict().items()
        return sum(one.nbytes for name, one in named if name not in untouched)

    def make_room(self, rows: int, *, ids: Ints) -> None:
        """Let row numbers be as high as that.

        Args:
            rows: How many there may be.
            ids: Ids of the partners by their rows.
        """
        held = self.standing
        if held.ids is not ids:
            self.standing = held._replace(ids=ids)
        if len(held.counts) < rows:
            fresh = _fresh(rows, shown=self.shown, ids=ids)
            names = ("rows", "scores", "counts", "is_due")
            more = {name: longer(getattr(held, name), rows) for name in names}
            cuts = longer(held.cut_scores, rows, fill=NO_CUT)
            ends = longer(held.cut_ids, rows)
            self.standing = fresh._replace(**more, cut_scores=cuts, cut_ids=ends)

    def clear(self, rows: Ints) -> None:
        """Empty the lists of rows that are gone."""
        self.standing.counts[rows], self.standing.cut_scores[rows] = 0, NO_CUT

    def start_anew(self, *, shown: int) -> None:
        """Empty all lists; what they were is noted.

        Args:
            shown: How long a list is for others from now on.
        """
        held, owners = self.standing, len(self.standing.counts)
        every = np.arange(owners + 1, dtype=np.int32)
        self.standing = _fresh(owners, shown=shown, ids=held.ids)._replace(
            notes=every[:-1].copy(),
            noted=every,
            noted_rows=held.rows,
            noted_scores=held.scores,
            noted_counts=np.minimum(held.counts, self.shown, dtype=np.int32),
        )
        self.shown = shown

    def begin(self, rows: Ints) -> None:
        """Empty the lists of rows whose own walks make them."""
        if len(rows):
            standing.begin(self.standing, rows, self.shown)

    def short(self) -> Ints:
        """Rows whose lists have lost so many that they must be ranked."""
        into = np.empty(self.standing.noted[-1], dtype=np.int64)
        return into[: standing.short(self.standing, self.shown, into)]

    def changed(self) -> Ints:
        """Rows whose lists are others than when they were noted; nothing is noted any more."""
        into = np.empty(self.standing.noted[-1], dtype=np.int64)
        if not len(into):
            return into
        found = into[: standing.changed(self.standing, self.shown, into)]
        if self.standing.noted_rows.shape[1] != self.shown:
            empty = _fresh(len(self.standing.counts), shown=self.shown, ids=self.standing.ids)
            names = ("noted", "noted_rows", "noted_scores", "noted_counts")
            self.standing = self.standing._replace(**{one: getattr(empty, one) for one in names})
        return found

    def compile(self) -> None:
        """Compile whatever may be called, with nobody."""
        standing.begin(self.standing, _NOBODY, self.shown)
        standing.short(self.standing, self.shown, _NOBODY)
        standing.changed(self.standing, self.shown, _NOBODY)

    def take(self, rows: Ints) -> Lists:
        """The lists of rows."""
        counts = np.minimum(self.standing.counts[rows], self.shown).astype(np.int64)
        is_used = np.arange(self.shown) < counts[:, None]
        partners = np.where(is_used, self.standing.rows[rows, : self.shown], 0)
        scores = np.where(is_used, self.standing.scores[rows, : self.shown], 0)
        if not len(self.standing.ids):
            return Lists.empty(len(rows), room=self.shown)
        ids = np.where(is_used, self.standing.ids[partners], 0)
        return Lists(ids=ids, scores=scores.astype(np.int32), counts=counts)


def _fresh(owners: int, *, shown: int, ids: Ints) -> Standing:
    """Empty lists. Room for notes takes memory only where it is written to."""
    room = shown + shown // 4 + 2
    return Standing(
        rows=np.empty((owners, room), dtype=np.int32),
        scores=np.empty((owners, room), dtype=np.int32),
        counts=np.zeros(owners, dtype=np.int32),
        cut_scores=np.full(owners, NO_CUT, dtype=np.int32),
        cut_ids=np.zeros(owners, dtype=np.int64),
        ids=ids,
        is_due=np.zeros(owners, dtype=np.int32),
        notes=np.full(owners, -1, dtype=np.int32),
        noted=np.zeros(owners + 1, dtype=np.int32),
        noted_rows=np.empty((owners, shown), dtype=np.int32),
        noted_scores=np.empty((owners, shown), dtype=np.int32),
        noted_counts=np.zeros(owners, dtype=np.int32),
    )
