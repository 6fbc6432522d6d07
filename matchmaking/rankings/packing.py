"""Rows of the engine's columns, and lists of partners, as bytes and back; nothing is rounded.

A row is a *head* of fixed size and a *rest*: the periods of its papers, or its outlets. What the
table around it padded a row with is left out, so that a row's bytes depend on that row alone.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import fields
from itertools import pairwise
from typing import Any, ClassVar, Final, Generic, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from buyers.selectors import request_facts
from core.kernel.text import fold
from matchmaking.columns import supplies
from matchmaking.engine.markets.lists import Lists
from matchmaking.engine.names import signatures
from matchmaking.engine.records import DIMENSIONS, PAPER_SLOTS, STORAGE_CLASSES, Supply
from matchmaking.engine.ruleset import FULL_SCORE
from matchmaking.engine.values import Bools, DemandColumns, Ints, SupplyColumns
from producers.selectors import offer_facts

Columns = TypeVar("Columns", SupplyColumns, DemandColumns)
Array = NDArray[Any]
_Field = tuple[str, str, tuple[int, ...]]

TAG_BYTES: Final = 4
ID_BYTES: Final = 8
SCORE_BYTES: Final = 2

_MADE_BY: Final[tuple[Callable[..., object], ...]] = (
    offer_facts,
    request_facts,
    supplies,
    Supply,
    SupplyColumns,
    signatures,
    fold,
)
"""One thing of each module that decides what an input says."""
_CODES: Final = (DIMENSIONS, STORAGE_CLASSES, PAPER_SLOTS)
_SLOT_BITS: Final = np.uint64(1) << np.arange(len(PAPER_SLOTS), dtype=np.uint64)
_NEVER: Final = {"papers_from": np.iinfo(np.int32).max, "papers_to": np.iinfo(np.int32).min}


class Layout(ABC, Generic[Columns]):
    """How rows of one sort of columns lie in bytes.

    `tag` stands before each row and is another one for every release that makes other inputs.
    """

    ragged: ClassVar[tuple[str, ...]]
    """Columns with a width that another row may have asked for."""
    counts: ClassVar[list[tuple[str, str]]]
    """Fields of the head that tell which of their cells follow."""

    def __init__(self, nothing: Columns) -> None:
        """Take names and types of the columns over from a table without rows."""
        self._columns: type[Columns] = type(nothing)
        self._plain: list[str] = [
            one.name for one in fields(nothing) if one.name not in self.ragged
        ]
        plain: list[_Field] = [_field(nothing, name) for name in self._plain]
        self.head = np.dtype([("tag", f"V{TAG_BYTES}"), *self.counts, *plain])
        self.rest = np.dtype([_field(nothing, name)[:2] for name in self.ragged])
        says = (self.head, self.rest, _CODES, *map(_source, _MADE_BY))
        self.tag = crc32(repr(says).encode()).to_bytes(TAG_BYTES, "big")

    def pack(self, columns: Columns) -> list[bytes]:
        """The bytes of each row."""
        head = np.zeros(len(columns), dtype=self.head)
        head["tag"] = np.void(self.tag)
        for name in self._plain:
            head[name] = getattr(columns, name)
        cells = self._cells(columns, head)
        rest = np.empty(np.count_nonzero(cells), dtype=self.rest)
        for name in self.ragged:
            rest[name] = getattr(columns, name)[cells]
        lengths = cells.sum(axis=tuple(range(1, cells.ndim))) * self.rest.itemsize
        heads = cut(head.tobytes(), lengths=np.full(len(head), self.head.itemsize))
        rests = cut(rest.tobytes(), lengths=lengths)
        return [first + last for first, last in zip(heads, rests, strict=True)]

    def unpack(self, heads: bytes, rests: bytes) -> Columns:
        """Columns of rows whose heads are given one after the other, and so their rests.

        Raises:
            ValueError: The bytes are of another layout, or not whole.
        """
        head = np.frombuffer(heads, dtype=self.head)
        if (head["tag"] != np.void(self.tag)).any():
            raise ValueError("These rows were packed by another release.")
        columns = {name: np.ascontiguousarray(head[name]) for name in self._plain}
        columns |= self._spread(head, np.frombuffer(rests, dtype=self.rest))
        return self._columns(**columns)

    @abstractmethod
    def _cells(self, columns: Columns, head: Array) -> Bools:
        """Fill the counts; return which cells of the ragged columns are kept."""

    @abstractmethod
    def _spread(self, head: Array, rest: Array) -> dict[str, Array]:
        """The ragged columns from what was kept of them."""


class _Offers(Layout[SupplyColumns]):
    """The rest: first and last day of each period of each paper slot that is held."""

    ragged = ("papers_from", "papers_to")
    counts = [("held", "<u8"), ("periods", "<u2")]

    def _cells(self, columns: SupplyColumns, head: Array) -> Bools:
        is_period = columns.papers_from != _NEVER["papers_from"]
        is_period |= columns.papers_to != _NEVER["papers_to"]
        head["held"] = is_period.any(axis=2) @ _SLOT_BITS
        head["periods"] = _up_to_last(is_period.any(axis=1))
        return _held_cells(head, width=is_period.shape[2])

    def _spread(self, head: Array, rest: Array) -> dict[str, Array]:
        cells = _held_cells(head, width=int(head["periods"].max(initial=1)))
        spread = {name: np.full(cells.shape, _NEVER[name], np.int32) for name in self.ragged}
        for name, days in spread.items():
            days[cells] = rest[name]
        return spread


class _Requests(Layout[DemandColumns]):
    """The rest: node and last stretch of each outlet, up to where only the last one is repeated."""

    ragged = ("destination_nodes", "destination_access_hours", "destination_access_km")
    counts = [("outlets", "<u4")]

    def _cells(self, columns: DemandColumns, head: Array) -> Bools:
        tables = [getattr(columns, name) for name in self.ragged]
        is_other = np.logical_or.reduce([table != table[:, -1:] for table in tables])
        head["outlets"] = _up_to_last(is_other) + 1
        return np.arange(is_other.shape[1]) < head["outlets"][:, None]

    def _spread(self, head: Array, rest: Array) -> dict[str, Array]:
        counts = head["outlets"].astype(np.int64)
        place = np.minimum(np.arange(counts.max(initial=1)), counts[:, None] - 1)
        place += (np.cumsum(counts) - counts)[:, None]
        return {name: np.ascontiguousarray(rest[name])[place] for name in self.ragged}


def pack_lists(lists: Lists) -> tuple[list[bytes], list[bytes]]:
    """Ids and scores of each list, big-endian: what PostgreSQL reads by a cast.

    Raises:
        ValueError: A score is below 0 or above `FULL_SCORE`.
    """
    said = _within(lists.counts, width=lists.ids.shape[1])
    ids, scores = lists.ids[said], lists.scores[said]
    if ((scores < 0) | (scores > FULL_SCORE)).any():
        raise ValueError(f"Scores go from 0 to {FULL_SCORE}.")
    return (
        cut(ids.astype(">i8").tobytes(), lengths=lists.counts * ID_BYTES),
        cut(scores.astype(">u2").tobytes(), lengths=lists.counts * SCORE_BYTES),
    )


def unpack_lists(counts: Ints, ids: bytes, scores: bytes) -> Lists:
    """Lists of the given lengths from their ids and their scores, each one after the other.

    Raises:
        ValueError: There are more or fewer of them than `counts` says.
    """
    said = _within(counts, width=int(counts.max(initial=0)))
    lists = Lists.empty(len(counts), room=said.shape[1])
    lists.counts[:] = counts
    lists.ids[said] = np.frombuffer(ids, dtype=">i8")
    lists.scores[said] = np.frombuffer(scores, dtype=">u2")
    return lists


def cut(joined: bytes, *, lengths: Ints) -> list[bytes]:
    """The pieces of the given lengths."""
    ends = [0, *np.cumsum(lengths).tolist()]
    return [joined[start:end] for start, end in pairwise(ends)]


def _field(columns: SupplyColumns | DemandColumns, name: str) -> _Field:
    column = getattr(columns, name)
    return name, column.dtype.newbyteorder("<").str, column.shape[1:]


def _source(thing: Callable[..., object]) -> str:
    return inspect.getsource(inspect.getmodule(thing) or thing)


def _within(counts: Ints, *, width: int) -> Bools:
    return np.arange(width) < counts[:, None]


def _held_cells(head: Array, *, width: int) -> Bools:
    is_held: Bools = (head["held"][:, None] & _SLOT_BITS) > 0
    return is_held[:, :, None] & _within(head["periods"], width=width)[:, None]


def _up_to_last(said: Bools) -> Ints:
    """How many cells of each row there are up to the last true one."""
    from_end = np.argmax(said[:, ::-1], axis=1)
    return np.where(said.any(axis=1), said.shape[1] - from_end, 0)


OFFERS: Final = _Offers(SupplyColumns.from_records([]))
REQUESTS: Final = _Requests(DemandColumns.from_records([]))
