"""Reading product names: the labelled list, the traps, and what holds of any text."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue.classifier import BAR, classify, extended, term_in, term_key
from core.catalogue.classifier.verdict import Basis, Doubt

NAMES = Path(__file__).parent / "product_names.csv"


def rows(half: str) -> list[dict[str, str]]:
    with NAMES.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["half"] == half]


LABELLED = [*rows("build"), *rows("held_out")]
SOME_NAMES = st.sampled_from([row["name"] for row in LABELLED])


def stripped(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in bare if not unicodedata.combining(c))


@pytest.fixture
def code(vocabulary):
    """Code asserted for a name, None where a person chooses."""
    return lambda name: classify(name, vocabulary=vocabulary).code


def outcomes(labelled, code) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in labelled:
        said, wanted = code(row["name"]), row["category_code"]
        refused = "silent" if not wanted else "refused"
        found[refused if said is None else "right" if said == wanted else "wrong"] += 1
    return found


def test_most_names_of_the_half_the_rules_never_saw_are_read_rightly(code):
    found = outcomes(rows("held_out"), code)
    answered = found["right"] + found["wrong"]
    assert found["right"] / answered >= 0.95
    assert found["wrong"] <= found["refused"]
    assert answered / (answered + found["refused"]) >= 0.9


def test_without_accents_wrong_answers_stay_rarer_than_refusals(code):
    plain = [{**row, "name": stripped(row["name"])} for row in LABELLED]
    found = outcomes(plain, code)
    assert found["wrong"] <= found["refused"]
    assert found["right"] >= 0.75 * len(LABELLED)


@pytest.mark.parametrize("write", [
    str.upper, str.lower, str.title, lambda text: unicodedata.normalize("NFD", text),
    lambda text: f"  {text} (hộp 500 g) ", lambda text: f"{text} OCOP 4 sao",
], ids=["upper", "lower", "title", "nfd", "packed", "starred"])  # fmt: skip
def test_the_way_of_writing_changes_nothing(code, write):
    changed = [r["name"] for r in LABELLED[::3] if code(write(r["name"])) != code(r["name"])]
    assert changed == []


@pytest.mark.parametrize(("name", "wanted"), [
    ("Mứt dừa", "B07-mut-o-mai"), ("Trà hoa hồng", "B12-tra-hoa"), ("Rượu mơ", "B15-ruou-mo"),
    ("Nước ép cam", "B17-nuoc-ep"), ("Ruốc cá hồi", "B08-ruoc"), ("Chả cá thu", "B08-cha-ca"),
    ("Cá thu Cô Tô một nắng", "B08-ca-kho-say"), ("Mực 1 nắng", "B08-muc-kho"),
    ("Vải thiều Lục Ngạn sấy khô", "B07-vai-say"), ("Khô cá lóc", "B08-ca-kho-say"),
])  # fmt: skip
def test_form_beats_ingredient(code, name, wanted):
    assert code(name) == wanted


@pytest.mark.parametrize(("name", "wanted"), [
    ("Chả mực chay", "B07-do-chay"), ("Tôm chay hữu cơ", "B07-do-chay"),
    ("Bánh chưng chay", "B06-banh-chung"), ("Gà chạy bộ", "B02-ga"),
    ("Cơm cháy", "B06-com-com-chay"), ("Ba kích viên nang", "B18-vien-tpcn"),
])  # fmt: skip
def test_an_imitation_or_a_pill_is_not_what_it_is_named_after(code, name, wanted):
    assert code(name) == wanted


@pytest.mark.parametrize(("name", "wanted"), [
    ("Tỏi ta khô", "B01-toi-cu"), ("Mực khô", "B08-muc-kho"), ("Đèn lồng tre", "B21-giay-den-long"),
    ("Giỏ tre", "B21-may-tre-dan"), ("Miến lươn ăn liền", "B05-chao-an-lien"),
    ("Miến ngan", "B05-chao-an-lien"), ("Miến dong Bình Liêu", "B06-mien-dong"),
    ("Rượu Mẫu Sơn", "B14-ruou-gao"), ("Khăn quàng dệt Zèng", "B22-tho-cam"),
])  # fmt: skip
def test_what_a_thing_is_made_of_or_how_it_is_kept_does_not_rename_it(code, name, wanted):
    assert code(name) == wanted


@pytest.mark.parametrize(("name", "wanted"), [
    ("Củ cà rốt", "B01-ca-rot"), ("Rau bó xôi", "B01-rau-cai"), ("Trái cây dứa", "B01-dua"),
    ("Rau sạch Đông Triều", "B01-rau-an-la"), ("Xôi gấc", "B05-do-an-lien-khac"),
])  # fmt: skip
def test_a_word_for_many_things_gives_way_to_the_thing_behind_it(code, name, wanted):
    assert code(name) == wanted


@pytest.mark.parametrize(("name", "wanted"), [
    ("Kẹo lạc vị sầu riêng", "B07-keo-banh-dau"), ("Bánh quy vị dừa", "B06-banh-nuong"),
    ("Kẹo dừa (sữa, sầu riêng, lá dứa)", "B07-keo-banh-dau"),
])  # fmt: skip
def test_flavours_and_ingredients_in_brackets_do_not_decide(code, name, wanted):
    assert code(name) == wanted


@pytest.mark.parametrize("name", [
    "Bình Minh", "HTX Toàn Dân số 1", "Công ty TNHH Hoa Quả Việt", "Thăng Long", "Hồng Gai",
    "Lê Gia", "Sơn Trà", "Cam kết chất lượng", "OCOP 4 sao", "500 g", "", "🙂", "()", "vị",
])  # fmt: skip
def test_a_brand_a_place_or_nothing_is_no_product(code, name):
    assert code(name) is None


@pytest.mark.parametrize(("name", "wanted"), [
    ("Chè Đường Hoa", "B11-che-xanh"), ("Gà Tiên Yên", "B02-ga"), ("Thanh long", "B01-thanh-long"),
    ("Yến sào", "B04-yen-tho"), ("Cá phi lê", "B08-ca-che-bien"), ("Gạo Hồng Gai", "B03-gao-te"),
])  # fmt: skip
def test_places_do_not_count(code, name, wanted):
    assert code(name) == wanted


@pytest.mark.parametrize(("names", "codes"), [
    (("dứa", "dừa", "dưa hấu"), ("B01-dua", "B01-dua-trai", "B01-dua-hau")),
    (("bơ", "bò"), ("B01-bo", "B02-trau-bo")),
    (("ngán biển", "ngan đen"), ("B02-ngan", "B02-ngan-xiem")),
    (("sữa bò tươi", "sứa"), ("B02-sua", "B08-sua-sua")),
    (("cốm", "cơm cháy"), ("B06-com-com-chay", "B06-com-com-chay")),
    (("cá khô", "cá kho"), ("B08-ca-kho-say", "B08-ca-kho")),
])  # fmt: skip
def test_accents_decide(code, names, codes):
    assert tuple(map(code, names)) == codes


@pytest.mark.parametrize("name", ["bo", "dua", "ngan", "vai", "ca kho", "rượu nếp", "Măng Kim Bôi"])
def test_what_may_be_several_things_is_asked_with_alternatives(vocabulary, name):
    verdict = classify(name, vocabulary=vocabulary)
    assert verdict.code is None
    assert verdict.candidates
    assert verdict.confidence < BAR


@pytest.mark.parametrize(("name", "wanted"), [
    ("Chảmực Hạ Long", "B08-cha-muc"), ("Mật ongg rừng", "B04-mat-ong"),
    ("Trnà tâm sen", "B12-tra-thao-moc"), ("Bánh trágn", "B06-banh-da"),
    ("Yến chưnh hạt sen", "B08-yen-che-bien"), ("Nem99 Kinh Bắc", "B08-nem-chua"),
])  # fmt: skip
def test_one_typing_error_is_put_right(code, name, wanted):
    assert code(name) == wanted


@pytest.mark.parametrize("name", ["Mtứ dừa sáp", "Tà cà gai leo", "Chả ực", "Rượu ơm Yên Tử"])
def test_an_error_that_would_change_the_answer_is_asked_about(vocabulary, name):
    verdict = classify(name, vocabulary=vocabulary)
    assert verdict.code is None
    assert Doubt.ONE_LETTER in verdict.best.doubts


@pytest.mark.parametrize(("name", "wanted"), [
    ("Dried mango 100g", "B07-hoa-qua-say"), ("Orange juice 1L", "B17-nuoc-ep"),
    ("Green tea", "B11-che-xanh"), ("Fish sauce", "B09-nuoc-mam"), ("Frozen shrimp",
    "B08-thuy-san-che-bien"), ("Best quality", None),
])  # fmt: skip
def test_plain_english_is_read(code, name, wanted):
    assert code(name) == wanted


def test_goods_of_several_kinds_get_no_kind(code):
    assert code("Trà hoa vàng + mật ong") is None
    assert code("Combo quà Tết: miến dong, mật ong") is None


def test_the_set_may_be_clear_where_the_kind_is_not(vocabulary):
    verdict = classify("bò kho", vocabulary=vocabulary)
    assert (verdict.code, verdict.set_code) == (None, "B08")


def test_the_reason_is_said(vocabulary):
    best = classify("mut bi xanh", vocabulary=vocabulary).best
    assert best.basis in {Basis.FORM, Basis.TERM}
    assert Doubt.NO_ACCENTS in best.doubts
    assert "mứt" in best.why


def test_an_approved_synonym_is_read_and_the_files_vocabulary_stays(vocabulary):
    more = extended(vocabulary, terms={"B06-banh-truyen-thong": ["cắm đoòng"], "nothing": ["x"]})
    assert classify("Cắm Đoòng Hải Hà", vocabulary=more).code == "B06-banh-truyen-thong"
    assert classify("Cắm Đoòng Hải Hà", vocabulary=vocabulary).code is None


@pytest.mark.parametrize(("name", "term"), [
    ("Bánh Cắm Đoòng Hạ Long (hộp 500 g)", "bánh cắm đoòng"), ("Cooc mò loại 1", "cooc mò"),
    ("HTX", ""), ("500g", ""), ("🙂", ""),
])  # fmt: skip
def test_what_is_remembered_of_a_name_leaves_places_and_packing_out(vocabulary, name, term):
    assert term_in(name, vocabulary=vocabulary) == term


def test_equal_terms_have_equal_keys():
    assert term_key("hoà bình") == term_key(unicodedata.normalize("NFD", "HÒA  BÌNH"))
    assert term_key("cá") != term_key("cà")


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=80))
def test_any_text_is_read_alike_in_both_normal_forms(vocabulary, text):
    verdict = classify(unicodedata.normalize("NFC", text), vocabulary=vocabulary)
    assert classify(unicodedata.normalize("NFD", text), vocabulary=vocabulary) == verdict
    assert 0 <= verdict.confidence <= 1
    assert len(term_key(term_in(text, vocabulary=vocabulary))) <= 500


@settings(max_examples=120, deadline=None)
@given(name=SOME_NAMES, tail=st.sampled_from(["", " Hạ Long", " 500g", " loại 1", " Bình Liêu"]))
def test_without_accents_never_another_kind_is_asserted(vocabulary, name, tail):
    accented = classify(name + tail, vocabulary=vocabulary).code
    plain = classify(stripped(name + tail), vocabulary=vocabulary).code
    assert plain is None or accented is None or plain == accented


@settings(max_examples=60, deadline=None)
@given(noise=st.text(max_size=10_000), name=SOME_NAMES)
def test_noise_around_a_name_never_raises(vocabulary, noise, name):
    assert classify(f"{noise} {name} {noise}", vocabulary=vocabulary).confidence <= 1
