"""Lorry ways over the network of a day, and pacts."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from core.kernel import clock
from core.kernel.errors import InvalidInputError
from core.outbox.models import OutboxMessage
from core.places import selectors, services
from core.places.enums import AdminLevel, GateStatus, LinkStatus, VehicleKind
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
def test_island_is_reached_at_its_landing_and_says_so(code):
    access = selectors.access_of(commune(code))
    assert RoadNode.objects.get(pk=access.node_id).serves == [code]
    assert access.is_by_ferry
    assert access.note


def test_landing_serves_its_island_alone():
    """Communes of the shore may lie nearer to a landing than to any node of theirs."""
    landings = dict(RoadNode.objects.filter(kind="landing").values_list("pk", "serves"))
    codes = dict(selectors.units_on(DAY).values_list("pk", "code"))
    reached = {(codes[pk], way.node_id) for pk, way in selectors.access_table().items()}
    assert {code for code, node in reached if node in landings} == {
        code for served in landings.values() for code in served
    }


def test_small_ferry_without_a_landing_adds_its_hours():
    access = selectors.access_of(commune("20992"))
    assert access.is_by_ferry
    assert access.access_hours > access.extra_hours == 0.5


def test_trip_to_an_island_says_how_long_nobody_drives():
    trip = selectors.trip_between(commune("07192"), end_id=province("31"), on=DAY)
    assert trip.hours == pytest.approx(4 + hours("VANDON", "P31"), abs=0.01)
    assert trip.ferry_hours == 4


def test_stopped_ferry_leaves_no_way_to_the_island():
    ferry = RoadLink.objects.get(road="phà Cái Rồng – Cô Tô")
    services.change_link_status(link_id=ferry.pk, status=LinkStatus.CLOSED, reason="bão")
    assert selectors.trip_between(commune("07192"), end_id=province("31"), on=DAY) is None


def test_container_cannot_board_a_small_ferry_and_is_slower_in_the_mountains():
    island, hanoi, caobang = commune("07192"), province("01"), province("04")
    container = {"on": DAY, "by": VehicleKind.CONTAINER}
    assert selectors.trip_between(island, end_id=hanoi, **container) is None
    lorry = selectors.trip_between(hanoi, end_id=caobang, on=DAY)
    assert selectors.trip_between(hanoi, end_id=caobang, **container).hours > lorry.hours * 1.1


def test_trip_to_ho_chi_minh_city_takes_days_from_door_to_door():
    trip = selectors.trip_between(province("22"), end_id=province("79"), on=DAY)
    plan = selectors.plan_of(trip)
    assert trip.hours == pytest.approx(34, rel=0.04)
    assert plan.hours_of("nights") == 24
    assert plan.hours == pytest.approx(trip.hours + 24 + 2 + 2.0, abs=0.3)


def gate(code):
    return RoadNode.objects.get(code=code).pk


def close_at_14(gate_id, day, until=None):
    return services.set_gate_hours(
        gate_id=gate_id,
        hours=services.GateHours(
            status=GateStatus.OPEN, opens_at=dt.time(7), closes_at=dt.time(14),
            valid_from=day, valid_to=until,
        ),
        reason="tắc biên",
        source="thông báo của cửa khẩu",
    )  # fmt: skip


def plan_to_gate(code, departs):
    gate_id = gate(code)
    start, end = selectors.access_of(province("22")), selectors.access_at(gate_id)
    trip = selectors.trip_over(start, end=end, on=DAY)
    at = dt.datetime.combine(DAY, departs, clock.VIETNAM)
    return selectors.plan_of(trip, departs_at=at, gate_id=gate_id)


def test_gate_that_closes_at_14_makes_the_afternoon_lorry_wait_for_the_morning():
    before = plan_to_gate("GATE_BACLUAN2", dt.time(11))
    close_at_14(gate("GATE_BACLUAN2"), DAY, DAY)
    after = plan_to_gate("GATE_BACLUAN2", dt.time(11))
    assert before.hours_of("gate") == 0
    # 11:00, an hour of loading, 2.9 hours of driving: 14:54, and the gate opens again at 7:00.
    assert after.hours_of("gate") == pytest.approx(16.1, abs=0.3)
    assert plan_to_gate("GATE_BACLUAN2", dt.time(9)).hours_of("gate") == 0


def test_early_closing_of_a_day_leaves_the_days_around_it_as_they_were():
    gate_id = gate("GATE_BACLUAN2")
    close_at_14(gate_id, DAY, DAY)
    closes = [
        selectors.opening_of(gate_id)(DAY + dt.timedelta(days=n)).closes_at for n in (-1, 0, 1)
    ]
    assert closes == [dt.time(19), dt.time(14), dt.time(19)]


def test_gate_set_by_an_officer_survives_a_load_and_announces_itself_once():
    gate_id = gate("GATE_BACLUAN2")
    close_at_14(gate_id, DAY)
    services.load_places()
    assert selectors.opening_of(gate_id)(DAY).closes_at == dt.time(14)
    told = OutboxMessage.objects.get(type="places.gate.status_changed.v1")
    assert told.payload == {
        "gate_id": gate_id, "version": 2, "status": "open",
        "first_date": "2026-11-21", "until_date": None,
    }  # fmt: skip


def test_gate_closing_before_it_opens_is_refused_with_words():
    with pytest.raises(InvalidInputError) as caught:
        services.set_gate_hours(
            gate_id=gate("GATE_BACLUAN2"),
            hours=services.GateHours(
                status=GateStatus.OPEN, opens_at=dt.time(14), closes_at=dt.time(7),
                valid_from=DAY, valid_to=DAY - dt.timedelta(days=1),
            ),
            reason="x", source="x",
        )  # fmt: skip
    assert set(caught.value.field_errors) == {"valid_to", "closes_at"}


def test_link_set_by_an_officer_survives_a_load_and_keeps_its_history():
    link = RoadLink.objects.get(road="QL4B")
    services.change_link_status(link_id=link.pk, status=LinkStatus.CLOSED, reason="sạt lở")
    services.load_places()
    link.refresh_from_db()
    assert (link.status, link.reason) == (LinkStatus.CLOSED, "sạt lở")
    states = list(selectors.link_revisions(link.pk).values_list("version", "status"))
    assert states == [(2, "closed"), (1, "open")]


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


def terms(**changes):
    a, b = province("22"), province("33")
    told = {"a_id": a, "b_id": b, "name": "Biên bản 2027", "scope": "nông sản", "source": "sở"}
    return services.PactTerms(**{**told, **changes})


def test_pact_entered_by_hand_survives_a_load_and_counts_from_its_day():
    pact = services.enter_pact(terms=terms(signed_on=DAY))
    services.load_places()
    assert pact in selectors.pacts_in_force(DAY)
    assert pact not in selectors.pacts_in_force(DAY - dt.timedelta(days=1))


def test_pact_of_the_file_that_was_ended_by_hand_stays_ended():
    pact = ProvincePact.objects.get(a__code="20", b__code="22")
    ended = terms(
        a_id=pact.a_id, b_id=pact.b_id, name=pact.name, valid_to=DAY - dt.timedelta(days=1)
    )
    services.change_pact(pact_id=pact.pk, terms=ended, reason="hết hạn")
    services.change_pact(pact_id=pact.pk, terms=ended, reason="hết hạn")
    services.load_places()
    assert pact not in selectors.pacts_in_force(DAY)
    assert OutboxMessage.objects.filter(type="places.pact.changed.v1").count() == 1


@pytest.mark.parametrize(("changes", "field"), [
    ({"b_id": None}, "b"),
    ({"signed_on": DAY, "valid_to": DAY - dt.timedelta(days=1)}, "valid_to"),
    ({"name": "Hợp tác Quảng Ninh – Lạng Sơn", "b_id": "20"}, "name"),
])  # fmt: skip
def test_pact_that_cannot_be_is_refused_with_words(changes, field):
    wrong = dict(changes)
    if "b_id" in wrong:
        wrong["b_id"] = province(wrong["b_id"] or "22")
    with pytest.raises(InvalidInputError) as caught:
        services.enter_pact(terms=terms(**wrong))
    assert set(caught.value.field_errors) == {field}


def test_load_that_changes_the_network_says_so_once():
    RoadLink.objects.filter(road="QL4B").update(km=999)
    services.load_places()
    services.load_places()
    assert OutboxMessage.objects.filter(type="places.network.reloaded.v1").count() == 1
    assert RoadLink.objects.get(road="QL4B").version == 2
