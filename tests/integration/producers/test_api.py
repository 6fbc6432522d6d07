"""Offers and products by JSON: own and foreign rows, transitions, errors by field."""

from __future__ import annotations

import datetime as dt

import orjson
import pytest

from core.accounts.enums import Role
from core.kernel import clock
from core.outbox.models import OutboxMessage
from producers.models import Product, SupplyOffer
from tests.factories.accounts import MembershipFactory
from tests.factories.producers import (
    ProductFactory,
    SupplyOfferFactory,
    category,
    unit,
)

pytestmark = pytest.mark.django_db
OFFERS = "/api/v1/offers"


@pytest.fixture
def post(client):
    def send(path, body=None, method="post", **headers):
        return getattr(client, method)(
            path,
            data=orjson.dumps(body) if body is not None else b"",
            content_type="application/json",
            headers=headers,
        )

    return send


@pytest.fixture
def body(product):
    unit("tan")
    return {
        "product": product.pk,
        "quantity": "2.5",
        "unit": "tan",
        "price_vnd": 25_000_000,
        "available_from": clock.today().isoformat(),
        "available_to": (clock.today() + dt.timedelta(days=20)).isoformat(),
    }


def test_an_offer_is_written_published_revised_and_withdrawn(post, body):
    written = post(OFFERS, body)
    assert written.status_code == 201
    row = written.json()
    assert (row["status"], row["quantity_base"], row["unit_code"]) == ("draft", "2500", "tan")
    one = f"{OFFERS}/{row['id']}"
    assert post(f"{one}/publish").json()["status"] == "published"
    assert post(one, {"quantity": "3"}, "patch").json()["quantity_base"] == "3000"
    assert post(f"{one}/withdraw").json()["status"] == "withdrawn"
    assert [m.type.split(".")[-2] for m in OutboxMessage.objects.order_by("pk")] == [
        "published",
        "changed",
        "withdrawn",
    ]


def test_the_same_idempotency_key_writes_one_offer(post, body):
    first = post(OFFERS, body, **{"Idempotency-Key": "a1"})
    again = post(OFFERS, body, **{"Idempotency-Key": "a1"})
    assert (first.json(), SupplyOffer.objects.count()) == (again.json(), 1)
    other = post(OFFERS, body | {"quantity": "9"}, **{"Idempotency-Key": "a1"})
    assert other.status_code == 422


def test_a_step_from_the_wrong_state_is_a_conflict(post, owner):
    offer = SupplyOfferFactory(producer=owner.organisation.producer)
    answer = post(f"{OFFERS}/{offer.pk}/withdraw")
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quantity": "-1"}, "quantity"),
        ({"quantity": "NaN"}, "quantity"),
        ({"quantity": "1.23456"}, "quantity"),
        ({"quantity": None}, "quantity"),
        ({"quantity": []}, "quantity"),
        ({"unit": "stone"}, "unit"),
        ({"unit": "thung"}, "pack_size"),
        ({"product": 0}, "product"),
        ({"product": 2**63}, "product"),
        ({"product": "x"}, "product"),
        ({"price_vnd": 0}, "price_vnd"),
        ({"price_vnd": 10**12}, "price_vnd"),
        ({"available_to": "2020-01-01"}, "available_to"),
        ({"available_to": "0001-01-01"}, "available_to"),
        ({"available_to": "9999-12-31"}, "available_to"),
        ({"available_from": "2026-13-01"}, "available_from"),
        ({"storage": "hot"}, "storage"),
        ({"origin_province": "99"}, "origin_province"),
        ({"note": "x" * 1001}, "note"),
        ({"status": "published"}, "status"),
        ({"producer_id": 1}, "producer_id"),
    ],
)
def test_a_wrong_value_is_named_at_its_field_and_nothing_is_stored(post, body, change, field):
    unit("thung")
    answer = post(OFFERS, body | change)
    assert (answer.status_code, field in answer.json()["errors"]) == (400, True)
    assert SupplyOffer.objects.count() == 0


@pytest.mark.parametrize("body_", ["x", [], None, 1])
def test_a_body_that_is_no_object_is_refused(post, body_):
    assert post(OFFERS, body_).status_code == 400


def test_others_see_only_open_offers_and_never_the_lowest_price(post, client, owner):
    theirs = SupplyOfferFactory(published=True)
    SupplyOfferFactory()  # a draft of somebody else
    mine = SupplyOfferFactory(producer=owner.organisation.producer)
    rows = client.get(OFFERS).json()["results"]
    assert [(r["id"], r["lowest_price_vnd"]) for r in rows] == [
        (mine.pk, 30_000_000),
        (theirs.pk, None),
    ]
    assert [r["id"] for r in client.get(f"{OFFERS}?mine=true").json()["results"]] == [mine.pk]
    text = client.get(OFFERS).content.decode()
    organisation = theirs.producer.organisation
    for secret in (organisation.contact_email, organisation.tax_code, "30000000.000"):
        assert secret not in text


@pytest.mark.parametrize("step", ["", "/publish", "/withdraw"])
def test_another_organisations_offer_cannot_be_changed(post, step):
    theirs = SupplyOfferFactory(published=True)
    method = "post" if step else "patch"
    answer = post(f"{OFFERS}/{theirs.pk}{step}", {} if not step else None, method)
    assert answer.status_code == 404


def test_a_hidden_offer_answers_like_one_that_does_not_exist(client):
    hidden, absent = SupplyOfferFactory(), 999_999
    answers = [client.get(f"{OFFERS}/{pk}") for pk in (hidden.pk, absent, 10**30)]
    assert {a.status_code for a in answers} == {404}
    assert answers[0].content == answers[1].content


def test_a_viewer_and_a_buyer_may_read_but_not_write(client_for, owner, body):
    viewer = MembershipFactory(organisation=owner.organisation, role=Role.VIEWER)
    buyer = MembershipFactory(organisation__buyer=True)
    for user in (viewer.user, buyer.user):
        client = client_for(user)
        assert client.get(OFFERS).status_code == 200
        answer = client.post(OFFERS, orjson.dumps(body), content_type="application/json")
        assert answer.status_code == 403
    assert client_for().get(OFFERS).status_code in {401, 403}


@pytest.mark.parametrize("query", ["status=zzz", "category=²", "province=x", "product=1e999"])
def test_a_filter_that_cannot_be_meant_is_refused(client, query):
    assert client.get(f"{OFFERS}?{query}").status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_queries_whatever_its_length(
    client, count, django_assert_num_queries
):
    SupplyOfferFactory.create_batch(count, published=True)
    client.get(OFFERS)
    with django_assert_num_queries(QUERIES_OF_LIST):
        client.get(OFFERS)


QUERIES_OF_LIST = 7  # six of them are session, person, memberships and posts


def test_a_product_is_added_and_changed(post, owner):
    category()
    typed = {"name": "Nem  chua\u200b", "category": "cam", "storage": "chilled"}
    row = post("/api/v1/products", typed).json()
    assert (row["name"], row["category_code"]) == ("Nem chua", "cam")
    changed = post(f"/api/v1/products/{row['id']}", {"gtin": "8936000000011"}, "patch").json()
    assert (changed["gtin"], changed["version"]) == ("8936000000011", 2)
    wrong = post(f"/api/v1/products/{row['id']}", {"gtin": "8936000000012"}, "patch")
    assert list(wrong.json()["errors"]) == ["gtin"]
    again = post("/api/v1/products", typed | {"name": "NEM CHUA"})
    assert list(again.json()["errors"]) == ["name"]
    assert Product.objects.count() == 1


def test_a_product_of_another_organisation_cannot_be_changed(post):
    theirs = ProductFactory()
    assert post(f"/api/v1/products/{theirs.pk}", {"name": "x"}, "patch").status_code == 404
