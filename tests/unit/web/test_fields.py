"""Numbers, đồng, days and words as people type them."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

import buyers.forms
import core.accounts.forms
import core.freight.forms
import fairs.forms
import matchmaking.forms
import producers.forms
from core.web.fields import (
    CleanCharField,
    CleanTextField,
    CountField,
    DayField,
    QuantityField,
)


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [("vi", "1.500,5", "1500.5"), ("en", "1,500.5", "1500.5"), ("vi", "12\u00a0000", "12000")],
)
def test_a_number_means_what_its_reader_means(language, typed, meant):
    with translation.override(language):
        assert QuantityField().clean(typed) == Decimal(meant)


@pytest.mark.parametrize(("language", "typed"), [("vi", "1,500"), ("en", "1.500"), ("vi", "1.5")])
def test_a_number_with_another_reading_is_asked_back(language, typed):
    with translation.override(language), pytest.raises(ValidationError) as refused:
        QuantityField().clean(typed)
    assert refused.value.code == "ambiguous"


@pytest.mark.parametrize("typed", ["abc", "１２", "1_000", "1e5", "NaN", "5 kg", "gần 5", "3-5"])
def test_what_is_no_bare_number_is_refused(typed):
    with pytest.raises(ValidationError):
        QuantityField().clean(typed)


@given(
    value=st.decimals(min_value=Decimal("0.001"), max_value=Decimal(999_999_999), places=3),
    language=st.sampled_from(["vi", "en"]),
)
def test_what_a_field_shows_it_reads_back(value, language):
    with translation.override(language):
        field = QuantityField()
        assert field.clean(field.prepare_value(value)) == value


@pytest.mark.parametrize("typed", ["0", "-1", "1.000.000.001", "1,2345"])
def test_a_quantity_nobody_can_mean_is_refused(typed):
    with translation.override("vi"), pytest.raises(ValidationError):
        QuantityField().clean(typed)


@pytest.mark.parametrize("typed", ["\u200b", "\u00a0 \u2060", "\u202e"])
def test_text_of_invisible_characters_counts_as_empty(typed):
    with pytest.raises(ValidationError):
        CleanCharField().clean(typed)
    assert CleanCharField(required=False).clean(typed) == ""


def test_text_is_stored_in_nfc_with_its_emoji_whole():
    family = "👨\u200d👩\u200d👧"
    assert CleanCharField().clean(unicodedata.normalize("NFD", f"Chả  mực {family}")) == (
        f"Chả mực {family}"
    )


def test_the_length_counts_after_cleaning():
    field = CleanCharField(max_length=200)
    assert len(field.clean("x" * 200 + "\u200b" * 50)) == 200
    with pytest.raises(ValidationError):
        field.clean("x" * 201)
    with pytest.raises(ValidationError):
        field.clean("x" * 5_000_000)


def test_several_lines_keep_their_breaks():
    assert CleanTextField().clean("một \r\nhai\n\n\n\nba") == "một\nhai\n\nba"


@pytest.mark.parametrize("typed", ["21/11/2026", "21-11-2026", "2026-11-21"])
def test_a_day_is_read_day_first_or_as_iso(typed):
    assert DayField().clean(typed) == dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    "typed", ["11/21/2026", "31/02/2027", "0001-01-01", "9999-12-31", "2026", "mai"]
)
def test_a_day_that_cannot_be_meant_is_refused(typed):
    with pytest.raises(ValidationError):
        DayField().clean(typed)


@pytest.mark.parametrize(("typed", "meant"), [("0", 0), ("1.250", 1250), ("365", 365), ("", None)])
def test_a_count_may_begin_at_nothing_and_is_read_with_its_thousands(typed, meant):
    with translation.override("vi"):
        assert CountField(most=2000, least=0, required=False).clean(typed) == meant


@pytest.mark.parametrize(
    ("typed", "why"), [("0", "not_positive"), ("2001", "too_large"), ("1,5", "decimals")]
)
def test_a_count_says_what_to_do(typed, why):
    with translation.override("vi"), pytest.raises(ValidationError) as refused:
        CountField(most=2000).clean(typed)
    assert refused.value.code == why
    assert "Đảm bảo" not in refused.value.messages[0]


def test_too_long_a_text_says_how_much_there_is_to_shorten():
    with translation.override("en"):
        with pytest.raises(ValidationError) as refused:
            CleanCharField(max_length=3).clean("abcd")
        assert refused.value.messages == ["At most 3 characters; this has 4. Shorten it."]


def test_no_figure_people_type_is_refused_in_the_librarys_words():
    """Django's "Ensure this value…" says no more than that something is wrong."""
    modules = (buyers, core.accounts, core.freight, fairs, matchmaking, producers)
    names = tuple(f"{one.forms.__name__}" for one in modules)
    found = [one for one in _below(forms.BaseForm) if one.__module__.startswith(names)]
    links = {"PairForm", "ChainForm", "OneSideForm"}  # a wrong address is no page
    bare = {
        f"{form.__name__}.{name}"
        for form in found
        if form.__name__ not in links
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.IntegerField)
        and not field.widget.is_hidden
        and not {"min_value", "max_value"} <= set(field.error_messages)
    }
    assert len(found) > 20
    assert bare == set()


def _below(kind):
    return {kind}.union(*(_below(one) for one in kind.__subclasses__()))
