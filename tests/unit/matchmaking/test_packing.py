"""Columns and lists come back from bytes as they were; bytes of other code do not come back."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import strategies as st

from matchmaking.engine.markets.lists import Lists
from matchmaking.engine.records import Place
from matchmaking.engine.values import DemandColumns, SupplyColumns
from matchmaking.rankings import packing
from matchmaking.rankings.packing import OFFERS, REQUESTS, pack_lists, unpack_lists
from tests.unit.engine.builders import make_demand, make_supply, paper
from tests.unit.engine.strategies import demands, for_all, supplies


def unpacked(layout, rows):
    """What rows of bytes say."""
    size = layout.head.itemsize
    return layout.unpack(b"".join(r[:size] for r in rows), b"".join(r[size:] for r in rows))


def differing(left, right) -> list[str]:
    """Names of the columns that are not the same, bit for bit."""

    def same(a, b):
        return (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())

    names = (field.name for field in fields(left))
    return [name for name in names if not same(getattr(left, name), getattr(right, name))]


def widened(columns: DemandColumns, outlets: int) -> DemandColumns:
    """As many outlets as another table has: those that only repeat the last one are not packed."""
    place = np.minimum(np.arange(outlets), columns.destination_nodes.shape[1] - 1)
    changes = {name: getattr(columns, name)[:, place] for name in REQUESTS.ragged}
    return replace(columns, **changes)


def lists_of(*entries) -> Lists:
    """Lists of (id, score) pairs."""
    lists = Lists.empty(len(entries), room=max(map(len, entries), default=0))
    for row, entry in enumerate(entries):
        lists.counts[row] = len(entry)
        for place, (partner, score) in enumerate(entry):
            lists.ids[row, place], lists.scores[row, place] = partner, score
    return lists


@for_all(st.lists(supplies(), max_size=5))
def test_offers_come_back_as_they_were(records):
    columns = SupplyColumns.from_records(records)
    assert differing(columns, unpacked(OFFERS, OFFERS.pack(columns))) == []


@for_all(st.lists(demands(), max_size=5))
def test_requests_come_back_as_they_were(records):
    columns = DemandColumns.from_records(records)
    again = unpacked(REQUESTS, REQUESTS.pack(columns))
    assert differing(columns, widened(again, columns.destination_nodes.shape[1])) == []


def test_outlets_that_only_repeat_the_last_one_take_no_room():
    town, island = Place(node=1), Place(node=3, access_hours=2.0)
    same = (make_demand(destinations=(town, island, island)), make_demand(destinations=(island,)))
    rows = [REQUESTS.pack(DemandColumns.from_records([one]))[0] for one in same]
    assert [len(row) - REQUESTS.head.itemsize for row in rows] == [48, 24]
    assert unpacked(REQUESTS, rows).destination_nodes.tolist() == [[1, 3], [3, 3]]


@for_all(st.lists(supplies(), min_size=1, max_size=4), st.lists(demands(), min_size=1, max_size=4))
def test_the_bytes_of_a_row_depend_on_that_row_alone(offers, requests):
    for layout, made, records in (
        (OFFERS, SupplyColumns, offers),
        (REQUESTS, DemandColumns, requests),
    ):
        together = layout.pack(made.from_records(records))
        assert together == [layout.pack(made.from_records([one]))[0] for one in records]


def test_rows_packed_apart_stand_in_one_table():
    renewed = (paper("vietgap", -90, 5), paper("vietgap", 20, 30))
    offers = [make_supply(papers=()), make_supply(papers=renewed), make_supply()]
    apart = [OFFERS.pack(SupplyColumns.from_records([one]))[0] for one in offers]
    assert differing(SupplyColumns.from_records(offers), unpacked(OFFERS, apart)) == []
    assert len({len(row) for row in apart}) == 3


@pytest.mark.parametrize("layout", [OFFERS, REQUESTS])
def test_a_row_is_a_few_hundred_bytes(layout):
    one = (
        SupplyColumns.from_records([make_supply()])
        if layout is OFFERS
        else DemandColumns.from_records([make_demand()])
    )
    assert len(layout.pack(one)[0]) < 330


def test_other_code_packs_other_bytes(monkeypatch):
    def tag():
        return type(OFFERS)(SupplyColumns.from_records([])).tag

    assert tag() == OFFERS.tag != REQUESTS.tag
    with monkeypatch.context() as patch:
        patch.setattr(packing, "_CODES", (*packing._CODES, "a new slot"))
        assert tag() != OFFERS.tag
    with monkeypatch.context() as patch:
        patch.setattr(packing, "_source", lambda thing: f"other rules of {thing}")
        assert tag() != OFFERS.tag


def test_bytes_of_other_code_are_refused():
    (row,) = OFFERS.pack(SupplyColumns.from_records([make_supply()]))
    with pytest.raises(ValueError, match="another release"):
        unpacked(OFFERS, [b"\0\0\0\0" + row[4:]])


def test_what_is_not_whole_is_refused():
    (row,) = OFFERS.pack(SupplyColumns.from_records([make_supply()]))
    with pytest.raises(ValueError, match="size"):
        unpacked(OFFERS, [row[:-1]])
    with pytest.raises(ValueError, match="cannot assign"):
        unpacked(OFFERS, [row[:-8]])


entries = st.lists(
    st.tuples(st.integers(1, 2**62), st.integers(0, 10_000)), max_size=6, unique_by=lambda e: e[0]
)


@for_all(st.lists(entries, max_size=5))
def test_lists_come_back_as_they_were(drawn):
    lists = lists_of(*drawn)
    ids, scores = pack_lists(lists)
    again = unpack_lists(lists.counts, b"".join(ids), b"".join(scores))
    assert not again.differs(lists).any()
    assert len(again) == len(lists)


def test_a_list_is_ten_bytes_a_partner():
    ids, scores = pack_lists(lists_of([(7, 9_000), (1, 258)], []))
    assert ids == [b"\0\0\0\0\0\0\0\7\0\0\0\0\0\0\0\1", b""]
    assert scores == [(9_000).to_bytes(2, "big") + b"\1\2", b""]


@pytest.mark.parametrize("score", [-1, 10_001, 70_000])
def test_no_score_is_bent_to_fit(score):
    with pytest.raises(ValueError, match="from 0 to 10000"):
        pack_lists(lists_of([(1, score)]))


def test_what_lies_beyond_the_end_of_a_list_is_nobodys():
    lists = lists_of([(5, 9_000), (6, 8_000)])
    lists.counts[0], lists.scores[0, 1] = 1, -7
    assert pack_lists(lists) == pack_lists(lists_of([(5, 9_000)]))
