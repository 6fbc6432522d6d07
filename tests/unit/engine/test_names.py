"""Names of products, however they are typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import strategies as st

from matchmaking.engine.names import normalised, signature_bytes, signatures, similarity, trigrams
from tests.unit.engine.strategies import for_all


def alike(left: str, right: str) -> float:
    pair = signatures([left, right])
    return float(similarity(pair[:1], pair[1:])[0])


@pytest.mark.parametrize(
    "typed",
    ["cha muc", "CHẢ MỰC", unicodedata.normalize("NFD", "Chả mực"), "  chả—mực ", "Chả mực 500g"],
)
def test_product_is_one_name_however_it_is_typed(typed):
    assert normalised(typed) == "cha muc"
    assert alike(typed, "Chả mực") == 1.0


def test_crossed_d_folds_to_d():
    assert normalised("ĐƯỜNG đen") == "duong den"


@pytest.mark.parametrize("label", ["hộp 1,5 kg", "hộp 500 gram", "hộp loại 1", "hộp loại đặc biệt"])
def test_pack_size_and_grade_are_not_part_of_the_name(label):
    assert normalised(label) == "hop"


def test_numbers_that_are_no_pack_size_stay():
    assert normalised("Rượu ba kích 29 độ") == "ruou ba kich 29 do"


def test_trigrams_are_those_of_pg_trgm():
    assert trigrams("mực") == {"  m", " mu", "muc", "uc "}


def test_signature_is_the_same_on_every_machine():
    bits = int.from_bytes(signature_bytes("chả mực"), "little")

    assert [at for at in range(512) if bits >> at & 1] == [10, 48, 181, 252, 261, 420, 427, 434]


def test_unlike_names_share_little_and_empty_ones_nothing():
    assert alike("Chả mực", "Cam Vân Đồn") < 0.1
    assert alike("", "") == 0.0
    assert alike("chả mực", "!!!") == 0.0


def test_one_typo_still_looks_alike():
    assert alike("Chả mực Hạ Long", "Chả mục Hạ Lonng") > 0.6


@for_all(st.text(max_size=20), st.text(max_size=20))
def test_likeness_is_symmetric_within_range_and_full_with_itself(left, right):
    assert alike(left, right) == alike(right, left)
    assert 0.0 <= alike(left, right) <= 1.0
    assert alike(left, left) == (1.0 if trigrams(left) else 0.0)
