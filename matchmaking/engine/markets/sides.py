"""One side of a market as the kernel reads it, brought up to date with its table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic

import numpy as np

from matchmaking.engine.kernels import keeping
from matchmaking.engine.kernels.layout import Rows
from matchmaking.engine.kernels.shelves import Shelves
from matchmaking.engine.markets.keeping import StandingLists
from matchmaking.engine.markets.numbering import Numbering
from matchmaking.engine.markets.shelving import Shelving
from matchmaking.engine.markets.table import Changes, Columns, Table, longer
from matchmaking.engine.values import Ints

_MANY: Final = 2_000
"""Rows above which it may be quicker to lay and rank everything anew."""

Records = tuple[Rows, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class TakenIn:
    """What happened to one side."""

    changes: Changes
    unwritten: Ints
    """Rows whose places on the shelves have to be written."""
    is_many: bool
    """Whether so many changed that ranking everybody is quicker."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Kind(Generic[Columns]):
    """How offers differ from requests."""

    keys_of: Callable[[Columns], Ints]
    """What makes the ways to each row."""
    ends_of: Callable[[Columns], Records]
    """What is known of each end of ways."""
    records_of: Callable[[Columns], Records]
    """What is judged by of each row."""
    write: Callable[[Columns, Ints, Records], None]
    """Writes the records of given rows of columns."""
    places: tuple[int, int]
    """How many whole numbers and how many others a place on a shelf holds."""


class Side(Generic[Columns]):
    """Records, links, shelves and lists of the rows of one table."""

    def __init__(self, table: Table[Columns], kind: Kind[Columns]) -> None:
        self.table: Table[Columns] = table
        self._kind: Kind[Columns] = kind
        self.lists = StandingLists()
        self._shelving = Shelving(whole=kind.places[0], real=kind.places[1])
        self._columns: Columns = table.columns
        self.records: Records = ()
        self.links: Numbering[Columns] = self._forget()

    @property
    def memory_bytes(self) -> int:
        """Size of the arrays."""
        records = sum(one.nbytes for one in self.records) + self.links.memory_bytes
        return records + self._shelving.memory_bytes + self.lists.memory_bytes

    @property
    def shelves(self) -> Shelves:
        """Who stands where."""
        return self._shelving.shelves

    @property
    def places(self) -> int:
        """How many places there are."""
        return len(self._shelving.shelves.rows)

    @property
    def compiled(self) -> keeping.Side:
        """What compiled walks read and write."""
        return keeping.Side(self.shelves, self.lists.standing)

    def fits(self, scratch: keeping.Scratch) -> bool:
        """Whether working memory is large enough to walk over these shelves."""
        return keeping.fits(scratch, links=self.links.capacity, longest=self.places)

    def in_order(self) -> Ints:
        """All rows, those who meet the same others together."""
        rows = self.table.standing()
        return rows[np.lexsort((self.shelves.link[rows], self.shelves.run[rows]))]

    def take_in(self, *, partners: Ints, is_anew: bool) -> TakenIn:
        """Follow the table.

        Args:
            partners: Ids of the other side by row.
            is_anew: Whether all places have to be written again.
        """
        changes, capacity = self.table.changes(), self.table.capacity
        self.lists.make_room(capacity, ids=partners)
        if not len(changes) and not is_anew:
            return TakenIn(changes=changes, unwritten=changes.rows, is_many=False)
        is_many = len(changes) > _MANY and 4 * len(changes) > len(self.table)
        rows = changes.rows
        if self._is_wider():
            self.links = self._forget()
            rows = self.table.standing()
        self.records = tuple(longer(one, capacity) for one in self.records)
        self._shelving.make_room(capacity)
        self._note(rows)
        gone = changes.gone
        self.lists.clear(gone)
        if is_many:
            rows = self.table.standing()
            self._shelving.lay(rows, self.table.ranges(rows))
        else:
            self._shelving.remove(gone)
            self._shelving.put(rows, self.table.ranges(rows))
        unwritten = self.table.standing() if is_anew else rows
        return TakenIn(changes=changes, unwritten=unwritten, is_many=is_many)

    def _note(self, rows: Ints) -> None:
        if len(rows):
            self._kind.write(self.table.columns, rows, self.records)
            self.shelves.link[rows] = self.links.numbers(self.table.columns.take(rows))

    def _forget(self) -> Numbering[Columns]:
        """Begin records anew; return as new links."""
        self._columns = self.table.columns
        empty = self._columns.take(np.zeros(0, dtype=np.int64))
        self.records = self._kind.records_of(empty)
        return Numbering(self._kind.keys_of, self._kind.ends_of, empty=empty)

    def _is_wider(self) -> bool:
        """Whether a row may have more outlets than before."""
        if self.table.columns is self._columns:
            return False
        self._columns = self.table.columns
        fresh = self._kind.records_of(self._columns.take(np.zeros(0, dtype=np.int64)))
        return [one.shape[1:] for one in fresh] != [one.shape[1:] for one in self.records]
