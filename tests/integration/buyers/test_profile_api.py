"""The API of requirement profiles: drafts of one's own, what is published of others."""

from __future__ import annotations

import json

import pytest

from tests.factories.accounts import MembershipFactory
from tests.factories.buyers import BuyerGroupFactory, RequirementProfileFactory, category
from tests.factories.producers import ProducerFactory

pytestmark = pytest.mark.django_db
API = "/api/v1/requirement-profiles"


def sent(client, address: str, body: object = None, method: str = "post"):
    return getattr(client, method)(address, json.dumps(body or {}), content_type="application/json")


def test_profile_is_drafted_changed_shown_published_and_renewed_through_the_api(client_for):
    owner = MembershipFactory(organisation=BuyerGroupFactory().organisation)
    client = client_for(owner.user)
    body = {
        "category": category().code, "channel": "export", "market": "CN",
        "required_papers": ["growing_area_code"], "weekly_capacity_kg": 2000, "payment_days": 15,
    }  # fmt: skip

    made = sent(client, API, body)
    address = f"{API}/{made.json()['id']}"
    changed = sent(client, address, {"test_report_months": 12, "category": None}, "patch")
    effect = client.get(f"/api/v1/requirement-effects/{made.json()['id']}")
    published = sent(client, f"{address}/publish")
    again = sent(client, address, {"payment_days": 1}, "patch")
    renewed = sent(client, f"{address}/renew")
    gone = client.delete(f"{API}/{renewed.json()['id']}")

    assert (made.status_code, made.json()["status"], made.json()["version"]) == (201, "draft", 1)
    assert (changed.json()["category_code"], changed.json()["payment_days"]) == (None, 15)
    assert (effect.json()["drop_out"], effect.json()["dropped"]) == (0, [])
    assert (published.json()["status"], again.status_code) == ("published", 409)
    assert (renewed.json()["version"], renewed.json()["test_report_months"]) == (2, 12)
    assert gone.status_code == 204


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"payment_days": -1}, "payment_days"),
        ({"discount_percent": 101}, "discount_percent"),
        ({"required_papers": ["no_such_paper"]}, "required_papers"),
        ({"minimum_stars": 2}, "minimum_stars"),
        ({"banner_id": 987654}, "banner_id"),
        ({"group_id": 1}, "group_id"),
    ],
)
def test_api_says_which_field_of_a_profile_is_wrong(client_for, body, field):
    owner = MembershipFactory(organisation=BuyerGroupFactory().organisation)

    answer = sent(client_for(owner.user), API, body)

    assert answer.status_code == 400
    assert field in json.dumps(answer.json())


def test_others_read_what_is_published_and_never_a_draft_or_a_competitor(client_for):
    group = BuyerGroupFactory()
    open_one = RequirementProfileFactory(group=group, published=True, category=category())
    RequirementProfileFactory(group=group)
    seller = MembershipFactory(organisation=ProducerFactory().organisation).user
    rival = MembershipFactory(organisation=BuyerGroupFactory().organisation).user

    seen = {
        name: [row["id"] for row in client_for(user).get(API).json()["results"]]
        for name, user in {"seller": seller, "rival": rival}.items()
    }

    assert seen == {"seller": [open_one.pk], "rival": []}
    assert client_for(rival).get(f"{API}/{open_one.pk}").status_code == 404
    assert client_for(rival).get(f"{API}/defaults").json() == []
    rows = client_for(seller).get(f"{API}/defaults").json()
    assert {row["status"] for row in rows} == {"draft_unverified"}
    assert {"GO! (Central Retail)", "WinMart (WinCommerce)"} <= {
        row["organisation_name"] for row in rows
    }
