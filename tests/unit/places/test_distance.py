"""Ways by lorry and trips from door to door, pure."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.places.distance import (
    DriverRest,
    GateDay,
    Leg,
    Link,
    Stretch,
    Vehicle,
    access_leg,
    great_circle_km,
    plan_trip,
    stretches_for,
    travel_matrix,
)
from matchmaking.engine.facts import door_to_door_hours
from matchmaking.engine.ruleset import DEFAULT_RULESET

HANOI = (21.0273, 105.8555)
HAIPHONG = (20.8747, 106.6498)


def test_great_circle_of_a_point_with_itself_is_zero():
    assert great_circle_km(HANOI, HANOI) == 0


def test_great_circle_between_hanoi_and_haiphong():
    assert great_circle_km(HANOI, HAIPHONG) == pytest.approx(84.2, abs=0.2)


def test_access_leg_is_longer_than_the_straight_line_and_slow():
    hours, km = access_leg(HANOI, HAIPHONG)
    assert km == pytest.approx(1.4 * great_circle_km(HANOI, HAIPHONG))
    assert hours == pytest.approx(km / 30)


def test_fastest_way_may_be_the_longer_one():
    matrix = travel_matrix(
        [7, 8, 9],
        stretches=[Stretch(7, 9, 50, 5.0), Stretch(7, 8, 60, 1.0), Stretch(9, 8, 60, 1.5)],
    )
    row, column = matrix.index_of(7), matrix.index_of(9)
    assert matrix.hours[row, column] == 2.5
    assert matrix.km[row, column] == 120
    assert matrix.hours[column, row] == 2.5


def test_of_parallel_links_the_faster_counts_whichever_way_it_is_written():
    matrix = travel_matrix([1, 2], stretches=[Stretch(1, 2, 120, 3.2), Stretch(2, 1, 110, 2.0)])
    assert matrix.hours[0, 1] == 2.0
    assert matrix.km[0, 1] == 110


def test_nodes_without_an_open_way_are_infinitely_far():
    matrix = travel_matrix([1, 2, 3], stretches=[Stretch(1, 2, 10, 0.5)])
    assert math.isinf(matrix.hours[0, 2])
    assert math.isinf(matrix.km[0, 2])
    assert matrix.hours[2, 2] == 0


def test_unknown_node_is_refused():
    with pytest.raises(ValueError, match="not in tuple"):
        travel_matrix([1, 2], stretches=[]).index_of(3)


def links_of_a_grid(side):
    """A grid whose links differ, every seventh one a ferry."""
    for row in range(side):
        for column in range(side):
            here = row * side + column
            for there in (here + 1,) * (column + 1 < side) + (here + side,) * (row + 1 < side):
                km = 10 + (here * 7919 + there * 104729) % 997 / 61
                kind = "fer" if there % 7 == 0 else "nat"
                yield Link(here, there, km, km / 40, kind, 0.5 if kind == "fer" else 0.0)


def ways_from(start, links):
    """Fastest hours and the links taken, by relaxing every link until nothing changes."""
    found = {start: (0.0, [])}
    for _ in links:
        for link in links:
            for here, there in ((link.start, link.end), (link.end, link.start)):
                hours, taken = found.get(here, (math.inf, []))
                arrives = hours + link.hours + link.waiting_hours
                if arrives < found.get(there, (math.inf, []))[0] - 1e-9:
                    found[there] = (arrives, [*taken, link])
    return found


def test_kilometres_and_ferry_hours_belong_to_the_fastest_way():
    links = list(links_of_a_grid(6))
    matrix = travel_matrix(range(36), stretches=stretches_for(LORRY, links=links))
    for start in range(36):
        for end, (hours, taken) in ways_from(start, links).items():
            aboard = [one.hours + one.waiting_hours for one in taken if one.road_class == "fer"]
            assert matrix.hours[start, end] == pytest.approx(hours)
            assert matrix.km[start, end] == pytest.approx(sum(one.km for one in taken))
            assert matrix.ferry_hours[start, end] == pytest.approx(sum(aboard))


LORRY = Vehicle(
    code="lorry", payload_t=10, gross_t=18, loading_hours=2,
    speed_factors={"nat": 1.0, "mtn": 0.5},
)  # fmt: skip


@pytest.mark.parametrize(("link", "hours"), [
    (Link(1, 2, 40, 1.0), 1.0),
    (Link(1, 2, 40, 1.0, "mtn"), 2.0),
    (Link(1, 2, 40, 1.0, "exp"), None),
    (Link(1, 2, 40, 1.0, max_gross_t=17.9), None),
    (Link(1, 2, 40, 1.0, max_gross_t=18), 1.0),
    (Link(1, 2, 10, 1.0, "fer", waiting_hours=0.5), 1.5),
])  # fmt: skip
def test_vehicle_takes_its_own_time_and_keeps_off_what_is_closed_to_it(link, hours):
    assert [one.hours for one in stretches_for(LORRY, links=[link])] == [hours] * (
        hours is not None
    )


@pytest.mark.parametrize(("driving", "breaks", "nights"), [
    (0, 0, 0), (4, 0, 0), (4.01, 0.25, 0), (8, 0.25, 0), (10, 0.5, 0), (10.01, 0.5, 8),
    (20, 1, 8), (34, 2, 24),
])  # fmt: skip
def test_driver_rests_after_four_hours_and_ten_a_day(driving, breaks, nights):
    plan = plan_trip([Leg(driving)], loading_hours=2)
    assert (plan.hours_of("breaks"), plan.hours_of("nights")) == (breaks, nights)
    assert plan.hours == pytest.approx(driving + breaks + nights + 2)


def test_nobody_drives_on_a_ferry():
    plan = plan_trip([Leg(7), Leg(4, is_ferry=True)], loading_hours=0)
    assert plan.hours == 7 + 4 + 0.25
    assert plan.hours_of("nights") == 0


@given(driving=st.floats(0, 120), ferry=st.floats(0, 80), loading=st.floats(0, 4))
@settings(max_examples=50)
def test_parts_add_up_and_matching_counts_the_same_hours(driving, ferry, loading):
    hours = driving + ferry
    legs = [Leg(hours - ferry), Leg(ferry, is_ferry=True)]
    plan = plan_trip(legs, loading_hours=loading)
    rules = replace(DEFAULT_RULESET, loading_hours=loading)
    counted = door_to_door_hours(np.array([hours]), np.array([ferry]), rules)
    assert plan.hours == pytest.approx(sum(part.hours for part in plan.parts))
    assert plan.hours == pytest.approx(counted[0], abs=1e-6)


MORNING = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)  # a Friday


def weekdays_7_to_14(day):
    return GateDay(day.isoweekday() < 6, dt.time(7), dt.time(14))


@pytest.mark.parametrize(("driving", "wait"), [
    (3, 0),  # at the gate at 12:00
    (4.99, 0),  # 13:59
    (5.5, 24 * 2 + 16.25),  # 14:45, break included: Monday at 7:00
])  # fmt: skip
def test_gate_makes_whoever_comes_too_late_wait_for_its_next_opening(driving, wait):
    plan = plan_trip(
        [Leg(driving)], loading_hours=2, departs_at=MORNING, gate=weekdays_7_to_14,
        rest=DriverRest(stretch_hours=5),
    )  # fmt: skip
    assert plan.hours_of("gate") == pytest.approx(wait)
    assert plan.arrives_at == MORNING + dt.timedelta(hours=plan.hours)


def test_gate_shut_as_far_as_is_known_gives_no_arrival():
    plan = plan_trip(
        [Leg(1)], loading_hours=2, departs_at=MORNING, gate=lambda _day: GateDay(is_open=False)
    )
    assert math.isinf(plan.hours)
    assert plan.arrives_at is None


def test_gate_open_round_the_clock_never_makes_anybody_wait():
    plan = plan_trip(
        [Leg(15.2)], loading_hours=2, departs_at=MORNING, gate=lambda _day: GateDay(is_open=True)
    )
    assert plan.hours_of("gate") == 0
