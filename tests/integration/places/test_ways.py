"""Lorry ways over the network of a day, and pacts."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from core.places import selectors, services
from core.places.enums import AdminLevel, LinkStatus
from core.places.models import ProvincePact, RoadLink, RoadNode

pytestmark = pytest.mark.usefixtures("places")

DAY = dt.date(2026, 11, 21)


def hours(start, end, day=DAY):
    matrix = selectors.travel_matrix(day)
    ids = dict(RoadNode.objects.values_list("code", "pk"))
    return float(matrix.hours[matrix.index_of(ids[start]), matrix.index_of(ids[end])])


def commune(code):
    return selectors.unit_at(code, level=AdminLevel.COMMUNE, day=DAY).pk


def province(code):
    return selectors.unit_at(code, level=AdminLevel.PROVINCE, day=DAY).pk


def test_network_is_connected():
    matrix = selectors.travel_matrix(DAY)
    assert len(matrix.node_ids) == RoadNode.objects.count()
    assert not math.isinf(matrix.hours.max())


@pytest.mark.parametrize(("end", "about"), [
    ("P31", 1.0), ("VANDON", 1.3), ("DONGTRIEU", 2.3), ("MONGCAI", 2.6), ("P01", 2.7),
    ("GATE_HOANHMO", 4.3), ("P38", 5.4), ("P20", 5.5), ("P48", 17), ("P79", 34),
])  # fmt: skip
def test_hours_from_ha_long(end, about):
    assert hours("P22", end) == pytest.approx(about, rel=0.04)


def test_planned_link_never_counts_before_somebody_opens_it():
    before = hours("P56", "P66")
    link = RoadLink.objects.get(road__startswith="CT24")
    services.change_link_status(
        link_id=link.pk, status=LinkStatus.PLANNED, opens_on=dt.date(2020, 1, 1)
    )
    assert hours("P56", "P66") == before
    services.change_link_status(
        link_id=link.pk, status=LinkStatus.OPEN, opens_on=dt.date(2027, 1, 1)
    )
    assert hours("P56", "P66", dt.date(2026, 12, 31)) == before
    assert hours("P56", "P66", dt.date(2027, 1, 1)) == pytest.approx(2.78)


def test_closing_a_link_lengthens_the_way():
    before = hours("TIENYEN", "P20")
    services.change_link_status(
        link_id=RoadLink.objects.get(road="QL4B").pk, status=LinkStatus.CLOSED
    )
    assert hours("TIENYEN", "P20") > before


def test_matrix_is_kept_until_the_network_changes(django_assert_num_queries):
    first = selectors.travel_matrix(DAY)
    with django_assert_num_queries(2):
        assert selectors.travel_matrix(DAY) is first


def test_every_place_of_today_reaches_the_network():
    table = selectors.access_table()
    assert set(table) == set(selectors.units_on(DAY).values_list("pk", flat=True))


def test_province_is_reached_at_its_seat():
    access = selectors.access_of(province("22"))
    assert RoadNode.objects.get(pk=access.node_id).code == "P22"
    assert (access.access_hours, access.access_km) == (0, 0)


def test_commune_uses_the_nearest_node_of_its_own_province():
    access = selectors.access_of(commune("07069"))
    assert RoadNode.objects.get(pk=access.node_id).code == "DONGTRIEU"
    assert 0 < access.access_hours < 1
    assert not access.is_by_ferry


@pytest.mark.parametrize("code", ["07192", "06757", "06967"])
def test_ferry_commune_takes_longer_and_says_so(code):
    access = selectors.access_of(commune(code))
    assert access.is_by_ferry
    assert access.note
    assert access.access_hours > access.extra_hours > 0


def test_trip_between_communes_adds_both_ends():
    trip = selectors.trip_between(commune("07192"), end_id=province("31"), on=DAY)
    ends = selectors.access_of(commune("07192"))
    assert trip.hours == pytest.approx(ends.access_hours + hours("VANDON", "P31"), abs=0.01)


def test_trip_within_a_commune_is_not_a_way_to_the_node_and_back():
    trip = selectors.trip_between(commune("07069"), end_id=commune("07069"), on=DAY)
    assert (trip.hours, trip.km) == (0, 0)


def test_pacts_of_quang_ninh_in_force():
    ids = selectors.pacts_in_force(DAY).values_list("a__code", "b__code")
    assert {pair for pair in ids if "22" in pair} == {
        ("22", "31"), ("22", "33"), ("20", "22"), ("22", "24"),
    }  # fmt: skip


def test_pact_counts_from_signing_to_its_last_day():
    pact = ProvincePact.objects.filter(signed_on=dt.date(2026, 1, 10)).first()
    pact.valid_to = dt.date(2026, 6, 30)
    pact.save()
    days = [dt.date(2026, 1, 9), dt.date(2026, 1, 10), dt.date(2026, 6, 30), dt.date(2026, 7, 1)]
    assert [pact in selectors.pacts_in_force(day) for day in days] == [False, True, True, False]
