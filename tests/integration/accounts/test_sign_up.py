"""Sign-up by code, what it tells strangers, and the way back to where one came from."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts import selectors
from core.accounts.models import User
from tests.factories.accounts import (
    PASSWORD,
    InvitationFactory,
    OfficerFactory,
    UserFactory,
    province,
    turn_on_totp,
)

pytestmark = pytest.mark.django_db
SIGN_UP = "account_signup"
CODE_PAGE = "account_email_verification_sent"


def typed(email="moi@vidu.example", **changes):
    return {"full_name": "Phạm Thị Mới", "email": email, "password1": PASSWORD, **changes}


def code_of(client):
    return client.session["account_email_verification_code"]["code"]


def sign_up(client, email="moi@vidu.example", *, next_url=""):
    address = reverse(SIGN_UP) + (f"?next={next_url}" if next_url else "")
    client.post(address, typed(email, next=next_url) if next_url else typed(email))
    return client.post(reverse(CODE_PAGE), {"code": code_of(client)})


def test_a_person_signs_up_with_a_code_and_keeps_name_and_language(client_for):
    client = client_for(language="en")
    response = sign_up(client)
    person = User.objects.get(email="moi@vidu.example")
    assert response.status_code == 302
    assert (person.full_name, person.language) == ("Phạm Thị Mới", "en")
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_without_the_code_nobody_is_in(client):
    client.post(reverse(SIGN_UP), typed())
    assert client.get(reverse("accounts:profile")).status_code == 302
    client.post(reverse(CODE_PAGE), {"code": "WRONG1"})
    assert client.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.parametrize("case", ["moi@vidu.example", "MOI@vidu.example"])
def test_an_address_with_an_account_is_answered_like_a_new_one(case):
    UserFactory(email="moi@vidu.example")
    answers = []
    for email in (case, "khac@vidu.example"):
        client = Client()
        first = client.post(reverse(SIGN_UP), typed(email))
        page = client.get(first.url).content.decode().replace(email.lower(), "…")
        answers.append((first.status_code, first.url, re.sub(r"[A-Za-z0-9]{32,64}", "…", page)))
    assert answers[0] == answers[1]
    assert User.objects.filter(email__iexact=case).count() == 1


def test_an_invitation_survives_sign_up(client):
    invitation = InvitationFactory(email="moi@vidu.example")
    link = reverse("accounts:invitation", args=[selectors.invitation_token(invitation)])
    response = sign_up(client, next_url=link)
    assert response.url == link
    client.post(link)
    assert User.objects.get(email="moi@vidu.example").memberships.exists()


def test_an_invitation_survives_sign_in(client):
    person = UserFactory()
    invitation = InvitationFactory(email=person.email)
    link = reverse("accounts:invitation", args=[selectors.invitation_token(invitation)])
    response = client.post(
        reverse("account_login"), {"login": person.email, "password": PASSWORD, "next": link}
    )
    assert response.url == link


@pytest.mark.parametrize("evil", ["//evil.vn", "https://evil.vn", "/\\evil.vn", "javascript:x"])
def test_sign_in_never_leads_to_another_host(client, evil):
    person = UserFactory()
    response = client.post(
        reverse("account_login"), {"login": person.email, "password": PASSWORD, "next": evil}
    )
    assert "evil" not in response.url
    assert "javascript" not in response.url


def test_a_robot_that_fills_the_trap_gets_no_account_and_the_same_answer(client):
    honest = Client().post(reverse(SIGN_UP), typed("that@vidu.example"))
    robot = client.post(reverse(SIGN_UP), typed(website="http://spam.example"))
    assert (robot.status_code, robot.url) == (honest.status_code, honest.url)
    assert not User.objects.filter(email="moi@vidu.example").exists()


def test_the_trap_is_hidden_without_an_inline_style(client):
    page = client.get(reverse(SIGN_UP)).content.decode()
    assert 'name="website"' in page
    assert 'style="' not in page


@pytest.mark.parametrize(
    "changes",
    [
        {"full_name": ""},
        {"full_name": "\u200b"},
        {"full_name": "Nguy\u0435n"},
        {"full_name": "a\u202eb"},
        {"full_name": "x" * 200_000},
        {"email": "x"},
        {"email": "a@b.vn\nBcc: c@d.vn"},
        {"password1": "short"},
        {"password1": "password1234"},
    ],
)
def test_a_wrong_sign_up_names_the_field_and_keeps_the_rest(client, changes):
    response = client.post(reverse(SIGN_UP), typed(**changes))
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == changes.keys()
    assert not User.objects.exists()


def test_sign_up_is_limited_per_address(client):
    answers = [
        client.post(reverse(SIGN_UP), typed(f"n{n}@vidu.example")).status_code for n in range(22)
    ]
    assert answers[-1] == 429
    assert User.objects.count() <= 21


def test_the_admin_asks_staff_for_a_second_factor(client_for):
    boss = UserFactory(is_staff=True, is_superuser=True)
    client = client_for(boss)
    index = reverse("admin:index")
    followed = [url for url, _status in client.get(index, follow=True).redirect_chain]
    assert reverse("mfa_activate_totp") in followed
    turn_on_totp(boss)
    assert client.get(index).status_code == 200


def test_the_admin_is_closed_to_everybody_else(client_for, client):
    assert (
        client.get(reverse("admin:index"), follow=True)
        .redirect_chain[-1][0]
        .startswith(reverse("account_login"))
    )
    for person in (UserFactory(), OfficerFactory()):
        response = client_for(person).get(reverse("admin:index"), follow=True)
        assert response.status_code == 404


def test_an_administrator_appoints_an_officer(client_for):
    boss = UserFactory(is_staff=True, is_superuser=True)
    turn_on_totp(boss)
    client = client_for(boss, language="en")
    client.post(
        reverse("admin:accounts_user_add"),
        {"email": "Canbo@So.example", "full_name": "Cán bộ", "language": "vi", "is_active": "on"},
    )
    officer = User.objects.get(email="canbo@so.example")
    assert not officer.has_usable_password()
    client.post(
        reverse("admin:accounts_officerpost_add"),
        {"user": officer.pk, "province": province().pk, "sector": "trade", "is_active": "on"},
    )
    post = officer.officer_posts.get()
    client.post(reverse("admin:accounts_officerpost_change", args=[post.pk]), {})
    post.refresh_from_db()
    assert not post.is_active
    for name in ("organisation", "taxcodeclaim", "membership", "consent", "apikey", "user"):
        assert client.get(reverse(f"admin:accounts_{name}_changelist")).status_code == 200
