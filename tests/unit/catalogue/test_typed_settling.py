"""From what was understood to one value in one unit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.typed.dates import read_days
from core.catalogue.typed.money import read_money
from core.catalogue.typed.outcomes import Content, Money, Quantity, Question, Why
from core.catalogue.typed.quantities import read_quantity
from core.catalogue.typed.settling import exactly, in_unit, one_day, price_in_unit

TODAY = dt.date(2026, 11, 22)
TEN_KG = Content(amount=Decimal(10), unit="kg")


def quantity(typed):
    return read_quantity(typed, language="vi").value


@pytest.mark.parametrize(
    ("typed", "unit", "content", "amount"),
    [
        ("1,5 tấn", "kg", None, "1500"),
        ("7", "kg", None, "7"),
        ("250 g", "tan", None, None),  # more than three decimals
        ("200 thùng x 10kg", "tan", None, "2"),
        ("200x10kg", "kg", None, "2000"),
        ("200 thùng x 10kg", "thung", TEN_KG, "200"),
        ("200 thùng x 12kg", "thung", TEN_KG, None),
        ("5 tạ", "thung", TEN_KG, "50"),
        ("5 tá", "qua", None, "60"),
        ("20 thùng", "kg", None, None),
        ("20 lít", "kg", None, None),
        ("5 tạ", "thung", None, None),
    ],
)
def test_quantities_convert_exactly_or_not_at_all(typed, unit, content, amount):
    found = in_unit(quantity(typed), unit=unit, content=content)
    assert found == (Decimal(amount) if amount else None)


@pytest.mark.parametrize(
    ("typed", "unit", "content", "price"),
    [
        ("95k", "tan", None, 95_000),
        ("95k/kg", "tan", None, 95_000_000),
        ("95k/kg", "thung", TEN_KG, 950_000),
        ("950k/thùng", "kg", None, None),
        ("950k/thùng", "thung", None, 950_000),
        ("100k/tá", "qua", None, None),
        ("95k/10kg", "ta", None, 950_000),
        ("95k/lít", "kg", None, None),
    ],
)
def test_prices_convert_to_whole_dong_or_not_at_all(typed, unit, content, price):
    found = read_money(typed, language="vi").value
    assert price_in_unit(found, unit=unit, content=content) == price


@pytest.mark.parametrize(
    ("typed", "why", "amounts"),
    [("gần 1.500", Why.QUALIFIER, [1500]), ("30-40 tấn", Why.RANGE, [30, 40])],
)
def test_what_is_vague_is_asked_for_one_figure(typed, why, amounts):
    found = exactly(read_quantity(typed, language="vi"))
    assert (found.why, [one.value.amount for one in found.readings]) == (why, amounts)
    assert all(one.is_exact for one in found.readings)


@pytest.mark.parametrize(
    ("end", "day"), [("first", dt.date(2026, 12, 1)), ("last", dt.date(2026, 12, 10))]
)
def test_a_span_gives_the_end_that_is_wanted(end, day):
    found = one_day(read_days("đầu tháng 12", today=TODAY), end=end)
    assert found.value.first == found.value.last == day


def test_a_span_without_a_wanted_end_is_asked_back():
    found = one_day(read_days("tuần 48", today=TODAY), end=None)
    assert isinstance(found, Question)
    days = [reading.value.first for reading in found.readings]
    assert days == [dt.date(2026, 11, 23), dt.date(2026, 11, 29)]


@given(
    amount=st.decimals(min_value=Decimal("0.001"), max_value=Decimal(10**6), places=3),
    units=st.permutations(["kg", "ta", "tan", "yen"]),
)
def test_converting_there_and_back_changes_nothing(amount, units):
    there = in_unit(Quantity(amount=amount, unit=units[0]), unit=units[1])
    if there is not None:
        assert in_unit(Quantity(amount=there, unit=units[1]), unit=units[0]) == amount


@given(vnd=st.integers(1, 10**10), unit=st.sampled_from(["ta", "tan", "yen"]))
def test_a_dearer_unit_costs_as_many_times_more(vnd, unit):
    price = price_in_unit(Money(vnd=vnd, per="kg"), unit=unit)
    assert price == vnd * in_unit(Quantity(amount=Decimal(1), unit=unit), unit="kg")
