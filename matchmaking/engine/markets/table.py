"""Columns that grow: rows are found by id and patched in place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.values import DemandColumns, Ints, SupplyColumns

Columns = TypeVar("Columns", SupplyColumns, DemandColumns)
Range = tuple[int, int]

_DAYS: Final = np.iinfo(np.int32)
_NEVER: Final = {"papers_from": _DAYS.max, "papers_to": _DAYS.min}
_VARYING: Final = {
    *_NEVER, "destination_nodes", "destination_access_hours", "destination_access_km",
}  # fmt: skip
"""Columns as wide as the widest row needs."""
_FEWEST_ROWS: Final = 64


@dataclass(frozen=True, eq=False, kw_only=True)
class Changes:
    """Rows of one side that are not any more as they were when lists were last settled."""

    rows: Ints
    """Those that stand, new ones too."""
    left: Ints
    """Those that stood before, as they are or not at all any more."""
    left_ranges: Ints
    """(2, n): the categories those belonged to, from the first to before the last."""
    gone: Ints
    """Those of them that do not stand any more."""

    def __len__(self) -> int:
        """How many rows have to be looked at."""
        return len(self.rows) + len(self.left)


class Table(Generic[Columns]):
    """One side of a market: a row keeps its number while it stands, and until lists are settled."""

    def __init__(self, empty: Columns, *, key: str, ranges: tuple[str, str | None]) -> None:
        """Begin without rows.

        Args:
            empty: Columns of no rows.
            key: Name of the column of ids.
            ranges: Names of the first category and the one after the last; None: just the first.
        """
        self.columns: Columns = empty
        self._kind: type[Columns] = type(empty)
        self._key = key
        self._low, self._high = ranges
        self._names = [field.name for field in fields(empty)]
        self._varying = [name for name in self._names if name in _VARYING]
        self._rows: dict[int, int] = {}
        self._dropped: dict[int, int] = {}
        self._free: list[int] = []
        self._end = 0
        self._changed: set[int] = set()
        self._left: dict[int, Range] = {}

    def __len__(self) -> int:
        """How many rows stand."""
        return len(self._rows)

    @property
    def capacity(self) -> int:
        """Row numbers are below it."""
        return len(self.columns)

    @property
    def ids(self) -> Ints:
        """The id of each row, standing or not."""
        ids: Ints = getattr(self.columns, self._key)
        return ids

    def ranges(self, rows: Ints) -> Ints:
        """(2, n): the first category of each row and the one after its last."""
        lows: Ints = getattr(self.columns, self._low)[rows]
        highs: Ints = getattr(self.columns, self._high)[rows] if self._high else lows + 1
        return np.stack([lows, highs])

    @property
    def memory_bytes(self) -> int:
        """Size of the arrays."""
        return sum(getattr(self.columns, name).nbytes for name in self._names)

    def standing(self) -> Ints:
        """Rows that stand, in order of their ids."""
        ids = np.fromiter(self._rows, dtype=np.int64, count=len(self._rows))
        rows = np.fromiter(self._rows.values(), dtype=np.int64, count=len(self._rows))
        return rows[np.argsort(ids)]

    def find(self, ids: Iterable[int]) -> Ints:
        """The row of each id; -1 where there is none."""
        rows = self._rows
        return np.array([rows.get(pk, -1) for pk in _whole(ids)], dtype=np.int64)

    def copied(self, rows: Ints) -> Columns:
        """The given rows as they are now, whatever is put later."""
        return self._kind(**{name: getattr(self.columns, name)[rows] for name in self._names})

    def put(self, columns: Columns) -> None:
        """Add rows or replace those of the same id; what is older than what is held stays out."""
        columns = self._newest(columns)
        ids = getattr(columns, self._key).tolist()
        self._leave([row for row in map(self._rows.get, ids) if row is not None])
        rows = np.array([self._row(pk) for pk in ids], dtype=np.int64)
        self._make_room(columns)
        for name in self._names:
            column = getattr(columns, name)
            table = getattr(self.columns, name)
            table[rows] = column if column.ndim == 1 else _wide(name, column, table.shape[-1])
        self._changed.update(rows.tolist())

    def drop(self, ids: Iterable[int]) -> None:
        """Take rows away; ids that are not held are no mistake."""
        found = {pk: self._rows[pk] for pk in _whole(ids) if pk in self._rows}
        self._leave(found.values())
        self._dropped |= found
        self._changed.difference_update(found.values())
        for pk in found:
            del self._rows[pk]

    def touch(self, ids: Iterable[int]) -> None:
        """Have rows looked at again though they are as they were."""
        rows = [self._rows[pk] for pk in _whole(ids) if pk in self._rows]
        self._leave(rows)
        self._changed.update(rows)

    def changes(self) -> Changes:
        """What happened since `settled`."""
        ranges = np.array(list(self._left.values()), dtype=np.int64)
        gone = [row for row in self._left if row not in self._changed]
        return Changes(
            rows=np.array(sorted(self._changed), dtype=np.int64),
            left=np.array(list(self._left), dtype=np.int64),
            left_ranges=np.ascontiguousarray(ranges.reshape(-1, 2).T),
            gone=np.array(gone, dtype=np.int64),
        )

    def settled(self) -> None:
        """Forget changes; numbers of rows that are gone may be used again."""
        self._free.extend(self._dropped.values())
        self._dropped, self._changed, self._left = {}, set(), {}

    def _newest(self, columns: Columns) -> Columns:
        """Of rows of one id the newest, unless a newer one is held."""
        ids, version = getattr(columns, self._key), columns.version
        rows = self.find(ids)
        if len(ids) == 1 and rows[0] < 0:
            return columns
        order = np.lexsort((version, ids))
        is_last = np.diff(ids[order], append=ids[order][-1:] + 1) != 0
        is_newer = rows < 0
        is_newer[~is_newer] = version[~is_newer] >= self.columns.version[rows[~is_newer]]
        kept = order[is_last & is_newer[order]]
        return columns if len(kept) == len(ids) else columns.take(np.sort(kept))

    def _leave(self, rows: Iterable[int]) -> None:
        # What is new since lists were settled is in no list and leaves nothing.
        first = [row for row in rows if row not in self._changed and row not in self._left]
        if first:
            ranges = self.ranges(np.array(first)).T.tolist()
            self._left.update(zip(first, map(tuple, ranges), strict=True))

    def _row(self, pk: int) -> int:
        row = self._rows.get(pk)
        if row is None:
            row = self._dropped.pop(pk, None)
            row = self._new_row() if row is None else row
            self._rows[pk] = row
        return row

    def _new_row(self) -> int:
        if self._free:
            return self._free.pop()
        self._end += 1
        return self._end - 1

    def _make_room(self, columns: Columns) -> None:
        capacity, arrays = self.capacity, {}
        while capacity < self._end:
            capacity = max(2 * capacity, self._end, _FEWEST_ROWS)
        for name in self._varying:
            table, width = getattr(self.columns, name), getattr(columns, name).shape[-1]
            if width > table.shape[-1]:
                arrays[name] = _wide(name, table, width)
        if arrays or capacity > self.capacity:
            held = {name: getattr(self.columns, name) for name in self._names} | arrays
            longest = {name: longer(one, capacity) for name, one in held.items()}
            self.columns = self._kind(**longest)


def _whole(ids: Iterable[int]) -> list[int]:
    found: list[int] = np.asarray(ids, dtype=np.int64).tolist() if _is_array(ids) else list(ids)
    return found


def _is_array(ids: object) -> bool:
    return isinstance(ids, np.ndarray)


def longer(column: NDArray[Any], rows: int, *, fill: int = 0) -> NDArray[Any]:
    """A column of so many rows, those behind its own filled with one value."""
    if len(column) >= rows:
        return column
    table = np.zeros((rows, *column.shape[1:]), dtype=column.dtype)
    table[: len(column)] = column
    if fill:
        table[len(column) :] = fill
    return table


def _wide(name: str, column: NDArray[Any], width: int) -> NDArray[Any]:
    """More periods, in which no paper holds, or more outlets, all like the last."""
    extra = width - column.shape[-1]
    if not extra:
        return column
    if not len(column):
        return np.zeros((*column.shape[:-1], width), dtype=column.dtype)
    sides = [(0, 0)] * (column.ndim - 1) + [(0, extra)]
    if name in _NEVER:
        return np.pad(column, sides, constant_values=_NEVER[name])
    return np.pad(column, sides, mode="edge")
