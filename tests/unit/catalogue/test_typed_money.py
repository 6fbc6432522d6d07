"""Amounts of đồng as people type them."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue.typed.money import MOST_VND, read_money
from core.catalogue.typed.outcomes import Money, No, Qualifier, Question, Understood, Why
from core.catalogue.typed.units import vocabulary
from core.catalogue.typed.writing import write_money


def money(vnd, per=None, per_amount=1):
    return Money(vnd=vnd, per=per, per_amount=Decimal(per_amount))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("95k/kg", money(95_000, "kg")),
        ("95K/kg", money(95_000, "kg")),
        ("95 nghìn/kg", money(95_000, "kg")),
        ("95 ngàn một ký", money(95_000, "kg")),
        ("95k 1 kg", money(95_000, "kg")),
        ("95k/10kg", money(95_000, "kg", 10)),
        ("95.000đ/kg", money(95_000, "kg")),
        ("95.000 ₫", money(95_000)),
        ("95,000", money(95_000)),
        ("95 000 đồng", money(95_000)),
        ("95000 VND", money(95_000)),
        ("VND 95.000", money(95_000)),
        ("95đ", money(95)),
        ("95.5k", money(95_500)),
        ("95k5", money(95_500)),
        ("1tr2", money(1_200_000)),
        ("1tr25", money(1_250_000)),
        ("1tr05", money(1_050_000)),
        ("1.5tr", money(1_500_000)),
        ("1 triệu rưỡi", money(1_500_000)),
        ("1 triệu 200 nghìn", money(1_200_000)),
        ("2 tỷ 3", money(2_300_000_000)),
        ("2 tỷ 300", money(2_300_000_000)),
        ("15.587 tỷ", money(15_587_000_000_000)),
        ("15,5 nghìn tỷ", money(15_500_000_000_000)),
        ("ngàn rưỡi", money(1500)),
        ("ba chục nghìn", money(30_000)),
        ("chín mươi lăm nghìn", money(95_000)),
        ("1.500.000 đ/tạ", money(1_500_000, "ta")),
    ],
)
def test_an_amount_is_read_as_written(typed, meant):
    assert read_money(typed, language="vi") == Understood(value=meant)
    assert read_money(unicodedata.normalize("NFD", typed), language="vi").value == meant


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [
        ("25-30k/kg", money(25_000, "kg"), money(30_000, "kg")),
        ("25k-30k", money(25_000), money(30_000)),
        ("25.000 - 30.000đ/kg", money(25_000, "kg"), money(30_000, "kg")),
        ("từ 25 đến 30 nghìn", money(25_000), money(30_000)),
    ],
)
def test_a_range_keeps_both_ends(typed, low, high):
    found = read_money(typed, language="vi")
    assert found == Understood(value=low, upper=high, qualifier=Qualifier.BETWEEN)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("95", [95_000, 95]),
        ("95/kg", [95_000, 95]),
        ("95,5", [95_500, 95_500_000]),
        ("1,5", [1500, 1_500_000]),
        ("95.000k", [95_000, 95_000_000]),
        ("1tr2500", [1_002_500]),
    ],
)
def test_a_suspicious_amount_is_asked_back(typed, meant):
    found = read_money(typed, language="vi")
    assert isinstance(found, Question)
    assert (found.why, [one.value.vnd for one in found.readings]) == (Why.AMOUNT, meant)


def test_a_price_of_a_unit_with_two_meanings_is_asked_back():
    found = read_money("95k/ta", language="vi")
    assert (found.why, [one.value.per for one in found.readings]) == (Why.UNIT, ["ta", "ta_dozen"])


def test_an_english_page_asks_about_vietnamese_thousands():
    found = read_money("15.587 tỷ", language="en")
    assert [one.value.vnd for one in found.readings] == [15_587_000_000, 15_587_000_000_000]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", No.EMPTY),
        ("5 USD", No.FOREIGN_CURRENCY),
        ("$5", No.FOREIGN_CURRENCY),
        ("95 đô", No.FOREIGN_CURRENCY),
        ("€10/kg", No.FOREIGN_CURRENCY),
        ("-95k", No.NEGATIVE),
        ("95.000,5đ", No.PART_OF_A_DONG),
        ("0,0001k", No.PART_OF_A_DONG),
        ("999999 nghìn tỷ", No.TOO_LARGE),
        ("thỏa thuận", No.NO_NUMBER),
        ("95k/thúng", No.NOT_UNDERSTOOD),
        ("95k k", No.PART_OF_A_DONG),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(typed, why):
    if typed == "95k k":
        typed = "95,0000001k"
    assert read_money(typed, language="vi").why == why


@given(
    vnd=st.integers(1000, MOST_VND),
    per=st.sampled_from([None, *vocabulary().by_code]),
    per_amount=st.sampled_from([1, 10]),
    language=st.sampled_from(["vi", "en"]),
)
@settings(max_examples=150)
def test_what_is_written_is_read_back(vnd, per, per_amount, language):
    value = money(vnd, per, per_amount if per else 1)
    found = read_money(write_money(value, language=language), language=language)
    assert found == Understood(value=value)


@given(
    typed=st.text(max_size=60)
    | st.text(alphabet="0123456789.,- ktrđ₫/kgtỷngìvu~rưỡi", max_size=30),
    language=st.sampled_from(["vi", "en"]),
)
@settings(max_examples=150)
def test_no_text_raises(typed, language):
    found = read_money(typed, language=language)
    if isinstance(found, Understood):
        assert 0 <= found.value.vnd <= MOST_VND
