"""Registration from the first step to the officer's desk."""

from __future__ import annotations

import re
import unicodedata

import pytest
from django.urls import reverse

from core.accounts import services
from core.accounts.enums import ClaimStatus, ConsentPurpose, OrganisationStatus, Role
from core.accounts.models import Consent, Organisation, TaxCodeClaim
from core.outbox.models import OutboxMessage
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    commune,
    province,
    tax_code,
)

pytestmark = pytest.mark.django_db
CODE = tax_code(9_001)


def business(**changes):
    return {
        "name": "Hợp tác xã Cam Vạn Yên",
        "kind": "cooperative",
        "is_producer": "on",
        "province": province().pk,
        **changes,
    }


CONTACT = {
    "contact_name": "Nguyễn Thị Hương",
    "contact_phone": "0912 345 678",
    "contact_email": "huong@vidu.example",
}
CONSENTS = {"terms": "on", "personal_data": "on"}


def step(organisation, slug):
    return reverse("accounts:join_step", args=[organisation.pk, slug])


def register(client, *, code=CODE, name="Hợp tác xã Cam Vạn Yên"):
    """Go through all five steps; return the organisation and the last response, followed."""
    client.post(reverse("accounts:join_start"), business(name=name))
    organisation = Organisation.objects.latest("pk")
    client.post(step(organisation, "tax-code"), {"tax_code": code})
    client.post(
        step(organisation, "place"),
        {"province": province().pk, "commune": commune().pk, "address": "Thôn 1"},
    )
    client.post(step(organisation, "contact"), CONTACT)
    response = client.post(step(organisation, "consents"), CONSENTS, follow=True)
    organisation.refresh_from_db()
    return organisation, response


def test_a_business_registers_in_five_steps_and_waits_for_the_officer(client_for):
    person = UserFactory()
    organisation, response = register(client_for(person))
    assert response.redirect_chain[-1][0] == reverse("accounts:join_sent", args=[organisation.pk])
    assert organisation.status == OrganisationStatus.SUBMITTED
    assert organisation.name_folded == "hop tac xa cam van yen"
    assert organisation.memberships.get(user=person).role == Role.OWNER
    assert TaxCodeClaim.objects.get(organisation=organisation).status == ClaimStatus.HELD
    message = OutboxMessage.objects.get(type="accounts.organisation.submitted.v1")
    assert message.payload == {
        "organisation_id": organisation.pk,
        "version": organisation.version,
    }


def test_only_ticked_consents_are_stored_with_the_fingerprint_of_the_words_read(client_for):
    person = UserFactory()
    register(client_for(person, language="en"))
    stored = Consent.objects.filter(user=person).order_by("purpose")
    text = services.consent_text(ConsentPurpose.TERMS, language="en")
    assert [c.purpose for c in stored] == ["personal_data", "terms"]
    assert stored.get(purpose="terms").text_sha256 == text.sha256
    assert stored.get(purpose="terms").text_version == text.version


def test_no_consent_is_ticked_beforehand(client_for):
    person = UserFactory()
    organisation = MembershipFactory(
        user=person, organisation=OrganisationFactory(draft=True)
    ).organisation
    page = client_for(person).get(step(organisation, "consents")).content.decode()
    for purpose in ConsentPurpose:
        assert f'name="{purpose}"' in page
    assert "checked" not in page


def test_without_the_terms_nothing_is_sent_and_the_ticks_are_kept(client_for):
    person = UserFactory()
    organisation = MembershipFactory(
        user=person, organisation=OrganisationFactory(draft=True)
    ).organisation
    response = client_for(person, language="en").post(
        step(organisation, "consents"), {"personal_data": "on", "match_mail": "on"}
    )
    organisation.refresh_from_db()
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"terms"}
    assert response.content.decode().count("checked") == 2
    assert organisation.status == OrganisationStatus.DRAFT
    assert not Consent.objects.exists()


def test_registration_goes_on_where_it_was_left(client_for):
    person = UserFactory()
    client = client_for(person)
    client.post(reverse("accounts:join_start"), business())
    organisation = Organisation.objects.get()
    client.post(step(organisation, "tax-code"), {"tax_code": CODE})
    later = client_for(person)
    assert later.get(reverse("accounts:join")).url == step(organisation, "place")


def test_the_last_step_names_the_step_that_is_missing(client_for):
    person = UserFactory()
    client = client_for(person, language="en")
    client.post(reverse("accounts:join_start"), business())
    organisation = Organisation.objects.get()
    response = client.post(step(organisation, "consents"), CONSENTS)
    organisation.refresh_from_db()
    assert step(organisation, "tax-code") in response.content.decode()
    assert organisation.status == OrganisationStatus.DRAFT


def test_another_province_drops_the_commune_and_shows_its_own_without_script(client_for):
    person = UserFactory()
    ninh = province("24", name="Bắc Ninh")
    kep = commune("07375", name="Kép", within=ninh)
    organisation = MembershipFactory(
        user=person, organisation=OrganisationFactory(draft=True)
    ).organisation
    client = client_for(person)
    response = client.post(
        step(organisation, "place"), {"province": ninh.pk, "commune": commune().pk, "address": "x"}
    )
    assert response.context["form"].errors.keys() == {"commune"}
    assert f'<option value="{kep.pk}"' in response.content.decode()
    client.post(
        step(organisation, "place"), {"province": ninh.pk, "commune": kep.pk, "address": "x"}
    )
    organisation.refresh_from_db()
    assert (organisation.province, organisation.commune) == (ninh, kep)


def test_a_household_registers_with_twelve_digits_and_an_enterprise_does_not(client_for):
    person = UserFactory()
    draft = OrganisationFactory(draft=True, kind="household", tax_code="")
    MembershipFactory(user=person, organisation=draft)
    client = client_for(person)
    client.post(step(draft, "tax-code"), {"tax_code": "022085001234"})
    draft.refresh_from_db()
    assert draft.tax_code == "022085001234"
    client.post(step(draft, "business"), business(kind="enterprise"))
    response = client.post(step(draft, "tax-code"), {"tax_code": "022085001234"})
    assert response.context["form"].errors.keys() == {"tax_code"}


def test_the_second_claimant_sees_exactly_what_the_first_saw(client_for):
    first, second = UserFactory(full_name="Người A"), UserFactory(full_name="Người A")
    one, response_one = register(client_for(first), name="Đơn vị Giống nhau")
    two, response_two = register(client_for(second), name="Đơn vị Giống nhau")
    assert TaxCodeClaim.objects.get(organisation=two).status == ClaimStatus.QUEUED
    assert TaxCodeClaim.objects.get(organisation=one).status == ClaimStatus.HELD
    same = [
        neutral(response.content.decode(), organisation=organisation, person=person)
        for response, organisation, person in [
            (response_one, one, first),
            (response_two, two, second),
        ]
    ]
    assert same[0] == same[1]


def neutral(page, *, organisation, person):
    """Leave out what names the reader and the moment."""
    page = page.replace(person.email, "…").replace(f"/{organisation.pk}/", "/…/")
    page = re.sub(r'value="\d+"', "", page)
    page = re.sub(r"[A-Za-z0-9]{64}|[A-Za-z0-9]{32}", "…", page)
    return re.sub(r"\d\d/\d\d/\d{4}.?\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:+.]+", "…", page)


def test_a_returned_registration_shows_the_reason_and_may_be_sent_again(client_for):
    person = UserFactory()
    returned = OrganisationFactory(status="returned", status_reason="Sửa tên cho đúng.")
    MembershipFactory(user=person, organisation=returned)
    client = client_for(person)
    page = client.get(reverse("accounts:join"), follow=True).content.decode()
    assert "Sửa tên cho đúng." in page
    client.post(step(returned, "consents"), CONSENTS)
    returned.refresh_from_db()
    assert returned.status == OrganisationStatus.SUBMITTED


def test_a_draft_claims_no_tax_code(client_for):
    person = UserFactory()
    client = client_for(person)
    client.post(reverse("accounts:join_start"), business())
    client.post(step(Organisation.objects.get(), "tax-code"), {"tax_code": CODE})
    assert not TaxCodeClaim.objects.exists()


def test_drafts_cannot_be_piled_up(client_for):
    client = client_for(UserFactory(), language="en")
    for _ in range(7):
        response = client.post(reverse("accounts:join_start"), business())
    assert Organisation.objects.count() == 5
    assert response.status_code == 200
    assert response.context["form"].non_field_errors()


@pytest.mark.parametrize("slug", ["business", "tax-code", "place", "contact", "consents", "nope"])
@pytest.mark.parametrize("whose", ["stranger", "viewer", "approved"])
def test_only_owners_and_editors_of_a_draft_reach_its_steps(client_for, slug, whose):
    person = UserFactory()
    organisation = OrganisationFactory(draft=whose != "approved")
    if whose != "stranger":
        role = "viewer" if whose == "viewer" else "owner"
        MembershipFactory(user=person, organisation=organisation, role=role)
    client = client_for(person)
    assert client.get(step(organisation, slug)).status_code == 404
    assert client.post(step(organisation, slug), business()).status_code == 404
    assert client.get(reverse("accounts:join_step", args=[10**30, slug])).status_code == 404


def test_a_visitor_is_led_to_sign_up_and_back(client, settings):
    page = client.get(reverse("accounts:join")).content.decode()
    assert f"{reverse('account_signup')}?next=/join/" in page
    assert client.get(reverse("accounts:join_start")).status_code == 302


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "\u200b\u200b"),
        ("name", "\u00a0"),
        ("name", "C\u043eng ty A"),
        ("name", "Công ty \u202eA"),
        ("name", "Công ty \x07"),
        ("name", "a" + "\u0301" * 40),
        ("name", "x" * 201),
        ("name", "x" * 500_000),
        ("kind", "nonsense"),
        ("kind", ""),
        ("province", "abc"),
        ("province", "²"),
        ("province", "9" * 400),
        ("province", "-1"),
        ("province", ""),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_wrong_first_step_names_the_field_and_keeps_the_rest(client_for, field, typed, language):
    client = client_for(UserFactory(), language=language)
    response = client.post(reverse("accounts:join_start"), business(**{field: typed}))
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {field}
    assert not Organisation.objects.exists()
    if field != "name":
        assert "Hợp tác xã Cam Vạn Yên" in response.content.decode()


@pytest.mark.parametrize(
    "changes",
    [{"contact_phone": "12"}, {"contact_phone": "abc"}, {"contact_phone": "9" * 60},
     {"contact_email": "x"}, {"contact_email": "a@b\r\nBcc: c@d.vn"}, {"contact_name": ""},
     {"contact_name": "\u202ea"}],
)  # fmt: skip
def test_a_wrong_contact_names_the_field_and_keeps_the_rest(client_for, changes):
    person = UserFactory()
    draft = MembershipFactory(
        user=person, organisation=OrganisationFactory(draft=True)
    ).organisation
    response = client_for(person).post(step(draft, "contact"), CONTACT | changes)
    assert response.context["form"].errors.keys() == changes.keys()


def test_nobody_sets_a_field_that_was_not_asked_for(client_for):
    client = client_for(UserFactory())
    client.post(
        reverse("accounts:join_start"),
        business(status="approved", is_demo="on", version="99", decided_by="1"),
    )
    stored = Organisation.objects.get()
    assert (stored.status, stored.is_demo, stored.version, stored.decided_by) == (
        "draft", False, 1, None,
    )  # fmt: skip


def test_a_decomposed_name_is_stored_composed(client_for):
    client = client_for(UserFactory())
    typed = unicodedata.normalize("NFD", "Hợp tác xã Vân Đồn")
    client.post(reverse("accounts:join_start"), business(name=f"  {typed}\u200b "))
    assert Organisation.objects.get().name == "Hợp tác xã Vân Đồn"


def test_an_organiser_organises_without_ticking_it(client_for):
    client = client_for(UserFactory())
    data = business(kind="organiser")
    del data["is_producer"]
    client.post(reverse("accounts:join_start"), data)
    assert Organisation.objects.get().is_organiser
