"""One's own organisation: seeing, changing, switching; who may and who may not."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.accounts.models import ApiKey, Organisation, TaxCodeClaim
from core.kernel import clock
from core.outbox.models import OutboxMessage
from tests.factories.accounts import (
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    commune,
    province,
    tax_code,
)

pytestmark = pytest.mark.django_db
PAGE = "accounts:organisation"


@pytest.fixture
def owner():
    return MembershipFactory()


def contact(**changes):
    return {
        "contact_name": "Người Mới",
        "contact_phone": "0987 654 321",
        "contact_email": "moi@vidu.example",
        "commune": commune().pk,
        "address": "Số 2",
        **changes,
    }


def identity(organisation, **changes):
    return {
        "name": organisation.name,
        "kind": organisation.kind,
        "is_producer": "on",
        "province": organisation.province_id,
        "tax_code": organisation.tax_code,
        **changes,
    }


def test_the_page_masks_the_tax_code(client_for, owner):
    page = client_for(owner.user).get(reverse(PAGE)).content.decode()
    assert owner.organisation.name in page
    assert owner.organisation.tax_code not in page


def test_contact_changes_at_once_without_the_officer(client_for, owner):
    client_for(owner.user).post(reverse("accounts:organisation_contact"), contact())
    organisation = Organisation.objects.get()
    assert str(organisation.contact_phone) == "+84987654321"
    assert organisation.status == "approved"
    assert not OutboxMessage.objects.exists()


def test_a_new_name_goes_to_the_officer_again(client_for, owner):
    data = identity(owner.organisation, name="Tên mới")
    client_for(owner.user).post(reverse("accounts:organisation_identity"), data)
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.name_folded) == ("Tên mới", "ten moi")
    assert organisation.status == "submitted"
    assert OutboxMessage.objects.get().type == "accounts.organisation.submitted.v1"


def test_saving_without_a_change_asks_nobody(client_for, owner):
    data = identity(owner.organisation)
    client_for(owner.user).post(reverse("accounts:organisation_identity"), data)
    assert Organisation.objects.get().status == "approved"
    assert not OutboxMessage.objects.exists()


def test_a_new_tax_code_releases_the_old_one(client_for, owner):
    code = tax_code(9_700)
    data = identity(owner.organisation, tax_code=code)
    client_for(owner.user).post(reverse("accounts:organisation_identity"), data)
    claims = dict(TaxCodeClaim.objects.values_list("tax_code", "status"))
    assert claims == {owner.organisation.tax_code: "released", code: "held"}


def test_another_province_asks_for_a_commune_there(client_for, owner):
    ninh = province("24", name="Bắc Ninh")
    response = client_for(owner.user).post(
        reverse("accounts:organisation_identity"), identity(owner.organisation, province=ninh.pk)
    )
    assert response.url == reverse("accounts:organisation_contact")
    assert Organisation.objects.get().commune is None


def test_a_commune_of_another_province_is_refused(client_for, owner):
    kep = commune("07375", name="Kép", within=province("24", name="Bắc Ninh"))
    response = client_for(owner.user).post(
        reverse("accounts:organisation_contact"), contact(commune=kep.pk)
    )
    assert response.context["form"].errors.keys() == {"commune"}


def test_somebody_elses_code_is_answered_like_any_other(client_for, owner):
    other = OrganisationFactory()
    client = client_for(owner.user)
    address = reverse("accounts:organisation_identity")
    free = client.post(address, identity(owner.organisation, tax_code=tax_code(9_800)))
    taken = client.post(address, identity(owner.organisation, tax_code=other.tax_code))
    assert (free.status_code, free.url) == (taken.status_code, taken.url)
    assert TaxCodeClaim.objects.get(organisation=owner.organisation, status="queued")


def test_switching_acts_for_the_other_organisation(client_for, owner):
    second = MembershipFactory(user=owner.user)
    client = client_for(owner.user)
    old_session = client.session.session_key
    client.post(reverse("accounts:switch_organisation"), {"organisation": second.organisation_id})
    assert second.organisation.name in client.get(reverse(PAGE)).content.decode()
    assert client.session.session_key != old_session


@pytest.mark.parametrize("chosen", ["", "abc", "0", "9" * 400, "foreign"])
def test_switching_to_what_is_not_ones_own_does_not_exist(client_for, owner, chosen):
    foreign = OrganisationFactory()
    value = foreign.pk if chosen == "foreign" else chosen
    client = client_for(owner.user)
    response = client.post(reverse("accounts:switch_organisation"), {"organisation": value})
    assert response.status_code == 404
    assert owner.organisation.name in client.get(reverse(PAGE)).content.decode()


# Who may open what. Rows: (route, arguments); columns: the answer to GET and POST by role.
ROUTES = {
    "organisation": {"owner": (200, 405), "editor": (200, 405), "viewer": (200, 405)},
    "organisation_contact": {"owner": (200, 200), "editor": (200, 200), "viewer": (404, 404)},
    "organisation_identity": {"owner": (200, 200), "editor": (200, 200), "viewer": (404, 404)},
    "member_list": {"owner": (200, 200), "editor": (200, 404), "viewer": (200, 404)},
    "member_change": {"owner": (405, 302), "editor": (405, 404), "viewer": (405, 404)},
    "member_remove": {"owner": (200, 302), "editor": (404, 404), "viewer": (404, 404)},
    "invitation_revoke": {"owner": (405, 302), "editor": (405, 404), "viewer": (405, 404)},
    "api_key_list": {"owner": (200, 200), "editor": (404, 404), "viewer": (404, 404)},
    "api_key_revoke": {"owner": (200, 302), "editor": (404, 404), "viewer": (404, 404)},
    "profile": {"owner": (200, 200), "editor": (200, 200), "viewer": (200, 200)},
    "officer_organisations": {"owner": (404, 405), "editor": (404, 405), "viewer": (404, 405)},
    "officer_organisation": {"owner": (404, 404), "editor": (404, 404), "viewer": (404, 404)},
    "officer_tax_code": {"owner": (405, 404), "editor": (405, 404), "viewer": (405, 404)},
}


def arguments(route, organisation):
    if route in {"member_change", "member_remove"}:
        return [MembershipFactory(organisation=organisation, role="editor").pk]
    if route == "invitation_revoke":
        return [InvitationFactory(organisation=organisation).pk]
    if route == "api_key_revoke":
        key = ApiKey.objects.create(
            organisation=organisation,
            name="k",
            prefix="p" * 8,
            secret_sha256="x",
            scopes=["read"],
        )
        return [key.pk]
    if route in {"officer_organisation", "officer_tax_code"}:
        return [organisation.pk]
    return []


@pytest.mark.parametrize("role", ["owner", "editor", "viewer"])
@pytest.mark.parametrize("route", ROUTES)
def test_each_role_opens_what_the_table_says(client_for, route, role):
    member = MembershipFactory(role=role)
    client = client_for(member.user)
    address = reverse(f"accounts:{route}", args=arguments(route, member.organisation))
    answers = (client.get(address).status_code, client.post(address, {}).status_code)
    assert answers == ROUTES[route][role]


WITH_OBJECT = (
    "member_change",
    "member_remove",
    "invitation_revoke",
    "api_key_revoke",
    "officer_organisation",
    "officer_tax_code",
)


@pytest.mark.parametrize("route", WITH_OBJECT)
def test_foreign_objects_do_not_exist_for_an_owner_elsewhere(client_for, route):
    foreign = MembershipFactory().organisation
    args = arguments(route, foreign)
    client = client_for(MembershipFactory().user)
    before = list(Organisation.objects.order_by("pk").values())
    members = foreign.memberships.count()
    response = client.post(reverse(f"accounts:{route}", args=args), {"role": "owner"})
    assert response.status_code == 404
    assert list(Organisation.objects.order_by("pk").values()) == before
    assert foreign.memberships.count() == members
    assert not foreign.api_keys.exclude(revoked_at=None).exists()


@pytest.mark.parametrize("route", [*ROUTES, "switch_organisation"])
def test_a_visitor_is_asked_to_sign_in(client, route):
    args = arguments(route, OrganisationFactory())
    address = reverse(f"accounts:{route}", args=args)
    for response in (client.get(address), client.post(address, {})):
        assert response.status_code in {302, 405}
        if response.status_code == 302:
            assert response.url.startswith("/accounts/login/")


def test_somebody_without_an_organisation_is_led_to_registration(client_for):
    assert client_for(UserFactory()).get(reverse(PAGE)).url == reverse("accounts:join")


def test_an_ended_membership_ends_the_access_at_once(client_for, owner):
    client = client_for(owner.user, acting_for=owner.organisation)
    owner.delete()
    assert client.get(reverse(PAGE)).status_code == 302


def test_the_profile_keeps_name_and_language(client_for, owner, settings):
    client = client_for(owner.user)
    response = client.post(
        reverse("accounts:profile"), {"full_name": " Trần  Văn\u200b B ", "language": "en"}
    )
    owner.user.refresh_from_db()
    assert (owner.user.full_name, owner.user.language) == ("Trần Văn B", "en")
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_a_key_of_somebody_else_is_not_listed(client_for, owner):
    ApiKey.objects.create(
        organisation=OrganisationFactory(), name="Bí mật", prefix="p" * 8, secret_sha256="x",
        scopes=["read"], created_at=clock.now(),
    )  # fmt: skip
    assert (
        "Bí mật"
        not in client_for(owner.user).get(reverse("accounts:api_key_list")).content.decode()
    )
