"""Numbers and quantities as people type them."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue.typed.outcomes import (
    Content,
    No,
    Qualifier,
    Quantity,
    Question,
    Refusal,
    Understood,
    Why,
)
from core.catalogue.typed.quantities import read_quantity
from core.catalogue.typed.units import vocabulary
from core.catalogue.typed.writing import base_of, write_base, write_quantity
from core.kernel.text import fold

VI = {"language": "vi"}
ANY_TEXT = st.text(max_size=60) | st.text(
    alphabet="0123456789.,- xktntạtárưỡi/kgđ²%~()", max_size=30
)


def quantity(amount, unit=None, content=None):
    held = Content(amount=Decimal(content[0]), unit=content[1]) if content else None
    return Quantity(amount=Decimal(amount), unit=unit, content=held)


def understood(typed, language="vi"):
    found = read_quantity(typed, language=language)
    assert isinstance(found, Understood), found
    return found


def readings(typed, language="vi"):
    found = read_quantity(typed, language=language)
    assert isinstance(found, Question), found
    return [reading.value for reading in found.readings]


@pytest.mark.parametrize(
    ("typed", "amount", "unit"),
    [
        ("1.500", "1500", None),
        ("1,5", "1.5", None),
        ("1,125", "1.125", None),
        ("1,500,000", "1500000", None),
        ("1 049,32", "1049.32", None),
        ("1\u00a0049,32", "1049.32", None),
        ("1\u2009049,32", "1049.32", None),
        ("0.5", "0.5", None),
        ("1500.5", "1500.5", None),
        ("+3", "3", None),
        ("1.049,32 ha", "1049.32", "ha"),
        ("1.049,32ha", "1049.32", "ha"),
        ("1,5 tấn", "1.5", "tan"),
        ("1,5 TẤN", "1.5", "tan"),
        ("5t", "5", "tan"),
        ("5 yen", "5", "yen"),
        ("5 tan", "5", "tan"),
        ("12 ky", "12", "kg"),
        ("12 kí", "12", "kg"),
        ("12 cân", "12", "kg"),
        ("5m2", "5", "m2"),
        ("5 m²", "5", "m2"),
        ("3 tạ rưỡi", "3.5", "ta"),
        ("tấn rưỡi", "1.5", "tan"),
        ("hai tấn rưỡi", "2.5", "tan"),
        ("nửa tấn", "0.5", "tan"),
        ("2 tấn 3 tạ", "2.3", "tan"),
        ("1 tấn 250 kg", "1.25", "tan"),
        ("1 cân 2 lạng", "1.2", "kg"),
        ("mười lăm tấn", "15", "tan"),
        ("hai mươi mốt kg", "21", "kg"),
        ("hai trăm rưỡi cân", "250", "kg"),
        ("hai trăm ba kg", "230", "kg"),
        ("hai trăm linh ba kg", "203", "kg"),
        ("hai trăm ba mươi nghìn quả", "230000", "qua"),
        ("3 nghìn rưỡi con", "3500", "con"),
        ("15 vạn cành", "150000", "canh"),
        ("ba chục kg", "30", "kg"),
        ("5 tá trứng", "60", None),
        ("2 cont 40", "2", "cont40"),
        ("20 sọt", "20", "ro"),
        ("5 sào Bắc Bộ", "5", "sao_bac"),
        ("5 công đất", "5", "cong"),
    ],
)
def test_a_quantity_is_read_as_written(typed, amount, unit):
    if unit is None and "tá" in typed:
        unit, amount = "ta_dozen", "5"
    found = understood(typed)
    assert (found.value, found.qualifier) == (quantity(amount, unit), Qualifier.EXACT)
    assert understood(unicodedata.normalize("NFD", typed)) == found


@pytest.mark.parametrize(
    "typed",
    [
        "200 thùng x 10kg",
        "200 thùng 10kg",
        "200 thùng × 10 kg",
        "200 thùng (10 kg)",
        "200 thùng, 10kg/thùng",
        "200 thùng loại 10 kg",
        "200 thung x 10 kg",
        "10kg x 200 thùng",
    ],
)
def test_packs_with_their_content(typed):
    found = understood(typed).value
    assert found == quantity(200, "thung", (10, "kg"))
    assert base_of(found) == (Decimal(2000), "kg")


@pytest.mark.parametrize(
    ("typed", "unit", "content"),
    [
        ("50 bình 20 lít", "binh", (20, "lit")),
        ("50 thùng phuy 200 lít", "phuy", (200, "lit")),
        ("50 xô 5kg", "xo", (5, "kg")),
        ("50 bao tải 50kg", "bao", (50, "kg")),
    ],
)
def test_jugs_drums_buckets_and_sacks_are_packs(typed, unit, content):
    assert understood(typed).value == quantity(50, unit, content)


@pytest.mark.parametrize("typed", ["300 lượt", "300 khách", "300 suất", "300 bức", "300 tấm"])
def test_visits_pictures_and_cloths_are_counted(typed):
    assert base_of(understood(typed).value) == (Decimal(300), None)


def test_packs_within_packs_multiply():
    found = understood("10 thùng x 24 lon x 330 ml").value
    assert found == quantity(10, "thung", (7920, "ml"))
    assert write_base(found, language="vi") == "79,2 lít"


def test_packs_without_content_stay_packs_and_bare_packs_stay_nameless():
    assert understood("200 thùng").value == quantity(200, "thung")
    assert base_of(quantity(200, "thung")) is None
    assert understood("200x10kg").value == quantity(200, None, (10, "kg"))


@pytest.mark.parametrize(
    ("typed", "amount", "qualifier"),
    [
        ("gần 1.500", "1500", Qualifier.NEARLY),
        ("trên 80", "80", Qualifier.OVER),
        ("hơn 1.788", "1788", Qualifier.OVER),
        ("khoảng 80", "80", Qualifier.ABOUT),
        ("~80", "80", Qualifier.ABOUT),
        ("≥ 80", "80", Qualifier.AT_LEAST),
        (">= 80", "80", Qualifier.AT_LEAST),
        ("80 trở lên", "80", Qualifier.AT_LEAST),
        ("không quá 80", "80", Qualifier.AT_MOST),
        ("dưới 80", "80", Qualifier.UNDER),
    ],
)
def test_the_qualifier_is_kept(typed, amount, qualifier):
    assert understood(typed) == Understood(value=quantity(amount), qualifier=qualifier)


@pytest.mark.parametrize(
    ("typed", "low", "high", "unit"),
    [
        ("30-40%", 30, 40, "%"),
        ("30–40 %", 30, 40, "%"),
        ("30-40 tấn", 30, 40, "tan"),
        ("từ 30 đến 40 tấn", 30, 40, "tan"),
    ],
)
def test_a_range_keeps_both_ends(typed, low, high, unit):
    found = understood(typed)
    assert (found.value, found.upper) == (quantity(low, unit), quantity(high, unit))
    assert found.qualifier == Qualifier.BETWEEN


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1.5 tấn", [quantity("1.5", "tan")]),
        ("12.75", [quantity("12.75")]),
        ("1,500", [quantity("1.5"), quantity("1500")]),
        ("1,050 kg", [quantity("1.05", "kg"), quantity("1050", "kg")]),
        ("5 ta", [quantity(5, "ta"), quantity(5, "ta_dozen")]),
        ("3 ta ruoi", [quantity("3.5", "ta"), quantity("3.5", "ta_dozen")]),
        ("5 sào", [quantity(5, "sao_bac"), quantity(5, "sao_trung")]),
        ("2 mẫu", [quantity(2, "mau_bac"), quantity(2, "mau_trung"), quantity(2, "mau_nam")]),
        ("3 công", [quantity(3, "cong"), quantity(3, "cong_lon")]),
        ("5 chục", [quantity(5, "chuc"), quantity(5, "chuc_12")]),
        ("5 chục trứng", [quantity(5, "chuc"), quantity(5, "chuc_12")]),
        ("20 can", [quantity(20, "can"), quantity(20, "kg")]),
        ("5 bo", [quantity(5, "bo"), quantity(5, "chiec")]),
        ("1 tấn 2", [quantity("1.2", "tan"), quantity("1.002", "tan")]),
        ("1 mẫu 2 sào", [quantity("1.2", "mau_bac"), quantity("1.2", "mau_trung")]),
    ],
)
def test_what_may_mean_several_things_is_asked_back(typed, meant):
    assert readings(typed) == meant


def test_a_question_says_what_it_is_about():
    assert read_quantity("1,500", language="vi").why == Why.NUMBER
    assert read_quantity("5 ta", language="vi").why == Why.UNIT


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1,500", quantity(1500)),
        ("1.5", quantity("1.5")),
        ("1,500.5 kg", quantity("1500.5", "kg")),
        ("200 cartons x 10 kg", quantity(200, "thung", (10, "kg"))),
        ("3 tonnes", quantity(3, "tan")),
        ("half a tonne", None),
    ],
)
def test_english_is_read_in_its_own_manner(typed, meant):
    found = read_quantity(typed, language="en")
    assert found == Understood(value=meant) if meant else isinstance(found, Refusal)


def test_english_pages_ask_about_vietnamese_thousands():
    assert readings("1.500", "en") == [quantity("1.5"), quantity(1500)]
    assert readings("15.587 tấn", "en") == [quantity("15.587", "tan"), quantity(15587, "tan")]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", No.EMPTY),
        ("\u200b \u00a0", No.EMPTY),
        ("-5", No.NEGATIVE),
        ("\u22125 kg", No.NEGATIVE),
        ("NaN", No.NO_NUMBER),
        ("vài tấn", No.NO_NUMBER),
        ("1e9", No.NOT_UNDERSTOOD),
        ("1_000", No.NOT_UNDERSTOOD),
        ("1.50.0", No.NOT_UNDERSTOOD),
        ("1..5", No.NOT_UNDERSTOOD),
        ("1.2,3.4", No.NOT_UNDERSTOOD),
        ("1/2 tấn", No.NOT_UNDERSTOOD),
        ("5 tấn cam", No.NOT_UNDERSTOOD),
        ("10²", No.FOREIGN_DIGITS),
        ("١٢", No.FOREIGN_DIGITS),
        ("\uff11\uff12", No.FOREIGN_DIGITS),
        ("9" * 24, No.TOO_LARGE),
        ("9" * 100, No.NOT_UNDERSTOOD),
        ("9" * 10_000_000, No.TOO_LONG),
        ("1 " * 60, No.TOO_LONG),
    ],
)
def test_what_is_no_quantity_is_refused_with_its_reason(typed, why):
    assert read_quantity(typed, language="vi").why == why


def test_a_refusal_names_the_word_that_stands_in_the_way():
    assert read_quantity("5 tấn cam", language="vi").facts == {"part": "cam"}


def test_every_unit_is_read_back_by_its_label():
    units = vocabulary()
    for code, unit in units.by_code.items():
        assert units.named(unit.label_vi) == [code], unit.label_vi
        assert units.named(unit.label_en, language="en") == [code], unit.label_en


@given(
    amount=st.decimals(min_value=Decimal("0.001"), max_value=Decimal(10**9), places=3),
    unit=st.sampled_from([None, "%", *vocabulary().by_code]),
    language=st.sampled_from(["vi", "en"]),
)
@settings(max_examples=150)
def test_what_is_written_is_read_back(amount, unit, language):
    value = Quantity(amount=amount, unit=unit)
    assert read_quantity(write_quantity(value, language=language), language=language) == (
        Understood(value=value)
    )


@given(packs=st.integers(1, 10**6), held=st.decimals(Decimal("0.001"), 10**5, places=3))
@settings(max_examples=50)
def test_packs_are_read_back(packs, held):
    value = quantity(packs, "thung", (held, "kg"))
    assert understood(write_quantity(value, language="vi")).value == value


@given(st.sampled_from(["1,5 tấn", "hai tấn rưỡi", "2 tấn 3 tạ", "20 thùng x 5 lít", "3 lạng"]))
def test_without_accents_the_meaning_is_among_the_readings(typed):
    meant = understood(typed).value
    bare = fold(typed.replace(",", "_")).replace(" ", " ") if "," not in typed else "1,5 tan"
    found = read_quantity(bare, language="vi")
    options = found.readings if isinstance(found, Question) else (found,)
    assert meant in [option.value for option in options]


@given(typed=ANY_TEXT, language=st.sampled_from(["vi", "en"]))
@settings(max_examples=150)
def test_no_text_raises_and_forms_agree(typed, language):
    composed = read_quantity(unicodedata.normalize("NFC", typed), language=language)
    decomposed = read_quantity(unicodedata.normalize("NFD", typed), language=language)
    assert composed == decomposed
