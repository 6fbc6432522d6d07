"""Loading the geography."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from core.outbox.models import OutboxMessage
from core.places import selectors, services
from core.places.enums import AdminLevel, Confidence, LinkStatus, UnitKind
from core.places.models import AdminUnit, AdminUnitChange, ProvincePact, RoadLink
from core.places.services import freight_files, unit_files

pytestmark = pytest.mark.usefixtures("places")


def tally(kind):
    """Load the part that tells of a kind; all of it takes a second."""
    if kind in {"units", "changes"}:
        tallies = unit_files.load_units()
    else:
        provinces = unit_files.ids_on(dt.date(2025, 7, 1), AdminLevel.PROVINCE)
        tallies = freight_files.load_freight(provinces)
    return next(tally for tally in tallies if tally.kind == kind)


def test_second_load_finds_nothing_to_do_with_little_work(django_assert_max_num_queries):
    began = time.process_time()
    with django_assert_max_num_queries(45):
        tallies = services.load_places()
    assert all(tally.is_quiet for tally in tallies)
    assert time.process_time() - began < 3


def test_command_loads_both_sets_and_then_says_unchanged(capsys):
    call_command("load_reference")
    assert "categories" in capsys.readouterr().out
    call_command("load_reference")
    assert capsys.readouterr().out.startswith("Reference data unchanged (")


def test_row_that_differs_from_the_file_is_put_right():
    RoadLink.objects.filter(road="QL4B").update(km=1)
    assert tally("road links").changed == 1
    assert RoadLink.objects.get(road="QL4B").km == 97


def test_unit_that_left_the_files_is_closed_not_deleted():
    parent = selectors.provinces().first()
    unit = AdminUnit.objects.create(
        code="99999", level=AdminLevel.COMMUNE, parent=parent, name="Thử", kind=UnitKind.COMMUNE,
        name_folded="thu", valid_from=dt.date(2025, 7, 1), source="test",
    )  # fmt: skip
    assert tally("units").closed == 1
    unit.refresh_from_db()
    assert unit.valid_to is not None
    assert tally("units").is_quiet


def test_link_opened_by_hand_stays_open():
    link = RoadLink.objects.get(status=LinkStatus.PLANNED, road__startswith="CT08")
    services.change_link_status(link_id=link.pk, status=LinkStatus.OPEN)
    assert tally("road links").is_quiet
    link.refresh_from_db()
    assert link.status == LinkStatus.OPEN


def test_pact_entered_by_hand_stays():
    a, b = selectors.provinces()[:2]
    ProvincePact.objects.create(
        a=a, b=b, name="Thử", scope="test", source="test", confidence=Confidence.ESTIMATE,
        by_hand=True,
    )  # fmt: skip
    assert tally("pacts").is_quiet
    assert ProvincePact.objects.filter(name="Thử").exists()


def test_closed_provinces_all_went_somewhere_whole():
    closed = AdminUnit.objects.filter(level=AdminLevel.PROVINCE, valid_to__isnull=False)
    changes = AdminUnitChange.objects.filter(old__level=AdminLevel.PROVINCE, weight=1)
    assert closed.count() == changes.count() == 52
    bac_giang = closed.get(code="24")
    assert [change.new.name for change in selectors.successors_of(bac_giang.pk)] == ["Bắc Ninh"]


def test_every_closed_commune_went_somewhere():
    closed = AdminUnit.objects.filter(level=AdminLevel.COMMUNE, valid_to__isnull=False)
    assert closed.count() == 10_035
    assert not closed.filter(changes_into=None).exists()
    assert AdminUnitChange.objects.filter(old__level=AdminLevel.DISTRICT).count() == 5


def test_commune_that_left_the_file_of_the_old_map_is_put_right():
    AdminUnit.objects.filter(code="06652", valid_to__isnull=False).update(name="Hà")
    assert tally("units").changed == 1


@pytest.mark.parametrize("values", [
    {"level": AdminLevel.DISTRICT, "kind": UnitKind.DISTRICT},
    {"level": AdminLevel.COMMUNE, "kind": UnitKind.TOWN},
    {"level": AdminLevel.PROVINCE, "kind": UnitKind.PROVINCE},
])  # fmt: skip
def test_unit_that_the_law_does_not_know_is_refused_by_the_database(values):
    """A district without an end, a commune of a district's type, a province in a province."""
    with pytest.raises(IntegrityError, match="admin_unit_"), transaction.atomic():
        AdminUnit.objects.create(
            code="999", name="X", name_folded="x", valid_from=dt.date(2026, 1, 1), source="test",
            parent=selectors.provinces().first(), **values,
        )  # fmt: skip


def test_two_units_of_one_code_on_one_day_are_refused_by_the_database():
    with (
        pytest.raises(IntegrityError, match="admin_unit_one_per_code_and_day"),
        transaction.atomic(),
    ):
        AdminUnit.objects.create(
            code="24", level=AdminLevel.PROVINCE, name="X", kind=UnitKind.PROVINCE,
            name_folded="x", valid_from=dt.date(2026, 1, 1), source="test",
        )  # fmt: skip


def test_change_of_a_links_status_is_announced_once():
    link = RoadLink.objects.get(road="QL4B")
    for _ in range(2):
        services.change_link_status(link_id=link.pk, status=LinkStatus.CLOSED)
    messages = OutboxMessage.objects.filter(type="places.link.status_changed.v1")
    assert [message.payload for message in messages] == [
        {"link_id": link.pk, "version": 2, "previous": "open", "status": "closed"}
    ]
