"""Ways by the API: hours, kilometres and what the hours are made of."""

from __future__ import annotations

import datetime as dt

import pytest

pytestmark = pytest.mark.django_db


def ask(client, **query):
    return client.get("/api/v1/travel", {"from": "22", "to": "01", **query})


def test_way_between_provinces_with_its_parts(client, road):
    told = ask(client).json()
    assert told == {
        "reachable": True, "km": 155.0, "hours": 4.7, "driving_hours": 2.7, "arrives_at": None,
        "parts": [{"kind": "driving", "hours": 2.7}, {"kind": "loading", "hours": 2.0}],
        "is_estimate": True, "note": "",
    }  # fmt: skip


def test_small_lorry_is_faster_and_sooner_loaded(client, road):
    assert ask(client, vehicle="small_truck").json()["hours"] == pytest.approx(
        2.7 / 1.1 + 1, abs=0.01
    )


def test_closed_road_is_no_way(client, road):
    type(road).objects.update(status="closed", version=2)
    told = ask(client).json()
    assert (told["reachable"], told["hours"], told["parts"]) == (False, None, [])


def test_link_counts_from_its_opening_day(client, road):
    type(road).objects.update(opens_on=dt.date(2027, 3, 1), version=2)
    assert ask(client, on="2027-02-28").json()["reachable"] is False
    assert ask(client, on="2027-03-01").json()["reachable"] is True


def test_gate_makes_the_late_lorry_wait(client, gate):
    query = {"from": "22", "to": "gate_x", "departs_at": "2026-11-23T18:00:00+07:00"}
    told = client.get("/api/v1/travel", query).json()
    # An hour of loading and half an hour of way: 19:30, and the gate opens at 7:00.
    assert {part["kind"]: part["hours"] for part in told["parts"]} == {
        "driving": 0.5, "loading": 2.0, "gate": 11.5,
    }  # fmt: skip
    assert told["arrives_at"].startswith("2026-11-24T08:00")


@pytest.mark.parametrize(("query", "field"), [
    ({"from": "99"}, "from"), ({"to": "\u0661\u0662"}, "to"), ({"to": "x" * 31}, "to"),
    ({"to": ""}, "to"), ({"on": "soon"}, "on"), ({"vehicle": "ox cart"}, "vehicle"),
    ({"departs_at": "noon"}, "departs_at"),
])  # fmt: skip
def test_unreadable_question_says_which_part(client, road, query, field):
    response = ask(client, **query)
    assert response.status_code == 400
    assert set(response.json()["errors"]) == {field}
