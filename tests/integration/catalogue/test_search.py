"""Finding categories by what people type."""

from __future__ import annotations

import unicodedata

import pytest

from core.catalogue import selectors

pytestmark = pytest.mark.usefixtures("catalogue")


def codes(text, **options):
    return [category.code for category in selectors.search_categories(text, **options)]


@pytest.mark.parametrize("text", [
    "chả mực", "cha muc", "CHẢ MỰC", unicodedata.normalize("NFD", "chả mực"), "  Chả   mực ",
])  # fmt: skip
def test_one_product_however_it_is_typed(text):
    assert codes(text)[0] == "B08-cha-muc"


@pytest.mark.parametrize(("text", "code"), [
    ("vải", "B01-vai"), ("dứa", "B01-dua"), ("dừa xiêm", "B01-dua-trai"),
    ("dưa hấu", "B01-dua-hau"),
    ("sữa", "B02-sua"), ("sứa", "B08-sua-sua"), ("ngán", "B02-ngan"), ("ngan", "B02-ngan-xiem"),
    ("hồng", "B01-hong"), ("hoa hồng", "B23-hoa-cat-canh"), ("hồng trà", "B11-che-den-olong"),
    ("bơ", "B01-bo"), ("bò", "B02-trau-bo"), ("na Đông Triều", "B01-na"),
    ("miến dong Bình Liêu", "B06-mien-dong"), ("squid", "B08-cha-muc"), ("orange", "B01-cam"),
    ("cam vân đồn", "B01-cam"), ("tra hoa vang", "B12-tra-hoa-vang"),
])  # fmt: skip
def test_accents_decide_where_they_are(text, code):
    assert codes(text)[0] == code


def test_other_accents_than_typed_are_not_offered_beside_the_right_ones():
    assert "B02-ngan-xiem" not in codes("ngán")
    assert "B01-dua-trai" not in codes("dứa")


@pytest.mark.parametrize(("text", "code"), [
    ("mứt dừa", "B07-mut-o-mai"), ("mứt gừng", "B07-mut-o-mai"), ("trà hoa hồng", "B12-tra-hoa"),
    ("rượu mơ Yên Tử", "B15-ruou-mo"), ("nước ép cam", "B17-nuoc-ep"), ("ruốc cá hồi", "B08-ruoc"),
    ("chả cá thu", "B08-cha-ca"), ("chuối sấy dẻo", "B07-hoa-qua-say"), ("mực khô", "B08-muc-kho"),
    ("bột sắn dây Uông Bí", "B07-bot-san-day"), ("tinh dầu bưởi", "B20-tinh-dau"),
    ("kẹo lạc", "B07-keo-banh-dau"), ("mật ong hoa nhãn", "B04-mat-ong"),
    ("nước mắm sá sùng", "B09-nuoc-mam"), ("cá thu một nắng", "B08-ca-kho-say"),
    ("muc kho co to", "B08-muc-kho"),
])  # fmt: skip
def test_form_beats_ingredient(text, code):
    assert codes(text)[0] == code


def test_flavour_is_not_the_product():
    assert "B01-dua-trai" not in codes("kẹo lạc vị dừa xiêm")


@pytest.mark.parametrize("text", ["phi lê", "Thăng Long", "Hồng Gai xyz", "", "🙂"])
def test_word_of_another_meaning_is_not_a_product(text):
    found = codes(text)
    assert not {"B01-le", "B01-thanh-long", "B01-hong"} & set(found[:1])


def test_longer_term_explains_its_words():
    assert codes("cá hồi Sa Pa")[0] == "B02-ca-nuoc-lanh"
    assert codes("ca tra")[0] == "B02-ca-nuoc-ngot"


def test_beginning_of_a_word_is_enough():
    assert "B08-cha-muc" in codes("chả m")


def test_groups_are_found_unless_only_leaves_are_wanted():
    assert "B23" in codes("hoa", limit=50)
    assert "B23" not in codes("hoa", limit=50, leaves_only=True)


def test_number_of_hits_is_limited():
    assert len(codes("c", limit=3)) == 3


def test_change_of_a_category_is_found_at_once():
    category = selectors.category_by_code("B01-cam")
    category.synonyms = [*category.synonyms, "quả thử nghiệm"]
    category.save()
    assert codes("thử nghiệm") == ["B01-cam"]


def test_page_answers_options_or_json_as_asked(client):
    html = client.get("/catalogue/search/", {"q": "cha muc", "leaves": "1"}).content.decode()
    assert html.index('data-code="B08-cha-muc"') < html.index('data-code="B08-gio-cha"')
    answer = client.get(
        "/catalogue/search/", {"q": "cha muc"}, headers={"accept": "application/json"}
    )
    assert answer.json()["results"][0] == {
        "id": selectors.category_by_code("B08-cha-muc").pk, "code": "B08-cha-muc",
        "name": "Chả mực", "unit": "kg", "storage": "frozen",
        "group": "Chế biến từ thịt, trứng, sữa, thủy sản, các sản phẩm từ mật ong, "
        "mật khác và nông sản thực phẩm khác",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "zzzz", "a" * 100_000, "<script>"])
def test_page_survives_nonsense(client, text):
    response = client.get("/catalogue/search/", {"q": text})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


def test_api_gives_the_tree_in_order_and_search_by_words(client):
    rows = client.get("/api/v1/categories").json()
    assert len(rows) == 362
    assert rows[0]["code"] == "G1"
    hits = client.get("/api/v1/categories", {"q": "cam vân đồn", "level": "leaf"}).json()
    assert hits[0]["code"] == "B01-cam"
    assert client.get("/api/v1/categories/B01-cam").json()["unit_code"] == "kg"
    assert client.get("/api/v1/categories/nothing").status_code == 404


def test_api_gives_units_with_exact_factors(client):
    units = {row["code"]: row for row in client.get("/api/v1/units").json()}
    assert float(units["lang"]["to_base"]) == 0.1
    assert units["thung"]["to_base"] is None
