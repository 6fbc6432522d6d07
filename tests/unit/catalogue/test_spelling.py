"""Vietnamese words with and without accents."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.selectors.spelling import words_of


@pytest.mark.parametrize("other", ["hoà", "HÒA", unicodedata.normalize("NFD", "hòa"), " hoà "])
def test_the_place_of_the_tone_mark_and_the_form_do_not_matter(other):
    assert words_of("hòa") == words_of(other)


def test_different_tones_and_letters_are_different_words():
    accented = {words_of(text)[0].accented for text in ("dứa", "dừa", "dưa", "đưa", "dua")}
    assert len(accented) == 5


def test_d_with_stroke_folds_to_d():
    assert words_of("Đặc khu")[0].folded == "dac"


def test_words_typed_without_accents_are_plain():
    assert [word.is_plain for word in words_of("cha mực")] == [True, False]


def test_hyphens_and_signs_divide_words():
    assert [word.folded for word in words_of("mắc-ca (Điện Biên)")] == [
        "mac", "ca", "dien", "bien",
    ]  # fmt: skip


@given(st.text())
def test_any_text_is_read_alike_in_both_normal_forms(text):
    assert words_of(unicodedata.normalize("NFD", text)) == words_of(
        unicodedata.normalize("NFC", text)
    )
