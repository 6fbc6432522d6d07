"""The API of requests: rows without contact data, writes through services, errors by field."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buyers.models import DemandRequest
from core.accounts.enums import Role
from core.kernel import clock
from tests.factories.accounts import MembershipFactory, province
from tests.factories.buyers import DemandRequestFactory, OutletFactory, category, unit

pytestmark = pytest.mark.django_db
REQUESTS = "/api/v1/requests"


@pytest.fixture
def body():
    """Return a maker of the JSON of a plain request."""

    def make(**changed) -> dict:
        first = clock.today() + dt.timedelta(days=1)
        values = {
            "words": "cam Vân Đồn",
            "category": category().code,
            "quantity": "12",
            "unit": unit("tan").code,
            "needed_from": first.isoformat(),
            "needed_to": (first + dt.timedelta(days=27)).isoformat(),
            "delivery_province": province().code,
        }
        return values | changed

    return make


def send(client, address: str, data: object = None, *, method: str = "post", **headers):
    return getattr(client, method)(
        address, json.dumps(data or {}), content_type="application/json", headers=headers
    )


def test_a_request_is_made_published_changed_and_closed(client_for, owner, body, events):
    client = client_for(owner.user)
    made = send(client, REQUESTS, body(price_ceiling_vnd=25_000_000))
    assert made.status_code == 201
    row = made.json()
    assert (row["status"], row["quantity_base"], row["category_code"]) == (
        "draft",
        "12000",
        "B01-cam",
    )
    address = f"{REQUESTS}/{row['id']}"
    assert send(client, f"{address}/publish").json()["version"] == 2
    changed = send(client, address, {"quantity": "5"}, method="patch").json()
    assert (changed["version"], changed["quantity_base"]) == (3, "5000")
    assert send(client, f"{address}/close").json()["status"] == "closed"
    assert [kind.split(".")[2] for kind, _ in events()] == ["published", "changed", "closed"]


def test_a_repeated_post_with_its_key_changes_nothing(client_for, owner, body):
    client = client_for(owner.user)
    sent = body()
    first = send(client, REQUESTS, sent, **{"Idempotency-Key": "k1"})
    again = send(client, REQUESTS, sent, **{"Idempotency-Key": "k1"})
    assert again.json() == first.json()
    assert DemandRequest.objects.count() == 1
    other = send(client, REQUESTS, body(quantity="9"), **{"Idempotency-Key": "k1"})
    assert other.status_code == 422


WRONG = [
    ("quantity", "-1"),
    ("quantity", "NaN"),
    ("quantity", 1e400),
    ("quantity", None),
    ("quantity", "1.0000001"),
    ("category", "nope"),
    ("category", 5),
    ("unit", "ha"),
    ("unit", "thung"),
    ("words", "\u200b"),
    ("words", "x" * 201),
    ("words", ["a"]),
    ("needed_from", "2020-01-01"),
    ("needed_to", "9999-12-31"),
    ("needed_to", "2026-13-01"),
    ("delivery_province", "99"),
    ("banner_id", 999_999_999),
    ("banner_id", 10**30),
    ("outlet_ids", [999_999_999]),
    ("outlet_ids", "all"),
    ("minimum_stars", 2),
    ("required_papers", ["passport"]),
    ("price_ceiling_vnd", 0),
    ("price_ceiling_vnd", 10**30),
    ("storage", "warm"),
    ("status", "published"),
    ("group", 1),
    ("id", 7),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_bad_input_is_a_problem_that_names_a_field(client_for, owner, body, field, value):
    for code in ("ha", "thung"):
        unit(code)
    response = send(client_for(owner.user), REQUESTS, body(**{field: value}))
    assert response.status_code == 400
    assert response["Content-Type"].startswith("application/problem+json")
    if value != 1e400:
        expected = "pack_size" if value == "thung" else field
        assert list(response.json()["errors"]) == [expected]
    assert not DemandRequest.objects.exists()


@pytest.mark.parametrize("sent", [None, [], "x", 7])
def test_a_body_that_is_no_object_is_refused(client_for, owner, sent):
    client = client_for(owner.user)
    response = client.post(REQUESTS, json.dumps(sent), content_type="application/json")
    assert response.status_code == 400


def test_others_read_open_requests_and_no_contact_data(client_for, owner):
    shown = DemandRequestFactory(published=True)
    DemandRequestFactory()
    reader = client_for(MembershipFactory().user)
    (row,) = reader.get(REQUESTS).json()["results"]
    assert (row["id"], row["organisation_name"]) == (shown.pk, shown.group.organisation.name)
    assert not [name for name in row if "contact" in name or "phone" in name or "email" in name]
    assert reader.get(f"{REQUESTS}/{shown.pk}").json() == row
    assert client_for(owner.user).get(REQUESTS).json()["results"] == []
    assert client_for().get(REQUESTS).status_code == 401


def test_foreign_requests_are_absent_and_viewers_do_not_write(client_for, owner, body):
    foreign = DemandRequestFactory(published=True)
    client = client_for(owner.user)
    for address, method in [
        (f"{REQUESTS}/{foreign.pk}", "patch"),
        (f"{REQUESTS}/{foreign.pk}/publish", "post"),
        (f"{REQUESTS}/{foreign.pk}/close", "post"),
    ]:
        assert send(client, address, {}, method=method).status_code == 404
    assert client.get(f"{REQUESTS}/{foreign.pk}").status_code == 404
    outlet = OutletFactory()
    assert send(client, REQUESTS, body(outlet_ids=[outlet.pk])).status_code == 400
    viewer = MembershipFactory(organisation=owner.organisation, role=Role.VIEWER)
    assert send(client_for(viewer.user), REQUESTS, body()).status_code == 403
    producer = client_for(MembershipFactory().user)
    assert send(producer, REQUESTS, body()).status_code == 403
    assert send(producer, f"{REQUESTS}/{foreign.pk}/close").status_code == 403


def test_a_list_of_three_takes_one_query_as_a_list_of_one_does(client_for):
    client = client_for(MembershipFactory().user)
    DemandRequestFactory(published=True)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(REQUESTS).status_code == 200
        return sum('"buyers_' in query["sql"] for query in captured)

    assert count() == 1
    for _ in range(2):
        DemandRequestFactory(published=True)
    assert count() == 1


def test_the_list_is_narrowed_and_paged(client_for):
    client = client_for(MembershipFactory().user)
    for _ in range(3):
        DemandRequestFactory(published=True)
    page = client.get(REQUESTS, {"page_size": "2"}).json()
    assert len(page["results"]) == 2
    assert page["next"]
    assert client.get(REQUESTS, {"q": "che"}).json()["results"] == []
    assert len(client.get(REQUESTS, {"category": "B01-cam"}).json()["results"]) == 3
    for query in [{"category": "nope"}, {"organisation": "²"}, {"needed_on": "x"}]:
        assert client.get(REQUESTS, query).status_code == 400
