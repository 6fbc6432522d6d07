"""Quantities, money and days compare in base units."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from core.kernel.money import format_vnd
from core.kernel.periods import DayRange
from core.kernel.quantity import Dimension, Measure, measure_of

KG = Measure(dimension=Dimension.MASS, to_base=Decimal(1))


def test_ta_is_a_hundred_kilograms_and_its_price_divides():
    ta = measure_of(dimension=Dimension.MASS, to_base=Decimal(100))

    assert ta is not None
    assert (ta.base_of(Decimal("1.5")), ta.price_per_base(2_500_000)) == (Decimal("150.0"), 25_000)


def test_pack_compares_by_its_content():
    crate = measure_of(
        dimension=Dimension.PACK, to_base=None, pack_size=Decimal(12), pack_measure=KG
    )

    assert crate == Measure(dimension=Dimension.MASS, to_base=Decimal(12))


def test_pack_without_content_does_not_compare():
    assert measure_of(dimension=Dimension.PACK, to_base=None) is None


def test_dong_are_grouped_by_points():
    assert format_vnd(1_234_567) == "1.234.567 ₫"


def test_day_ranges_hold_both_ends_and_meet_where_they_share_a_day():
    november = DayRange(dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    later = DayRange(dt.date(2026, 11, 30), dt.date(2026, 12, 5))

    assert november.days == 30
    assert november.intersection(later) == DayRange(dt.date(2026, 11, 30), dt.date(2026, 11, 30))
    assert dt.date(2026, 11, 30) in november


def test_day_range_backwards_is_refused():
    with pytest.raises(ValueError, match="before"):
        DayRange(dt.date(2026, 11, 2), dt.date(2026, 11, 1))
