"""Barcodes: length and check digit."""

from __future__ import annotations

import pytest

from producers.services.products import checked_gtin


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("8936000000011", "8936000000011"),
        ("8936 0000 0001 1", "8936000000011"),
        ("893-6000000011", "8936000000011"),
        ("96385074", "96385074"),
        ("036000291452", "036000291452"),
        ("00012345600012", "00012345600012"),
    ],
)
def test_a_barcode_with_right_length_and_check_digit_is_kept_as_digits(typed, stored):
    assert checked_gtin(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "8936000000012",
        "893600000001",
        "1",
        "",
        "abc",
        "８９３６００００００００１１",
        "893600000001X",
    ],
)
def test_a_barcode_with_wrong_length_check_digit_or_letters_is_refused(typed):
    assert checked_gtin(typed) is None
