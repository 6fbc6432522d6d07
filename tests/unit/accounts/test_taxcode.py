"""Tax codes: the three forms, however they are typed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.exceptions import ValidationError
from stdnum.vn import mst

from core.accounts.taxcode import TaxCodeError, TaxCodeForm, check_digit, mask, parent_of, parse

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    "typed",
    [
        "0100233488",
        " 0100233488 ",
        "01 0023 3488",
        "01.00.233.488",
        "0100-233-488",
        "0100\u2013233\u2013488",
        "\uff10\uff11\uff10\uff10\uff12\uff13\uff13\uff14\uff18\uff18",
        "0100\u00a0233\u00a0488",
    ],
)
def test_a_company_code_is_read_however_it_is_typed(typed):
    found = parse(typed, today=TODAY)
    assert (found.value, found.form) == ("0100233488", TaxCodeForm.COMPANY)


@pytest.mark.parametrize("typed", ["0314409058-002", "0314409058002", "0314 409 058 - 002"])
def test_a_branch_code_is_stored_with_its_dash_and_belongs_to_its_parent(typed):
    found = parse(typed, today=TODAY)
    assert (found.value, found.form) == ("0314409058-002", TaxCodeForm.BRANCH)
    assert found.parent == "0314409058"


def test_a_company_code_is_its_own_parent():
    assert parent_of("0100233488") == "0100233488"


@pytest.mark.parametrize("typed", ["022085001234", "001301123456", "096226999999"])
def test_a_twelve_digit_code_is_accepted_without_a_check_digit(typed):
    assert parse(typed, today=TODAY).form is TaxCodeForm.PERSON


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("000085001234", "province 000"),
        ("097085001234", "province beyond 096"),
        ("022485001234", "a century that has not begun"),
        ("022227001234", "born next year"),
    ],
)
def test_a_twelve_digit_code_no_person_can_have_is_refused(typed, why):
    with pytest.raises(TaxCodeError):
        parse(typed, today=TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "0100233480",
        "0100000000",
        "0314409058-000",
        "123",
        "01002334881",
        "0100233488123456",
        "O100233488",
        "0100233488x",
        "\u0660\u0661\u0660\u0660\u0662\u0663\u0663\u0664\u0668\u0668",
        "\u00b2100233488",
        "null",
    ],
)
def test_what_is_no_tax_code_is_refused(typed):
    with pytest.raises(TaxCodeError):
        parse(typed, today=TODAY)


@given(st.from_regex(r"\A[0-9]{10}\Z"))
def test_company_codes_agree_with_python_stdnum(digits):
    expected = True
    try:
        mst.validate(digits)
    except ValidationError:
        expected = False
    found = True
    try:
        parse(digits, today=TODAY)
    except TaxCodeError:
        found = False
    assert found == expected


def test_a_code_whose_check_would_be_ten_does_not_exist():
    beginnings = [f"57{n:07d}" for n in range(1, 400)]
    without = [nine for nine in beginnings if check_digit(nine) is None]
    assert without
    for nine in without:
        for last in "0123456789":
            with pytest.raises(TaxCodeError):
                parse(nine + last, today=TODAY)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("5701234567", "•••••••567"),
        ("0314409058-002", "••••••••••002"),
        ("022085001234", "•••••••••234"),
        ("12", "••"),
        ("", ""),
    ],
)
def test_masking_leaves_the_last_three_digits(value, shown):
    assert mask(value) == shown


@given(st.text(max_size=60))
def test_any_text_is_either_read_or_refused_with_words(typed):
    words = "read"
    try:
        parse(typed, today=TODAY)
    except TaxCodeError as error:
        words = str(error.message)
    assert words
