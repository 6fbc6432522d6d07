"""Groupings of provinces: regions as files bring them, and what an administrator makes of them."""

from __future__ import annotations

import pytest

from core.places import selectors
from core.places.models import AdminUnitChange, UnitGroup
from core.places.services import loading, unit_files
from core.places.services.reading import COMMUNES_SINCE
from tests.factories.accounts import UserFactory, turn_on_totp

pytestmark = pytest.mark.usefixtures("places")


@pytest.fixture
def administrator(client_for):
    user = UserFactory(is_staff=True, is_superuser=True)
    turn_on_totp(user)
    return client_for(user)


def load_groups():
    return loading._load_groups(unit_files.ids_on(COMMUNES_SINCE, "province"))


def ids(*codes):
    return list(selectors.provinces().filter(code__in=codes).values_list("pk", flat=True))


def test_northern_group_has_18_provinces_that_were_28():
    members = selectors.members_of("CT_PHIA_BAC")
    assert members.count() == 18
    merged = AdminUnitChange.objects.filter(new__in=members, old__level="province")
    stayed = members.exclude(changes_from__old__level="province")
    assert merged.count() + stayed.count() == 28


def test_six_regions_hold_each_province_once():
    regions = UnitGroup.objects.filter(is_region=True)
    held = [pk for region in regions for pk in region.members.values_list("pk", flat=True)]
    assert (len(regions), len(held), len(set(held))) == (6, 34, 34)


def test_administrator_makes_a_grouping_and_a_load_leaves_it(administrator):
    response = administrator.post("/admin/places/unitgroup/add/", {
        "code": "VAI", "name_vi": "Vùng vải", "name_en": "Lychee country", "source": "Sở",
        "members": ids("22", "24", "31"),
    })  # fmt: skip
    assert response.status_code == 302, response.context["errors"]
    assert load_groups().is_quiet
    assert selectors.members_of("VAI").count() == 3


def test_administrator_changes_a_region_and_a_load_leaves_it(administrator):
    group = UnitGroup.objects.get(code="CT_PHIA_BAC")
    response = administrator.post(f"/admin/places/unitgroup/{group.pk}/change/", {
        "name_vi": "Phía Bắc", "name_en": "North", "source": "Bộ", "members": ids("01", "22"),
    })  # fmt: skip
    assert response.status_code == 302, response.context["errors"]
    load_groups()
    group.refresh_from_db()
    assert (group.name_en, group.by_hand, group.members.count()) == ("North", True, 2)


def test_grouping_of_the_files_comes_back_once_deleted():
    UnitGroup.objects.filter(code="CT_PHIA_BAC").delete()
    assert load_groups().created == 1
    assert selectors.members_of("CT_PHIA_BAC").count() == 18


def test_only_provinces_of_today_are_offered(administrator):
    page = administrator.get("/admin/places/unitgroup/add/").content.decode()
    assert "Thành phố Quảng Ninh" in page
    assert "Bắc Giang" not in page
