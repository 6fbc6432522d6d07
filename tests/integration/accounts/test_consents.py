"""What people agree to, and how they take it back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.accounts import selectors, services
from core.accounts.enums import ConsentPurpose
from core.accounts.models import Consent
from core.outbox.models import OutboxMessage
from tests.factories.accounts import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
PROFILE = "accounts:profile"


def agree(user, *purposes):
    services.give_consents(user_id=user.pk, purposes=purposes)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("purpose", ConsentPurpose)
def test_every_purpose_has_words_in_both_languages(client_for, purpose, language):
    text = services.consent_text(purpose, language=language)
    page = client_for(language=language).get(reverse("accounts:consent_text", args=[purpose]))
    assert text.version in text.words.splitlines()[0]
    assert text.words.splitlines()[0].split(",")[0] in page.content.decode()


def test_the_words_of_the_two_languages_have_two_fingerprints():
    vi, en = (
        services.consent_text(ConsentPurpose.TERMS, language=tongue) for tongue in ("vi", "en")
    )
    assert vi.sha256 != en.sha256


def test_an_unknown_purpose_does_not_exist(client_for):
    client = client_for(UserFactory())
    for route in ("consent_text", "consent_withdraw", "consent_give"):
        address = reverse(f"accounts:{route}", args=["everything"])
        assert client.post(address).status_code in {404, 405}
        assert client.get(address).status_code in {404, 405}


def test_an_optional_consent_is_given_and_withdrawn_on_the_profile(client_for):
    person = UserFactory()
    client = client_for(person)
    client.post(reverse("accounts:consent_give", args=["match_mail"]))
    assert selectors.has_consents(user_id=person.pk, purposes=[ConsentPurpose.MATCH_MAIL])
    client.get(reverse("accounts:consent_withdraw", args=["match_mail"]))
    assert selectors.has_consents(user_id=person.pk, purposes=[ConsentPurpose.MATCH_MAIL])
    client.post(reverse("accounts:consent_withdraw", args=["match_mail"]))
    assert not selectors.has_consents(user_id=person.pk, purposes=[ConsentPurpose.MATCH_MAIL])
    message = OutboxMessage.objects.get(type="accounts.consent.withdrawn.v1")
    assert message.payload == {"user_id": person.pk, "purpose": "match_mail"}


def test_withdrawing_what_was_not_given_announces_nothing():
    person = UserFactory()
    services.withdraw_consent(user_id=person.pk, purpose=ConsentPurpose.MATCH_MAIL)
    assert not OutboxMessage.objects.exists()


def test_agreeing_twice_to_the_same_words_is_agreeing_once():
    person = UserFactory()
    agree(person, ConsentPurpose.TERMS)
    agree(person, ConsentPurpose.TERMS)
    assert Consent.objects.count() == 1


def test_agreeing_to_newer_words_ends_the_older_consent():
    person = UserFactory()
    agree(person, ConsentPurpose.TERMS)
    Consent.objects.update(text_version="2020-01", text_sha256="0" * 64)
    agree(person, ConsentPurpose.TERMS)
    versions = dict(Consent.objects.values_list("text_version", "withdrawn_at"))
    assert versions["2020-01"] is not None
    assert versions["2026-11"] is None


def test_withdrawing_what_the_account_rests_on_closes_it(client_for):
    person = UserFactory()
    agree(person, ConsentPurpose.PERSONAL_DATA)
    client = client_for(person)
    client.post(reverse("accounts:consent_withdraw", args=["personal_data"]))
    person.refresh_from_db()
    assert not person.is_active
    assert client.get(reverse(PROFILE)).status_code == 302


def test_an_organisation_left_without_people_is_no_longer_public():
    alone = MembershipFactory()
    together = MembershipFactory(user=alone.user)
    MembershipFactory(organisation=together.organisation)
    agree(alone.user, ConsentPurpose.TERMS)
    services.withdraw_consent(user_id=alone.user_id, purpose=ConsentPurpose.TERMS)
    assert list(selectors.approved_organisations()) == [together.organisation]
    assert OutboxMessage.objects.filter(type="accounts.organisation.returned.v1").count() == 1


def test_nobody_withdraws_for_another(client_for):
    person, other = UserFactory(), UserFactory()
    agree(person, ConsentPurpose.MATCH_MAIL)
    client_for(other).post(reverse("accounts:consent_withdraw", args=["match_mail"]))
    assert selectors.has_consents(user_id=person.pk, purposes=[ConsentPurpose.MATCH_MAIL])
