"""What the address resolver reads, and what it refuses to say."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest

from core.places.resolver import Resolution, Resolver, load

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver(load())


CERTAIN = {
    "Phường Bãi Cháy, Thành phố Hạ Long, Tỉnh Quảng Ninh": "06673",
    "P.Bãi Cháy, TP.Hạ Long, T.Quảng Ninh": "06673",
    "thon dong xa son duong huyen hoanh bo tinh quang ninh": "07030",
    "BÃI CHÁY - HẠ LONG - QUẢNG NINH": "06673",
    "Quảng Ninh, Hạ Long, Bãi Cháy": "06673",
    "Bãi Cháy, Hạ Long, Quảng Ninh, Việt Nam": "06673",
    "Phường Bãi Cháy, Quảng Ninh": "06673",
    "Phường Hạ Long, Quảng Ninh": "06688",
    "Xã Hạ Long, huyện Vân Đồn, Quảng Ninh": "06994",
    "Xã Hạ Long, Quảng Ninh": "06994",
    "huyện Vân Đồn, Quảng Ninh": "06994",
    "Phường Hà Khẩu (nay là phường Việt Hưng), TP Hạ Long, Quảng Ninh": "06661",
    "P. Hồng Gai (phường Bạch Đằng cũ), TP Hạ Long, Quảng Ninh": "06685",
    "Phường Nguyễn Trung Trực, Ba Đình, Hà Nội": "00004",
    "Phường Thảo Điền, Quận 2, TPHCM": "27094",
    "Phường Phú Hội, TP Huế, Thừa Thiên Huế": "19789",
    "Phường 04, Q.Tân Bình, Tp HCM": "26968",
    "P4, Q. Tân Bình, TPHCM": "26968",
    "Phường IV, Vị Thanh, Hậu Giang": "31333",
    "Xã Quảng Ninh, tỉnh Quảng Trị": "19207",
    "Xã Quảng Ninh, Thanh Hóa": "16540",
    "Phường Bắc Giang, Bắc Ninh": "07210",
    "Phường Kép, Bắc Ninh": "07399",
    "Xã Kép, Bắc Ninh": "07399",
    "Phường Đông Triều, Thành phố Quảng Ninh": "07093",
    "Phừơng Bãi Cháy, Tp Hạ Lonng, Quảng Ninh": "06673",
    "Phường Bãi Cháy, Hạ Long, Qảng Ninh": "06673",
    "Xã Quảng Châu, Hyện Quảng Trạch, Tỉnh Quảng Bình": "19033",
    "Thị trấn Nghĩa Ðàn, huyện Nghĩa Ðàn, Nghệ An": "16941",
    "Bãi Cháy, TP Hạ Long": "06673",
    "Xã Tân Phú Chung, Huyện Củ Chi, TPHCM": "27553",
    "XÃ£ ThÃ\xa0nh SÆ¡n, Huyá»‡n BÃ¡ ThÆ°á»›c, Tá»‰nh Thanh HÃ³a": "14956",
}


@pytest.mark.parametrize(("text", "code"), CERTAIN.items(), ids=CERTAIN)
def test_what_is_said_in_full_is_asserted(resolver: Resolver, text: str, code: str) -> None:
    assert resolver.resolve(text, on=TODAY).commune_code == code


OPEN = {
    "Phường Hà Khẩu, TP Hạ Long, Quảng Ninh": {"06661", "06706"},
    "TX Đông Triều, Quảng Ninh": {"07069", "07081", "07090", "07093", "07114"},
    "Xã Vân Khánh Đôg, Huyện An Minh, Kiên Giang": {"31036"},
    "Thị trấn Ba Tô, huyện Ba Tơ, Quảng Ngãi": {"21484", "21523"},
    "Hạ Long, Quảng Ninh": {"06688", "06673"},
    "P. Tam Bình, Q. Thủ Đức, Hiệp Bình Chánh, Thủ Đức, Hồ Chí Minh": {"26803", "26809"},
    "Xã Quảng Trính, Huyện Hải Hà, Quảng Ninh": {"06922", "06931"},
    "Xã Minh Sơn, Huyện Đ.Lương, Nghệ An": {"17689"},
    "12 Hùng Vương,Phường Chi Lăng, Chi Lăng, Lạng Sơn, Lạng Sơn": {"05983"},
}  # fmt: skip


@pytest.mark.parametrize(("text", "codes"), OPEN.items(), ids=OPEN)
def test_a_doubt_offers_candidates(resolver: Resolver, text: str, codes: set[str]) -> None:
    answer = resolver.resolve(text, on=TODAY)
    if answer.commune_code is None:
        assert codes <= set(answer.candidates)
        assert answer.province_code
    else:
        assert {answer.commune_code} == codes


PROVINCE_ALONE = {
    "Thành phố Quảng Ninh": "22",
    "Bắc Giang": "24",
    "tỉnh Hà Tây": "01",
    "BRVT": "79",
    "TT-Huế": "46",
    "Xã Abcxyz, tỉnh Quảng Ninh": "22",
    "Xã Quảng Ninh, TP Hồ Chí Minh": "79",
}


@pytest.mark.parametrize(("text", "code"), PROVINCE_ALONE.items(), ids=PROVINCE_ALONE)
def test_a_province_alone_brings_no_whole_province(
    resolver: Resolver, text: str, code: str
) -> None:
    answer = resolver.resolve(text, on=TODAY)
    assert (answer.province_code, answer.commune_code) == (code, None)
    assert len(answer.candidates) < 5


SILENT = ["", "   ", "QN", "ĐN", "Hậ Giang", "0912 345 678", "06652", "🙂", "\x00", "Xã Tân Lập"]


@pytest.mark.parametrize("text", SILENT)
def test_what_does_not_tell_the_province_is_given_none(resolver: Resolver, text: str) -> None:
    answer = resolver.resolve(text, on=TODAY)
    assert (answer.province_code, answer.commune_code) == (None, None)


def test_a_conflict_is_told_and_nothing_asserted(resolver: Resolver) -> None:
    elsewhere = resolver.resolve("Xã Vàng San, Huyện Mường Tè, Thành phố Cần Thơ")
    assert (elsewhere.province_code, elsewhere.commune_code) == (None, None)
    assert "conflict" in elsewhere.basis
    assert elsewhere.unread == ("Thành phố Cần Thơ",)
    within = resolver.resolve("Xã Hải Lạng, huyện Đầm Hà, Quảng Ninh")
    assert (within.province_code, within.commune_code) == ("22", None)
    assert "conflict" in within.basis


def typed(answer: Resolution) -> list[str]:
    return [part.typed for part in answer.understood]


def test_what_is_put_right_is_shown_as_it_was_typed(resolver: Resolver) -> None:
    text = "P. Hà Khẩu, TP Hạ Lonng, Quảng Ninh"
    assert typed(resolver.resolve(text)) == ["P. Hà Khẩu", "TP Hạ Lonng", "Quảng Ninh"]
    decomposed = resolver.resolve(unicodedata.normalize("NFD", text))
    assert typed(decomposed)[1] == "TP Hạ Lonng"
    together = resolver.resolve("số 4 P. Hà Khẩu Tp.Hạ  Lonng TỈNH Quảng Ninh (cũ)")
    assert typed(together) == ["P. Hà Khẩu", "Tp.Hạ  Lonng", "TỈNH Quảng Ninh"]
    nowhere = resolver.resolve("Xã Vàng San Huyện Mường Tè, khu 2 Thành phố Cần Thơ 🙂")
    assert nowhere.unread == ("Thành phố Cần Thơ",)


def test_a_name_that_exists_elsewhere_is_no_slip(resolver: Resolver) -> None:
    answer = resolver.resolve("Xã Lương Sơn, Huyện Mỹ Đức, Hà Nội")
    assert answer.commune_code is None
    assert "elsewhere:ward" in answer.basis


def test_columns_are_read_like_text_wherever_the_parts_stand(resolver: Resolver) -> None:
    right = {"ward": "X. Sơn Dương", "district": "H. Hoành Bồ", "province": "Quảng Ninh"}
    assert resolver.resolve(**right).commune_code == "07030"
    assert resolver.resolve(ward=", ".join(right.values())).commune_code == "07030"
    swapped = {"ward": "H. Hoành Bồ", "district": "Quảng Ninh", "province": "Xã Sơn Dương"}
    assert resolver.resolve(**swapped).commune_code == "07030"
    numbers = resolver.resolve(ward="4", district="Tân Bình", province="HCM")
    assert numbers.commune_code == "26968"


def test_a_bare_code_chooses_among_both_maps_and_asserts_nothing(resolver: Resolver) -> None:
    answer = resolver.resolve(ward="6652", province="Quảng Ninh")
    assert (answer.province_code, answer.commune_code) == ("22", None)
    assert "06652" in answer.candidates
    assert answer.basis[0] == "code"


def test_the_same_text_on_the_map_of_another_day(resolver: Resolver) -> None:
    text = "Xã Sơn Dương, TP Hạ Long, Quảng Ninh"
    before = resolver.resolve(text, on=dt.date(2025, 6, 30))
    after = resolver.resolve(text, on=dt.date(2025, 7, 1))
    assert (before.commune_code, after.commune_code) == ("07063", "07030")
    old = resolver.resolve("TP Bắc Giang, tỉnh Bắc Giang", on=dt.date(2025, 6, 30))
    assert old.province_code == "24"
    assert resolver.resolve("tỉnh Bắc Ninh", on=dt.date(2025, 6, 30)).province_code == "27"
    assert resolver.resolve("tỉnh Bắc Ninh", on=dt.date(2025, 7, 1)).province_code == "24"


def test_epoch_and_words_say_what_was_read(resolver: Resolver) -> None:
    old = resolver.resolve("X. Sơn Dương, H. Hoành Bồ, Quảng Ninh")
    assert old.epoch in {"before_2025_07", "either"}
    assert "former:district" in old.basis
    assert [part.level for part in old.understood] == ["ward", "district", "province"]
    new = resolver.resolve("Phường Hạ Long, Quảng Ninh")
    assert new.epoch == "since_2025_07"
    assert old.confidence > resolver.resolve("X. Sơn Dươn, H. Hoành Bồ, Quảng Ninh").confidence
