"""Numbers for the ends of ways: rows with the same key have the same ways and one number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic

import numpy as np

from matchmaking.engine.kernels.layout import Int32s, Rows
from matchmaking.engine.markets.table import Columns, longer
from matchmaking.engine.values import Ints


class Numbering(Generic[Columns]):
    """Keys seen so far, and for each what has to be known of it; none is ever forgotten."""

    def __init__(
        self,
        keys_of: Callable[[Columns], Ints],
        records_of: Callable[[Columns], tuple[Rows, ...]],
        *,
        empty: Columns,
    ) -> None:
        self._keys_of: Callable[[Columns], Ints] = keys_of
        self._records_of: Callable[[Columns], tuple[Rows, ...]] = records_of
        self._known: dict[bytes, int] = {}
        self.records = records_of(empty)

    @property
    def capacity(self) -> int:
        """Numbers are below it."""
        return len(self.records[0])

    @property
    def memory_bytes(self) -> int:
        """Size of the arrays."""
        return sum(one.nbytes for one in self.records)

    def numbers(self, columns: Columns) -> Int32s:
        """The number of each row."""
        keys, fresh, before = self._keys_of(columns), [], len(self._known)
        raw, width = keys.tobytes(), keys.itemsize * keys.shape[1]
        numbers = np.empty(len(keys), dtype=np.int32)
        for row in range(len(keys)):
            key = raw[row * width : (row + 1) * width]
            number = self._known.get(key)
            if number is None:
                number = self._known[key] = len(self._known)
                fresh.append(row)
            numbers[row] = number
        if fresh:
            self._note(columns.take(np.array(fresh)), at=before)
        return numbers

    def _note(self, columns: Columns, *, at: int) -> None:
        found = self._records_of(columns)
        count = at + len(found[0])
        if count > len(self.records[0]):
            self.records = tuple(longer(one, 2 * count) for one in self.records)
        for table, records in zip(self.records, found, strict=True):
            table[at:count] = records
