"""Units followed from map to map, and sums that neither gain nor lose anything."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, Inexact

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.places.lineage import Change, Lineage, Share, Unit

START, END, NEW = dt.date(2008, 8, 1), dt.date(2025, 6, 30), dt.date(2025, 7, 1)
BEFORE, AFTER = dt.date(2021, 5, 1), dt.date(2026, 11, 21)
HALF = Decimal("0.5")

# Two old provinces (1, 2) merge into 10; 3 stays. Old 1 has a district 100 of communes 1000
# and 1001; 2 has the district 200, which never had a commune.
UNITS = [
    Unit(1, None, START, END), Unit(2, None, START, END), Unit(3, None, START, None),
    Unit(10, None, NEW, None),
    Unit(100, 1, START, END), Unit(200, 2, START, END), Unit(300, 3, START, END),
    Unit(1000, 100, START, END), Unit(1001, 100, START, END), Unit(3000, 300, START, END),
    Unit(11, 10, NEW, None), Unit(12, 10, NEW, None), Unit(13, 10, NEW, None),
    Unit(31, 3, NEW, None), Unit(32, 3, NEW, None), Unit(99, 10, NEW, None),
]  # fmt: skip
CHANGES = [
    Change(1, 10, Decimal(1)), Change(2, 10, Decimal(1)),
    Change(1000, 11, Decimal(1)), Change(1001, 11, None), Change(1001, 12, None),
    Change(200, 12, Decimal(1)), Change(3000, 31, Decimal(1)), Change(3000, 32, None),
]  # fmt: skip


@pytest.fixture(scope="module")
def lineage():
    return Lineage(UNITS, changes=CHANGES)


def shares(lineage, unit_id, day=AFTER):
    return lineage.shares_on(unit_id, day=day)


def test_unit_of_the_day_is_itself(lineage):
    assert shares(lineage, 11) == [Share(11, Decimal(1))]
    assert shares(lineage, 1000, BEFORE) == [Share(1000, Decimal(1))]


def test_whole_commune_went_to_one_and_a_split_one_to_either(lineage):
    assert shares(lineage, 1000) == [Share(11, Decimal(1))]
    assert shares(lineage, 1001) == [Share(11, None), Share(12, None)]


def test_where_the_people_went_whole_a_part_of_the_area_has_no_share(lineage):
    assert shares(lineage, 3000) == [Share(31, Decimal(1)), Share(32, Decimal(0))]


def test_district_is_followed_through_its_communes(lineage):
    assert shares(lineage, 100) == [Share(11, None), Share(12, None)]
    assert shares(lineage, 200) == [Share(12, Decimal(1))]
    assert [share.unit_id for share in shares(lineage, 300)] == [31, 32]


def test_new_commune_is_followed_back(lineage):
    assert shares(lineage, 11, BEFORE) == [Share(1000, None), Share(1001, None)]


def test_province_is_certain_where_the_commune_is_not(lineage):
    assert lineage.provinces_on(1001, day=AFTER).known == {10: 1}
    assert lineage.provinces_on(11, day=BEFORE).known == {1: 1}


def test_new_commune_of_two_old_provinces_cannot_be_divided(lineage):
    spread = lineage.provinces_on(12, day=BEFORE)
    assert not spread.known
    assert spread.within == [(1, frozenset({1, 2}))]


def test_sums_on_both_maps(lineage):
    figures = [(100, 7), (1, 5), (2, 4), (3, 3), (1001, Decimal("0.1")), (12, 9), (10, 20)]
    today = lineage.sums_by_province(figures, day=AFTER)
    assert today.by_province == {10: Decimal("45.1"), 3: 3}
    assert not today.undivided
    old = lineage.sums_by_province(figures, day=BEFORE)
    assert old.by_province == {1: Decimal("12.1"), 2: 4, 3: 3}
    assert old.undivided == {frozenset({1, 2}): 29}


def test_known_weights_divide_and_the_rest_stays_open():
    changes = [Change(1, 10, HALF), Change(1, 20, None), Change(1, 30, None)]
    units = [Unit(1, None, START, END), *(Unit(n, None, NEW, None) for n in (10, 20, 30))]
    sums = Lineage(units, changes=changes).sums_by_province([(1, 3)], day=AFTER)
    assert sums.by_province == {10: Decimal("1.5")}
    assert sums.undivided == {frozenset({20, 30}): Decimal("1.5")}


def test_unit_without_a_past_is_not_lost(lineage):
    sums = lineage.sums_by_province([(99, 5)], day=BEFORE)
    assert sums.undivided == {frozenset(): 5}


def test_unknown_unit_is_an_error(lineage):
    with pytest.raises(KeyError):
        shares(lineage, 4711)


def test_amounts_that_cannot_be_added_exactly_are_refused(lineage):
    with pytest.raises(Inexact):
        lineage.sums_by_province([(3, Decimal("1e300")), (3, Decimal("1e-300"))], day=AFTER)


amounts = st.one_of(
    st.integers(-(10**18), 10**18), st.decimals(-(10**12), 10**12, places=4, allow_nan=False)
)
maps = st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([u.id for u in UNITS]), amounts), max_size=12), maps)
def test_total_of_the_sums_is_the_total_of_the_figures(figures, day):
    sums = Lineage(UNITS, changes=CHANGES).sums_by_province(figures, day=day)
    assert sums.total == sum(Decimal(amount) for _, amount in figures)


weights = st.lists(
    st.one_of(st.none(), st.decimals("0.0001", "0.2", places=4)), min_size=1, max_size=5
)


@settings(max_examples=100, deadline=None)
@given(weights, amounts)
def test_total_stands_whatever_weights_are_known(given_weights, amount):
    news = range(10, 10 + len(given_weights))
    units = [Unit(1, None, START, END), *(Unit(n, None, NEW, None) for n in news)]
    changes = [Change(1, n, w) for n, w in zip(news, given_weights, strict=True)]
    sums = Lineage(units, changes=changes).sums_by_province([(1, amount)], day=AFTER)
    assert sums.total == amount
