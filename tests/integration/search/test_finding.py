"""Which products a search text finds, in which order, and which it never shows."""

from __future__ import annotations

import unicodedata

import pytest
from django.db import connection

from core.accounts.actors import ANONYMOUS, Actor
from core.accounts.models import Organisation
from core.kernel.text import fold
from core.search import (
    Folded,
    FoldedWords,
    SearchTooSlowError,
    find,
    finding,
    limits,
    matching,
)
from producers import selectors
from producers.models import Product
from tests.factories.accounts import OrganisationFactory
from tests.factories.producers import ProductFactory

pytestmark = pytest.mark.django_db


def names(text, queryset=None):
    products = Product.objects.all() if queryset is None else queryset
    found = matching(products, text=text, folded="name_folded", exact="name", codes=["gtin"])
    return [product.name for product in found]


def found_by(text):
    return find(Product.objects.all(), text=text, folded="name_folded", exact="name").found


@pytest.fixture
def shelf():
    for name in (
        "Chả mực Hạ Long", "Cha mực giã tay", "Mực chả trộn", "Chà là sấy", "Cá thu một nắng",
        "Cà pháo muối", "Nước mắm Cái Rồng 100%", "Trà hoa_vàng Ba Chẽ", "Bánh Hoà Lạc",
        "Chả cá thu", "Đậu phụ",
    ):  # fmt: skip
        ProductFactory(name=name)


@pytest.mark.parametrize(
    "typed",
    ["chả mực", "cha muc", "CHẢ MỰC", unicodedata.normalize("NFD", "chả mực"), "muc cha", "cha mu"],
)
def test_a_product_is_found_however_it_is_typed(shelf, typed):
    assert "Chả mực Hạ Long" in names(typed)


@pytest.mark.parametrize(
    "typed",
    ["cha muk ha long", "chha muc ha long", "cah muc long", "chamuc ha long", "cha muc halong"],
)
@pytest.mark.parametrize("large_rows", [-1, 100_000])
def test_one_typing_error_is_forgiven(shelf, monkeypatch, typed, large_rows):
    monkeypatch.setattr(finding, "_LARGE_ROWS", large_rows)
    assert names(typed)[0] == "Chả mực Hạ Long"
    assert "Chả mực Hạ Long" in names("cha muk")


def test_exact_accents_come_before_words_and_words_before_the_rest(shelf):
    assert names("chả mực")[:3] == ["Chả mực Hạ Long", "Mực chả trộn", "Cha mực giã tay"]


@pytest.mark.parametrize(("typed", "first"), [("cá", "cá"), ("cà", "cà"), ("CÀ", "cà")])
def test_accents_as_typed_come_first_even_in_one_word(shelf, typed, first):
    assert first in names(typed)[0].lower().split()
    assert {"Cá thu một nắng", "Cà pháo muối", "Chả cá thu"} <= set(names(typed))


@pytest.mark.parametrize("typed", ["bánh hòa", "bánh hoà", "banh hoa"])
def test_the_tone_of_hoa_may_stand_on_either_vowel(shelf, typed):
    assert names(typed)[0] == "Bánh Hoà Lạc"


def test_the_letter_d_with_a_stroke_is_a_d(shelf):
    assert names("dau phu") == ["Đậu phụ"] == names("ĐẬU")


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'", "🎉", "\u202e", "  ", "\x00"])
def test_hostile_text_finds_nothing_and_breaks_nothing(shelf, typed):
    assert names(typed) == []


@pytest.mark.parametrize("typed", ["100%", "hoa_vàng", "mắm 100"])
def test_signs_among_words_are_spaces(shelf, typed):
    assert len(names(typed)) == 1


def test_one_and_two_letters_are_the_beginning_of_a_word(shelf):
    assert set(names("nu")) == {"Nước mắm Cái Rồng 100%"}
    assert "Bánh Hoà Lạc" in names("b")
    assert "Mực chả trộn" not in names("ro")


def test_a_barcode_is_matched_as_a_whole():
    ProductFactory(name="Miến dong", gtin="8934567890128")
    assert names("893 4567 890128") == ["Miến dong"]
    assert names("8934567890111") == []


def test_names_without_latin_letters_are_found_too():
    ProductFactory(name="莲子")
    assert names("莲子") == ["莲子"] == names("子")


def test_newest_come_first_among_equals_and_pages_agree():
    made = [ProductFactory(name=f"Miến dong {n}").name for n in range(5)]
    assert names("mien dong") == made[::-1]
    hits = find(Product.objects.all(), text="miến", folded="name_folded", exact="name")
    assert [len(hits), hits[0].name] == [5, made[-1]]
    assert [one.name for one in hits[2:4]] == made[2:0:-1]


@pytest.mark.parametrize("typed", ["chả mực", "cha mukk", "mựcc", "ch"])
def test_hidden_rows_stay_hidden_however_near_the_words_come(typed):
    ProductFactory(name="Chả mực ngon")
    ProductFactory(name="Chả mực cũ", is_archived=True)
    ProductFactory(name="Chả mực chờ", producer__organisation=OrganisationFactory(submitted=True))
    assert names(typed, selectors.products_visible_to(ANONYMOUS)) == ["Chả mực ngon"]


def test_what_one_may_see_oneself_is_found():
    mine = ProductFactory(name="Chả mực chờ", producer__organisation__status="submitted")
    owner = Actor(organisation=Organisation.objects.get(pk=mine.producer_id))
    assert names("cha muc", selectors.products_visible_to(owner)) == [mine.name]


def test_common_words_are_ranked_among_the_newest_and_the_list_is_capped(monkeypatch):
    monkeypatch.setattr(finding, "MOST_FOUND", 5)
    monkeypatch.setattr(finding, "ENOUGH", 2)
    monkeypatch.setattr(finding, "_SAMPLE_ROWS", 6)
    old = [ProductFactory(name="Cà kho").name, ProductFactory(name="Cà kho làng").name]
    for n in range(18):
        ProductFactory(name=f"Cá kho {n}")
    assert names("cà kho")[:2] == old[::-1]
    assert names("ca kho")[:2] == ["Cá kho 17", "Cá kho 16"]
    found = found_by("ca kho")
    assert (len(found.keys), found.is_capped, found.is_near) == (5, True, False)


def test_what_is_only_near_is_called_near(shelf):
    assert found_by("cha muk ha long").is_near
    assert not found_by("cha muc ha long").is_near


def test_a_search_that_takes_too_long_says_what_to_do():
    with (
        pytest.raises(SearchTooSlowError),
        limits.time_limit(using="default", milliseconds=20),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT pg_sleep(2)")
    assert _timeout() == "0"
    with limits.time_limit(using="default"):
        assert _timeout() == "3s"
    assert _timeout() == "0"


def _timeout():
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    "text",
    ["Chả mực  HẠ LONG", "ĐẬU phụ (loại 1)", unicodedata.normalize("NFD", "Hoà Bình"), "…", "a_b%"],
)
def test_the_database_folds_as_python_does(text):
    ProductFactory(name="x")
    Product.objects.update(description=text)
    assert Product.objects.values_list(Folded("description"), flat=True).get() == fold(text)


def test_whole_words_and_near_misses_are_answered_by_the_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    words = Product.objects.alias(words=FoldedWords("name_folded"))
    assert "product_words" in words.filter(words__contains=["cha", "muc"]).explain()
    assert "product_words" in words.filter(words__overlap=["muc", "mut"]).explain()
