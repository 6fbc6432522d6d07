"""API keys: shown once, stored as a hash, dead once revoked."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from core.accounts import services
from core.accounts.enums import ApiScope, OrganisationStatus
from core.accounts.models import ApiKey, Organisation
from core.kernel import clock
from tests.factories.accounts import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
LIST = "accounts:api_key_list"


@pytest.fixture
def owner():
    return MembershipFactory()


@pytest.fixture
def made(owner):
    return services.create_api_key(
        organisation_id=owner.organisation_id,
        name="Kho",
        scopes=[ApiScope.READ, ApiScope.WRITE],
        created_by_id=owner.user_id,
    )


def test_the_secret_is_shown_once_and_never_stored(client_for, owner):
    client = client_for(owner.user)
    response = client.post(reverse(LIST), {"name": "Kho lạnh", "scopes": ["read"]})
    token = response.context["created"].token
    key = ApiKey.objects.get()
    assert token in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert token not in client.get(reverse(LIST)).content.decode()
    assert token.split("_", 2)[2] not in str(vars(key))
    assert services.actor_of_api_key(token).organisation == owner.organisation


def test_a_key_acts_for_its_organisation_within_its_scopes(owner, made):
    actor = services.actor_of_api_key(made.token)
    assert actor.organisation == owner.organisation
    assert actor.scopes == {ApiScope.READ, ApiScope.WRITE}
    assert (actor.user, actor.role) == (None, None)
    assert not actor.has_scope(ApiScope.DECIDE)


def test_a_wrong_secret_with_a_right_prefix_is_nobody(made):
    assert services.actor_of_api_key(made.token[:-1] + "~") is None
    assert services.actor_of_api_key("") is None
    assert services.actor_of_api_key("nc_" + made.key.prefix + "_") is None


def test_a_revoked_key_is_nobody(client_for, owner, made):
    client = client_for(owner.user)
    address = reverse("accounts:api_key_revoke", args=[made.key.pk])
    client.get(address)
    assert services.actor_of_api_key(made.token) is not None
    client.post(address)
    assert services.actor_of_api_key(made.token) is None


@pytest.mark.parametrize("status", [s for s in OrganisationStatus if s != "approved"])
def test_the_key_of_an_unapproved_organisation_is_nobody(made, status):
    Organisation.objects.update(status=status)
    assert services.actor_of_api_key(made.token) is None


def test_the_day_of_use_is_noted_once_a_day(made, django_assert_num_queries):
    services.actor_of_api_key(made.token)
    made.key.refresh_from_db()
    assert made.key.last_used_on == clock.today()
    with django_assert_num_queries(1):
        services.actor_of_api_key(made.token)


def test_a_later_day_is_noted_again(made):
    ApiKey.objects.update(last_used_on=clock.today() - dt.timedelta(days=3))
    services.actor_of_api_key(made.token)
    made.key.refresh_from_db()
    assert made.key.last_used_on == clock.today()


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"name": "", "scopes": ["read"]}, {"name"}),
        ({"name": "x" * 81, "scopes": ["read"]}, {"name"}),
        ({"name": "Kho"}, {"scopes"}),
        ({"name": "Kho", "scopes": ["root"]}, {"scopes"}),
    ],
)
def test_a_wrong_key_names_the_field(client_for, owner, data, fields):
    response = client_for(owner.user).post(reverse(LIST), data)
    assert response.context["form"].errors.keys() == fields
    assert not ApiKey.objects.exists()


def test_an_unapproved_organisation_makes_no_keys(client_for):
    member = MembershipFactory(organisation=OrganisationFactory(submitted=True))
    client_for(member.user).post(reverse(LIST), {"name": "Kho", "scopes": ["read"]})
    assert not ApiKey.objects.exists()


def test_the_history_of_a_key_holds_no_secret(made):
    revision = ApiKey.pgh_event_model.objects.get()
    assert made.key.secret_sha256 not in str(vars(revision))
