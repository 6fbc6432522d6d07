"""What was typed into a search box, in the forms rows are compared with."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.query import (
    LONGEST_TEXT,
    MOST_WORDS,
    kept_parts,
    near_misses,
    near_pattern,
    read_query,
    split_readings,
    tone_spellings,
)


@pytest.mark.parametrize(
    "typed", ["chả mực", "CHẢ  MỰC", unicodedata.normalize("NFD", "Chả mực"), "chả, \u200bmực!"]
)
def test_words_are_folded_however_they_are_typed(typed):
    assert read_query(typed).words == ("cha", "muc")


def test_accents_are_kept_beside_the_folded_words():
    query = read_query("Cá Đuối")
    assert (query.phrase, query.spellings, query.has_accents) == ("ca duoi", ("cá đuối",), True)
    assert not read_query("ca duoi").has_accents


@pytest.mark.parametrize(
    ("one", "other"),
    [("hòa bình", "hoà bình"), ("thúy", "thuý"), ("khỏe", "khoẻ"), ("thủy", "thuỷ")],
)
def test_the_tone_may_stand_on_either_vowel(one, other):
    assert set(tone_spellings(one)) == {one, other} == set(tone_spellings(other))


@pytest.mark.parametrize("text", ["hoàn", "quý", "mực", "huế", "toán", "hoa", ""])
def test_the_tone_stays_where_only_one_place_is_right(text):
    assert tone_spellings(text) == (text,)


def test_the_spellings_of_a_long_text_stay_few():
    assert len(tone_spellings("hòa " * 40)) == 8


@pytest.mark.parametrize("near", ["muc", "mu", "mauk", "umk", "buk", "muka"])
def test_a_near_miss_has_one_letter_wrong_missing_surplus_or_swapped(near):
    assert near in near_misses("muk")


@pytest.mark.parametrize("word", ["muk", "duong", "ruou"])
def test_the_pattern_fits_the_word_and_its_near_misses_alone(word):
    near = {word, *near_misses(word)}
    assert all(re.fullmatch(near_pattern(word), one) for one in near)
    far = {f"{one[:-1]}{letter}{letter}" for one in near for letter in "az"} - near
    assert not any(re.fullmatch(near_pattern(word), one) for one in far)
    assert all(any(part in one for part in kept_parts(word)) for one in near)


@pytest.mark.parametrize("word", ["ha", "500", "x" * 17, "4sao"])
def test_short_words_and_figures_have_no_near_misses(word):
    assert near_misses(word) == []
    assert near_pattern(word) == ""


def test_a_space_may_be_lost_or_put_in():
    assert ("ha", "long") in split_readings(("halong",))
    assert ("halong",) in split_readings(("ha", "long"))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("893-4567 890123", "8934567890123"),
        ("0101234567 001", "0101234567-001"),
        ("123456/qđ-ubnd", "123456/QĐ-UBND"),
        ("０１０１２３４５６７", "0101234567"),
    ],
)
def test_codes_are_read_in_the_ways_they_are_stored(typed, code):
    assert code in read_query(typed).codes


@pytest.mark.parametrize("typed", ["chả mực", "túi 500 g", "4 sao", "2026"])
def test_words_with_few_figures_are_no_code(typed):
    assert read_query(typed).codes == ()


@pytest.mark.parametrize("typed", ["", "  ", "%_\\", "…—!", "\u202e\u200f", "🎉🎉", "\x00"])
def test_signs_alone_say_nothing(typed):
    assert read_query(typed).says_nothing


@given(st.text(max_size=60))
def test_any_text_is_read_the_same_in_both_normal_forms(typed):
    query = read_query(unicodedata.normalize("NFC", typed))
    assert query == read_query(unicodedata.normalize("NFD", typed))
    assert len(query.words) <= MOST_WORDS
    assert len(query.spellings) <= 8


def test_ten_megabytes_are_cut_before_they_are_looked_at():
    query = read_query("chả mực " * 1_000_000)
    assert query.words == ("cha", "muc")
    assert len(query.phrase) <= LONGEST_TEXT
