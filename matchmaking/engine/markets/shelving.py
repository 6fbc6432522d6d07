"""Who stands where on the shelves of one side: they fill up, grow and lose rows in place."""

from __future__ import annotations

from typing import Final

import numpy as np

from matchmaking.engine.kernels.layout import Hot
from matchmaking.engine.kernels.shelves import COUNT, HIGH, LOW, START, Shelves
from matchmaking.engine.markets.table import longer
from matchmaking.engine.values import Ints

_NOWHERE: Final = -1
_FEWEST_PLACES: Final = 8
_NO_CATEGORY: Final = 1 << 62


class Shelving:
    """Places by range of categories; what stands in them is written by others."""

    def __init__(self, *, whole: int, real: int) -> None:
        """Begin with nothing.

        Args:
            whole: How many whole numbers a place holds.
            real: How many in single precision.
        """
        self.shelves = Shelves(
            hot=Hot(np.zeros((whole, 0), dtype=np.int32), np.zeros((real, 0), dtype=np.float32)),
            rows=np.zeros(0, dtype=np.int32),
            runs=_no_runs(0),
            run=np.zeros(0, dtype=np.int32),
            place=np.zeros(0, dtype=np.int32),
            link=np.zeros(0, dtype=np.int32),
        )
        self._known: dict[tuple[int, int], int] = {}
        self._rooms: list[int] = []
        self._end = 0

    @property
    def memory_bytes(self) -> int:
        """Size of the arrays."""
        return sum(one.nbytes for one in (*self.shelves.hot, *self.shelves[1:]))

    def make_room(self, rows: int) -> None:
        """Let row numbers be as high as that."""
        self.shelves = self.shelves._replace(
            run=longer(self.shelves.run, rows, fill=_NOWHERE),
            place=longer(self.shelves.place, rows),
            link=longer(self.shelves.link, rows),
        )

    def lay(self, rows: Ints, ranges: Ints) -> None:
        """Give every row a place anew, each shelf with a quarter to spare.

        Args:
            rows: All who stand.
            ranges: (2, n): their categories.
        """
        order = np.lexsort((self.shelves.link[rows], ranges[1], ranges[0]))
        rows, ranges = rows[order], ranges[:, order]
        is_first = np.any(np.diff(ranges, axis=1, prepend=ranges[:, :1] - 1) != 0, axis=0)
        starts, run = np.flatnonzero(is_first), np.cumsum(is_first) - 1
        counts = np.diff(np.append(starts, len(rows)))
        rooms = counts + counts // 4 + _FEWEST_PLACES
        self._rooms, self._end = rooms.tolist(), int(rooms.sum())
        runs = np.stack([*ranges[:, starts], np.cumsum(rooms) - rooms, counts])
        self._known = {(low, high): at for at, (low, high) in enumerate(runs[:2].T.tolist())}
        place = runs[START, run] + np.arange(len(rows)) - starts[run]
        whole, real = (len(table) for table in self.shelves.hot)
        self.shelves.run[:] = _NOWHERE
        self.shelves.run[rows], self.shelves.place[rows] = run, place
        self.shelves = self.shelves._replace(
            hot=Hot(
                np.zeros((whole, self._end), np.int32), np.zeros((real, self._end), np.float32)
            ),
            rows=np.zeros(self._end, dtype=np.int32),
            runs=runs,
        )
        self.shelves.rows[place] = rows

    def put(self, rows: Ints, ranges: Ints) -> None:
        """Give rows a place that have none, or one among other categories."""
        for row, low, high in zip(rows.tolist(), *ranges.tolist(), strict=True):
            shelf, held = self._known.get((low, high)), int(self.shelves.run[row])
            if shelf is None:
                shelf = self._open(low, high)
            if shelf != held:
                if held != _NOWHERE:
                    self._remove(row)
                self._add(row, shelf)

    def remove(self, rows: Ints) -> None:
        """Take rows away."""
        for row in rows.tolist():
            self._remove(row)

    def _remove(self, row: int) -> None:
        # The last of the shelf fills the gap.
        shelves = self.shelves
        shelf, place = shelves.run[row], shelves.place[row]
        shelves.runs[COUNT, shelf] -= 1
        last = shelves.runs[START, shelf] + shelves.runs[COUNT, shelf]
        for table in shelves.hot:
            table[:, place] = table[:, last]
        moved = shelves.rows[last]
        shelves.rows[place], shelves.place[moved] = moved, place
        shelves.run[row] = _NOWHERE

    def _add(self, row: int, shelf: int) -> None:
        if self.shelves.runs[COUNT, shelf] == self._rooms[shelf]:
            self._widen(shelf)
        shelves = self.shelves
        place = shelves.runs[START, shelf] + shelves.runs[COUNT, shelf]
        shelves.runs[COUNT, shelf] += 1
        shelves.rows[place], shelves.run[row], shelves.place[row] = row, shelf, place

    def _open(self, low: int, high: int) -> int:
        shelf = len(self._rooms)
        if shelf == self.shelves.runs.shape[1]:
            more = _no_runs(max(shelf, _FEWEST_PLACES))
            self.shelves = self.shelves._replace(runs=np.append(self.shelves.runs, more, axis=1))
        self._known[low, high] = shelf
        self._rooms.append(0)
        self.shelves.runs[:, shelf] = low, high, 0, 0
        return shelf

    def _widen(self, shelf: int) -> None:
        """Move a shelf to the end, where it has twice the room."""
        start, count = self.shelves.runs[START, shelf], self.shelves.runs[COUNT, shelf]
        begin, room = self._end, max(2 * int(count), _FEWEST_PLACES)
        self._end, self._rooms[shelf] = begin + room, room
        self._lengthen()
        shelves = self.shelves
        for table in (*shelves.hot, shelves.rows):
            table[..., begin : begin + count] = table[..., start : start + count]
        shelves.place[shelves.rows[begin : begin + count]] = np.arange(begin, begin + count)
        shelves.runs[START, shelf] = begin

    def _lengthen(self) -> None:
        places = len(self.shelves.rows)
        if self._end > places:
            places = max(2 * places, self._end)
            hot = (longer(table.T, places).T for table in self.shelves.hot)
            self.shelves = self.shelves._replace(
                hot=Hot(*(np.ascontiguousarray(table) for table in hot)),
                rows=longer(self.shelves.rows, places),
            )


def _no_runs(count: int) -> Ints:
    """Shelves nobody's categories meet."""
    runs = np.zeros((4, count), dtype=np.int64)
    runs[LOW], runs[HIGH] = _NO_CATEGORY, -_NO_CATEGORY
    return runs
