"""Old units followed to today, and figures of either map summed on the other."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest

from core.places import selectors
from core.places.enums import AdminLevel, ChangeRelation
from core.places.models import AdminUnit, AdminUnitChange

pytestmark = pytest.mark.usefixtures("places")

BEFORE, AFTER = dt.date(2021, 5, 1), dt.date(2026, 11, 21)
LAST_YEAR_OF_63 = dt.date(2024, 6, 1)


def unit(code, level=AdminLevel.COMMUNE, day=BEFORE):
    return selectors.unit_at(code, level=level, day=day)


def today(found):
    return [(share.unit.name, share.share) for share in selectors.on_map_of(found.pk, day=AFTER)]


def test_dong_trieu_of_2021_is_five_wards_of_today():
    dong_trieu = unit("205", AdminLevel.DISTRICT)
    assert selectors.label_of(dong_trieu, day=BEFORE) == "Thị xã Đông Triều"
    assert {name for name, _ in today(dong_trieu)} == {
        "Đông Triều", "Mạo Khê", "Hoàng Quế", "An Sinh", "Bình Khê",
    }  # fmt: skip
    quang_ninh = unit("22", AdminLevel.PROVINCE, AFTER)
    assert selectors.provinces_on_map_of(dong_trieu.pk, day=AFTER) == {quang_ninh.pk}


def test_figure_of_dong_trieu_counts_for_quang_ninh_on_both_maps():
    dong_trieu = unit("205", AdminLevel.DISTRICT)
    quang_ninh = unit("22", AdminLevel.PROVINCE, AFTER)
    for day in (BEFORE, AFTER):
        sums = selectors.sums_by_province([(dong_trieu.pk, 12)], on=day)
        assert sums.by_province == {quang_ninh.pk: 12}


@pytest.mark.parametrize(("code", "names"), [
    ("06655", {"Việt Hưng", "Tuần Châu"}),
    ("06886", {"Hải Hòa", "Hải Lạng", "Ba Chẽ"}),
])  # fmt: skip
def test_split_commune_goes_to_either_and_nobody_knows_how(code, names):
    found = today(unit(code))
    assert {name for name, _ in found} == names
    assert {share for _, share in found} == {None}


def test_whole_commune_goes_to_one():
    assert today(unit("06652")) == [("Hà Tu", 1)]


@pytest.mark.parametrize(("code", "name"), [("203", "Vân Đồn"), ("207", "Cô Tô")])
def test_district_that_became_one_commune_is_certain(code, name):
    assert today(unit(code, AdminLevel.DISTRICT)) == [(name, 1)]


@pytest.mark.parametrize(("code", "name"), [
    ("318", "Bạch Long Vĩ"), ("471", "Cồn Cỏ"), ("498", "Hoàng Sa"), ("536", "Lý Sơn"),
    ("755", "Côn Đảo"),
])  # fmt: skip
def test_district_without_communes_became_a_zone(code, name):
    assert today(unit(code, AdminLevel.DISTRICT)) == [(name, 1)]


def test_quang_ninhs_171_communes_became_54_and_12_were_split():
    quang_ninh = unit("22", AdminLevel.PROVINCE)
    olds = selectors.communes_of(quang_ninh.pk, on=BEFORE)
    pairs = AdminUnitChange.objects.filter(old__in=olds)
    assert len({pair.new_id for pair in pairs}) == 54
    assert sum(n > 1 for n in Counter(pair.old_id for pair in pairs).values()) == 12
    relations = Counter(pairs.values_list("relation", flat=True))
    assert relations == {
        ChangeRelation.WHOLE: 159, ChangeRelation.PART: 23, ChangeRelation.SPLIT_POPULATION: 2,
    }  # fmt: skip


def test_one_for_each_commune_of_2024_sums_up_on_both_maps():
    units = selectors.units_on(LAST_YEAR_OF_63).filter(level=AdminLevel.COMMUNE)
    figures = [(pk, 1) for pk in units.values_list("pk", flat=True)]
    old = selectors.sums_by_province(figures, on=LAST_YEAR_OF_63)
    assert (len(old.by_province), old.total) == (63, 10_035)
    new = selectors.sums_by_province(figures, on=AFTER)
    assert (len(new.by_province), new.total) == (34, 10_035)
    assert not old.undivided
    assert not new.undivided


def test_figure_of_a_new_province_stays_undivided_on_the_old_map():
    an_giang = unit("91", AdminLevel.PROVINCE, AFTER)
    sums = selectors.sums_by_province([(an_giang.pk, Decimal("15.5"))], on=BEFORE)
    assert not sums.by_province
    ((among, amount),) = sums.undivided.items()
    assert amount == Decimal("15.5")
    names = AdminUnit.objects.filter(pk__in=among).values_list("name", flat=True)
    assert set(names) == {"An Giang", "Kiên Giang"}


def test_commune_of_today_mostly_lies_in_one_old_province():
    units = selectors.units_on(AFTER).filter(level=AdminLevel.COMMUNE)
    figures = [(pk, 1) for pk in units.values_list("pk", flat=True)]
    sums = selectors.sums_by_province(figures, on=BEFORE)
    assert sums.total == 3_321
    assert len(sums.by_province) == 63
    assert sum(sums.undivided.values()) < 30


def test_tree_is_read_once(django_assert_max_num_queries):
    commune = unit("06652")
    selectors.on_map_of(commune.pk)
    with django_assert_max_num_queries(3):
        selectors.on_map_of(commune.pk)


def test_unknown_unit_is_an_error():
    with pytest.raises(KeyError):
        selectors.on_map_of(0)
