"""Units, names and neighbours by day."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from core.kernel.calendar import DayBegan
from core.outbox import registry
from core.places import selectors, services
from core.places.enums import AdminLevel

pytestmark = pytest.mark.usefixtures("places")

BEFORE, AFTER = dt.date(2024, 6, 1), dt.date(2026, 11, 21)


def province(code, day=AFTER):
    return selectors.unit_at(code, level=AdminLevel.PROVINCE, day=day)


@pytest.mark.parametrize(("code", "old", "new"), [
    ("15", "Yên Bái", "Lào Cai"),
    ("24", "Bắc Giang", "Bắc Ninh"),
    ("44", "Quảng Bình", "Quảng Trị"),
    ("52", "Bình Định", "Gia Lai"),
    ("80", "Long An", "Tây Ninh"),
    ("82", "Tiền Giang", "Đồng Tháp"),
    ("91", "Kiên Giang", "An Giang"),
])  # fmt: skip
def test_kept_code_means_another_province_after_the_merger(code, old, new):
    assert province(code, BEFORE).name == old
    assert province(code, AFTER).name == new


def test_code_of_no_unit_on_that_day_is_none():
    assert province("27", BEFORE).name == "Bắc Ninh"
    assert province("27", AFTER) is None


@pytest.mark.parametrize(("code", "old", "new"), [
    ("06652", "Hà Phong", "Hà Tu"),
    ("06676", "Cao Thắng", "Hà Lầm"),
    ("06688", "Hồng Hải", "Hạ Long"),
    ("06811", "Thanh Sơn", "Uông Bí"),
    ("07093", "Đức Chính", "Đông Triều"),
])  # fmt: skip
def test_kept_commune_code_means_another_commune_since_the_reform(code, old, new):
    assert selectors.unit_at(code, level=AdminLevel.COMMUNE, day=BEFORE).name == old
    assert selectors.unit_at(code, level=AdminLevel.COMMUNE, day=AFTER).name == new


def test_codes_of_before_the_reform_do_not_live_on():
    assert selectors.unit_at("06664", level=AdminLevel.COMMUNE, day=BEFORE).name == "Hà Tu"
    assert selectors.unit_at("06664", level=AdminLevel.COMMUNE, day=AFTER) is None


def test_2024_had_696_districts_and_10035_communes_under_them():
    units = selectors.units_on(BEFORE)
    assert units.filter(level=AdminLevel.DISTRICT).count() == 696
    communes = units.filter(level=AdminLevel.COMMUNE)
    assert communes.count() == 10_035
    assert not communes.exclude(parent__level=AdminLevel.DISTRICT).exists()
    assert not selectors.units_on(AFTER).filter(level=AdminLevel.DISTRICT).exists()


def test_communes_of_a_province_of_2024_stand_under_its_districts():
    communes = selectors.communes_of(province("22", BEFORE).pk, on=BEFORE)
    assert communes.count() == 171
    assert "Hà Phong" in communes.values_list("name", flat=True)
    assert selectors.communes_of(province("22").pk).count() == 54


@pytest.mark.parametrize(("day", "label"), [
    (dt.date(2014, 1, 1), "Huyện Đông Triều"),
    (dt.date(2021, 5, 1), "Thị xã Đông Triều"),
    (dt.date(2024, 11, 1), "Thành phố Đông Triều"),
])  # fmt: skip
def test_district_is_labelled_as_on_the_day(day, label):
    dong_trieu = selectors.unit_at("205", level=AdminLevel.DISTRICT, day=day)
    assert selectors.label_of(dong_trieu, day=day) == label


@pytest.mark.parametrize(("day", "label"), [
    (dt.date(2021, 5, 1), "Tỉnh Quảng Ninh"),
    (dt.date(2026, 8, 31), "Tỉnh Quảng Ninh"),
    (dt.date(2026, 9, 1), "Thành phố Quảng Ninh"),
])  # fmt: skip
def test_quang_ninh_is_one_unit_with_dated_labels(day, label):
    unit = province("22", day)
    assert unit == province("22", AFTER)
    assert selectors.label_of(unit, day=day) == label
    assert str(unit) == "Thành phố Quảng Ninh"


def test_hue_had_a_longer_name_before_2025():
    hue = province("46", BEFORE)
    assert selectors.label_of(hue, day=dt.date(2024, 12, 31)) == "Tỉnh Thừa Thiên Huế"
    assert selectors.label_of(hue, day=dt.date(2025, 1, 1)) == "Thành phố Huế"


def test_commune_became_a_ward_on_its_day():
    kep = selectors.unit_at("07399", level=AdminLevel.COMMUNE, day=AFTER)
    assert selectors.label_of(kep, day=dt.date(2026, 9, 19)) == "Xã Kép"
    assert selectors.label_of(kep, day=dt.date(2026, 9, 20)) == "Phường Kép"


def test_today_there_are_9_cities_and_25_provinces():
    assert Counter(selectors.provinces().values_list("kind", flat=True)) == {
        "thanh_pho": 9, "tinh": 25,
    }  # fmt: skip


def test_today_there_are_709_wards_2599_communes_13_zones():
    communes = selectors.units_on(AFTER).filter(level=AdminLevel.COMMUNE)
    assert Counter(communes.values_list("kind", flat=True)) == {
        "phuong": 709, "xa": 2599, "dac_khu": 13,
    }  # fmt: skip


def test_in_2024_there_were_63_provinces():
    assert selectors.provinces(on=dt.date(2024, 12, 31)).count() == 63
    assert selectors.provinces(on=dt.date(2025, 7, 1)).count() == 34


def test_quang_ninh_has_54_communes_dong_trieu_among_them():
    names = set(selectors.communes_of(province("22").pk).values_list("name", flat=True))
    assert len(names) == 54
    assert {"Đông Triều", "Mạo Khê", "Hoàng Quế", "An Sinh", "Bình Khê"} <= names


def test_names_come_in_alphabetical_order_whatever_their_accents():
    first = list(selectors.provinces().values_list("name", flat=True)[:5])
    assert first == ["An Giang", "Bắc Ninh", "Cà Mau", "Cần Thơ", "Cao Bằng"]


def test_neighbours_of_quang_ninh():
    names = [unit.name for unit in selectors.neighbours(province("22").pk)]
    assert names == ["Bắc Ninh", "Hải Phòng", "Lạng Sơn"]


def test_northern_group_has_18_members_today():
    assert selectors.members_of("CT_PHIA_BAC").count() == 18


def test_labels_move_on_when_their_day_begins():
    unit = province("22")
    services.move_labels(day=dt.date(2026, 8, 31))
    unit.refresh_from_db()
    assert str(unit) == "Tỉnh Quảng Ninh"
    assert services.move_labels(day=AFTER) > 0
    unit.refresh_from_db()
    assert str(unit) == "Thành phố Quảng Ninh"


def test_a_day_with_the_same_labels_moves_nothing():
    assert services.move_labels(day=AFTER) == 0


def found(text):
    return [(str(unit), unit.parent.name if unit.parent else "") for unit in
            selectors.search_units(text)]  # fmt: skip


def test_search_prefers_the_province_of_that_name():
    assert found("quang ninh") == [
        ("Thành phố Quảng Ninh", ""),
        ("Xã Quảng Ninh", "Thanh Hóa"),
        ("Xã Quảng Ninh", "Quảng Trị"),
    ]


@pytest.mark.parametrize("text", ["phường hiệp hoà", "P. HIỆP HÒA", "phuong hiep hoa"])
def test_search_finds_both_wards_of_one_name(text):
    assert sorted(found(text)) == [
        ("Phường Hiệp Hòa", "Bắc Ninh"),
        ("Phường Hiệp Hòa", "Quảng Ninh"),
    ]


def test_search_puts_the_typed_accents_first():
    assert found("Hạ Long")[0] == ("Phường Hạ Long", "Quảng Ninh")
    assert found("Hà Long")[0] == ("Xã Hà Long", "Thanh Hóa")


def test_van_don_is_one_special_zone_today():
    assert found("vân đồn") == [("Đặc khu Vân Đồn", "Quảng Ninh")]


def test_search_knows_the_types_of_before_the_reform():
    hits = selectors.search_units("tp dong trieu", on=BEFORE)
    assert [(str(unit), unit.parent.code) for unit in hits] == [("Thành phố Đông Triều", "22")]
    hits = selectors.search_units("thị trấn cô tô", on=BEFORE)
    assert {(str(unit), unit.parent.name) for unit in hits} == {
        ("Thị trấn Cô Tô", "Cô Tô"), ("Thị trấn Cô Tô", "Tri Tôn"),
    }  # fmt: skip


@pytest.mark.parametrize("text", ["Quan Sơn", "quan son"])
def test_search_does_not_take_half_a_name_for_a_type(text):
    assert ("Xã Quan Sơn", "Thanh Hóa") in found(text)


def test_search_for_nothing_finds_nothing():
    assert found("  ") == found("🙂") == []


def test_beginning_of_a_day_moves_the_labels():
    consumer = registry.consumer_named("places.move_labels")
    consumer.handle(DayBegan(day=dt.date(2026, 8, 31)))
    assert str(province("22")) == "Tỉnh Quảng Ninh"
    consumer.handle(DayBegan(day=AFTER))
    assert str(province("22")) == "Thành phố Quảng Ninh"
