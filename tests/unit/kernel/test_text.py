"""Vietnamese text as people type it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.text import clean, clean_lines, fold, has_visible_text


@pytest.mark.parametrize(
    "typed",
    ["Chả mực", "cha muc", "CHẢ MỰC", unicodedata.normalize("NFD", "Chả mực"), "  chả   mực "],
)
def test_cha_muc_is_found_however_it_is_typed(typed):
    assert fold(typed) == "cha muc"


def test_barred_d_folds_to_d_and_old_and_new_tone_places_are_one():
    assert fold("Đắk Lắk") == "dak lak"
    assert fold("hòa") == fold("hoà")


@given(st.text())
def test_cleaning_twice_changes_nothing_more_and_leaves_nothing_invisible(text):
    once = clean(text)

    assert clean(once) == once
    assert once == unicodedata.normalize("NFC", once)
    assert not any(c in once for c in "\x00\u200b\u202e\r\n\u2028")


def test_clean_keeps_emoji_families_whole():
    family = "👨\u200d👩\u200d👧"

    assert clean(f" {family} ") == family


def test_clean_lines_keeps_breaks_but_no_heap_of_them():
    assert clean_lines("một\r\n\n\n\nhai\u200b ") == "một\n\nhai"


@pytest.mark.parametrize("nothing", ["", "  ", "\u200b\u200b", "\u00a0", "---", "\u202e"])
def test_text_of_nothing_visible_is_recognised(nothing):
    assert not has_visible_text(nothing)
