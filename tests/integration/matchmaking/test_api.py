"""Matches and previews over the API: what a key may see, do, and send by mistake."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from core.accounts.enums import ApiScope
from core.kernel import clock
from matchmaking.models import Match
from matchmaking.services import refresh

pytestmark = pytest.mark.django_db


def key_of(user, *scopes: ApiScope) -> Client:
    from core.accounts import services

    organisation = user.memberships.get().organisation
    made = services.create_api_key(
        organisation_id=organisation.pk, name="thử", scopes=list(scopes), created_by_id=user.pk
    )
    return Client(headers={"Authorization": f"Bearer {made.token}"})


@pytest.fixture
def match(world) -> Match:
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    return Match.objects.get()


def preview(**changes) -> dict:
    day = clock.today()
    body = {
        "offer": {
            "product_name": "Cam Vân Đồn",
            "category": "cam",
            "quantity": "5",
            "unit": "tan",
            "price_vnd": 30_000_000,
            "available_from": day.isoformat(),
            "available_to": (day + dt.timedelta(days=30)).isoformat(),
            "origin": {"province": "22"},
            "papers": [{"kind": "growing_area_code", "market": "VN"}],
        },
        "request": {
            "words": "cam",
            "category": "cam",
            "quantity": "2",
            "unit": "tan",
            "period": "week",
            "price_ceiling_vnd": 45_000_000,
            "needed_from": day.isoformat(),
            "needed_to": (day + dt.timedelta(days=13)).isoformat(),
            "places": [{"province": "01"}],
            "required_papers": ["growing_area_code"],
        },
    }
    for path, value in changes.items():
        side, field = path.split("__")
        body[side][field] = value
    return body


def test_list_without_key_is_401_as_a_problem(client):
    answer = client.get("/api/v1/matches")

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_key_sees_only_its_own_matches(world, match):
    from tests.factories import accounts

    mine = key_of(world.seller, ApiScope.READ).get("/api/v1/matches").json()
    strangers = key_of(accounts.MembershipFactory().user, ApiScope.READ)

    assert [row["id"] for row in mine["results"]] == [match.pk]
    assert strangers.get("/api/v1/matches").json()["results"] == []
    assert strangers.get(f"/api/v1/matches/{match.pk}").status_code == 404


def test_detail_tells_parts_that_sum_to_the_score_and_hides_the_contact(world, match):
    body = key_of(world.seller, ApiScope.READ).get(f"/api/v1/matches/{match.pk}").json()

    assert sum(reason["points"] for reason in body["reasons"]) == body["score"]
    assert body["contact"] is None


def test_deciding_needs_its_scope(world, match):
    key = key_of(world.seller, ApiScope.READ, ApiScope.WRITE)

    answer = key.post(
        f"/api/v1/matches/{match.pk}/decide", {"verdict": "accepted"}, "application/json"
    )

    assert answer.status_code == 403


def test_deciding_twice_with_one_idempotency_key_replays_the_first_answer(world, match):
    key = key_of(world.seller, ApiScope.READ, ApiScope.DECIDE)
    url, headers = f"/api/v1/matches/{match.pk}/decide", {"Idempotency-Key": "a-1"}

    first = key.post(url, {"verdict": "accepted"}, "application/json", headers=headers)
    again = key.post(url, {"verdict": "accepted"}, "application/json", headers=headers)
    other = key.post(
        url, {"verdict": "declined", "reason": "price"}, "application/json", headers=headers
    )

    assert first.status_code == 200, first.content
    assert (again.json(), again["Idempotent-Replayed"]) == (first.json(), "true")
    assert other.status_code == 422


def test_declining_without_reason_names_the_field(world, match):
    key = key_of(world.buyer, ApiScope.READ, ApiScope.DECIDE)

    answer = key.post(
        f"/api/v1/matches/{match.pk}/decide", {"verdict": "declined"}, "application/json"
    )

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["reason"]


def test_preview_scores_as_the_sum_of_its_parts_and_stores_nothing(world):
    answer = key_of(world.buyer, ApiScope.READ).post(
        "/api/v1/match-previews", preview(), "application/json"
    )

    body = answer.json()
    assert answer.status_code == 200, body
    assert (body["eligible"], body["refusals"]) == (True, [])
    assert body["score"] == sum(part["points"] for part in body["parts"])
    assert not Match.objects.exists()


def test_preview_of_a_refused_pair_names_gaps_with_the_nearest_change(world):
    body = (
        key_of(world.buyer, ApiScope.READ)
        .post("/api/v1/match-previews", preview(offer__papers=[]), "application/json")
        .json()
    )

    assert body["eligible"] is False
    assert [reason["code"] for reason in body["refusals"]] == ["papers_missing"]
    assert body["refusals"][0]["change"]


BAD = [
    ({"offer__category": "there-is-none"}, ["offer", "category"]),
    ({"offer__unit": "m2"}, ["offer", "unit"]),
    ({"offer__unit": "thung"}, ["offer", "pack_size"]),
    ({"offer__quantity": "-1"}, ["offer", "quantity"]),
    ({"offer__quantity": "9999999999999"}, ["offer", "quantity"]),
    ({"offer__available_to": "2001-01-01"}, ["offer", "available_to"]),
    ({"offer__available_from": "2026-13-01"}, ["offer", "available_from"]),
    ({"offer__origin": {"province": "99"}}, ["offer", "origin"]),
    ({"offer__product_name": "x" * 201}, ["offer", "product_name"]),
    ({"request__places": []}, ["request", "places"]),
    ({"request__minimum_stars": 2}, ["request", "minimum_stars"]),
    ({"request__required_papers": ["magic"]}, ["request", "required_papers"]),
]


@pytest.mark.parametrize(("changes", "path"), BAD)
def test_preview_names_the_field_that_is_wrong(world, changes, path):
    from tests.factories import producers

    producers.unit("m2"), producers.unit("thung")
    answer = key_of(world.buyer, ApiScope.READ).post(
        "/api/v1/match-previews", preview(**changes), "application/json"
    )

    errors = answer.json()["errors"]
    assert answer.status_code == 400
    assert [next(iter(errors)), next(iter(errors[path[0]]))] == path


HOSTILE = [
    b"[" * 100_000,
    b'{"a":' * 3_000 + b"1" + b"}" * 3_000,
    b'{"offer": "x\\u0000"}',
    b'{"offer": "\\ud800"}',
    b'{"offer": NaN}',
    b"",
    b"null",
    b'"x"',
    b"[]",
    b"{}",
    b'{"offer": {"product_name": "' + b"x" * 3_000_000 + b'"}}',
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_bodies_are_refused_as_problems(world, body):
    key = key_of(world.buyer, ApiScope.READ)

    answer = key.post("/api/v1/match-previews", body, "application/json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
