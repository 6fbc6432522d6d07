"""The tree, the units and their loading."""

from __future__ import annotations

import pytest
from django.utils import translation

from core.catalogue import selectors, services
from core.catalogue.models import ProductCategory, Unit

pytestmark = pytest.mark.usefixtures("catalogue")


def category(code):
    return selectors.category_by_code(code)


def test_second_load_finds_nothing_to_do():
    assert all(tally.is_quiet for tally in services.load_catalogue())


def test_row_that_differs_from_the_file_is_put_right():
    ProductCategory.objects.filter(code="B01-cam").update(shelf_life_days=1, parent=None)
    assert services.load_catalogue()[1].changed == 1
    assert category("B01-cam").shelf_life_days == 20
    assert category("B01-cam").parent.code == "B01"


def test_category_that_left_the_file_is_out_of_use_and_out_of_every_range():
    tree = category("B01")
    gone = ProductCategory.objects.create(
        code="B01-thu", parent=tree, level="bo_san_pham", name_vi="Thử", name_en="Test",
        name_folded="thu", order_lo=tree.order_lo, order_hi=tree.order_lo, source="test",
    )  # fmt: skip
    assert services.load_catalogue()[1].closed == 1
    assert category("B01-thu") is None
    gone.refresh_from_db()
    assert gone.order_hi < category("G1").order_lo


def test_range_of_a_node_holds_exactly_what_hangs_below_it():
    below = set(selectors.subtree(category("B02")).values_list("code", flat=True))
    assert below == {"B02"} | set(
        ProductCategory.objects.filter(parent__code="B02").values_list("code", flat=True)
    )
    assert [node.code for node in selectors.path_of(category("B02-hau"))] == [
        "G1", "G1.1", "B02", "B02-hau",
    ]  # fmt: skip


def test_leaves_are_the_kinds_of_products():
    assert selectors.leaves().count() == 313
    assert not selectors.leaves().exclude(level="leaf").exists()


def test_names_follow_the_readers_language():
    with translation.override("en"):
        assert str(category("B01-cam")) == "Orange"
    with translation.override("vi"):
        assert str(category("B01-cam")) == "Cam"


@pytest.mark.parametrize(("code", "month", "expected"), [
    ("B01-cam", 1, True),
    ("B01-cam", 6, False),
    ("B12-tra-hoa-vang", 6, True),
])  # fmt: skip
def test_season_may_wrap_the_year_and_does_not_bind_what_keeps(code, month, expected):
    assert selectors.is_in_season(category(code), month=month) is expected


def test_season_of_a_group_is_not_known():
    assert selectors.is_in_season(category("B01"), month=1) is None


@pytest.mark.parametrize(("text", "code"), [
    ("tạ", "ta"), ("TẠ", "ta"), ("tá", "ta_dozen"), ("Tấn", "tan"), ("kg", "kg"), ("cân", "kg"),
    ("thùng", "thung"), ("thung", "thung"), ("trái", "qua"), ("yến", "yen"), ("lạng", "lang"),
])  # fmt: skip
def test_unit_is_read_as_written(text, code):
    assert selectors.unit_by_text(text) == Unit.objects.get(code=code)


@pytest.mark.parametrize(("text", "codes"), [
    ("ta", {"ta", "ta_dozen"}), ("bo", {"bo", "chiec"}), ("tà", set()), ("", set()), ("🙂", set()),
])  # fmt: skip
def test_unit_that_may_be_several_or_none_is_not_guessed(text, codes):
    assert {unit.code for unit in selectors.units_by_text(text)} == codes
    assert selectors.unit_by_text(text) is None


def test_content_of_a_pack_is_not_known_from_its_unit():
    assert selectors.unit_by_text("thùng").to_base is None


@pytest.mark.parametrize(("number", "codes"), [(1, ["B01"]), (4, ["B04", "B08"]), (21, [])])
def test_a_set_of_2019_is_found_on_the_list_of_today(number, codes):
    assert [row.code for row in selectors.sets_today("2019", number=number)] == codes


def test_a_list_or_set_that_never_was_has_no_set_of_today():
    assert selectors.sets_today("2019", number=27) == []
    assert selectors.sets_today("1999", number=1) == []


def test_every_leaf_but_a_visit_has_a_heading_of_the_harmonised_system():
    without = selectors.leaves().filter(hs_heading="").values_list("parent__code", flat=True)
    assert set(without) == {"B26"}
    assert category("B01-cam").hs_heading == "0805"
