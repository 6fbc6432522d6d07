"""Ways by lorry, pure."""

from __future__ import annotations

import math

import pytest

from core.places.distance import Stretch, access_leg, great_circle_km, travel_matrix

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
