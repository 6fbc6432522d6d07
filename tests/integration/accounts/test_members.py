"""Members: invited by a signed link, accepted by the invited alone, never without an owner."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from core.accounts import selectors, services
from core.accounts.enums import Role
from core.accounts.models import Invitation, Membership
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, NotAllowedError
from core.outbox.models import OutboxMessage
from tests.factories.accounts import (
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LIST = "accounts:member_list"


@pytest.fixture
def owner():
    return MembershipFactory()


def link(invitation):
    return reverse("accounts:invitation", args=[selectors.invitation_token(invitation)])


def test_an_owner_invites_by_mail(client_for, owner):
    client = client_for(owner.user)
    response = client.post(reverse(LIST), {"email": "Ban@Vidu.example", "role": "editor"})
    invitation = Invitation.objects.get()
    assert response.status_code == 302
    assert (invitation.email, invitation.role) == ("ban@vidu.example", "editor")
    assert OutboxMessage.objects.get().payload == {
        "invitation_id": invitation.pk,
        "organisation_id": owner.organisation_id,
    }


def test_an_address_with_an_account_is_answered_like_one_without(client_for, owner):
    known = UserFactory()
    client = client_for(owner.user)
    pages = [
        client.post(reverse(LIST), {"email": email, "role": "viewer"}, follow=True)
        .content.decode()
        .count(email)
        for email in (known.email, "chuaco@vidu.example")
    ]
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    "data",
    [
        {"email": "", "role": "editor"},
        {"email": "x", "role": "editor"},
        {"email": "a@b.vn\r\nBcc: c@d.vn", "role": "editor"},
        {"email": "x" * 300 + "@vidu.example", "role": "editor"},
        {"email": "ban@vidu.example", "role": "root"},
        {},
    ],
)
def test_a_wrong_invitation_names_the_field_and_keeps_the_rest(client_for, owner, data):
    response = client_for(owner.user).post(reverse(LIST), data)
    assert response.context["form"].errors
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited_again(client_for, owner):
    response = client_for(owner.user).post(
        reverse(LIST), {"email": owner.user.email.upper(), "role": "editor"}
    )
    assert response.context["form"].errors.keys() == {"email"}


def test_inviting_again_replaces_the_open_invitation(owner):
    invite = {
        "organisation_id": owner.organisation_id,
        "email": "ban@vidu.example",
        "invited_by_id": owner.user_id,
    }
    first = services.invite_member(role=Role.EDITOR, **invite)
    second = services.invite_member(role=Role.VIEWER, **invite)
    first.refresh_from_db()
    assert not selectors.is_open(first)
    assert selectors.is_open(second)


def test_an_organisation_that_is_not_approved_sends_no_mail_to_strangers(client_for):
    member = MembershipFactory(organisation=OrganisationFactory(submitted=True))
    client_for(member.user).post(reverse(LIST), {"email": "a@vidu.example", "role": "editor"})
    assert not Invitation.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_invitations_end_at_a_daily_number(owner):
    for n in range(20):
        InvitationFactory(organisation=owner.organisation, email=f"x{n}@vidu.example")
    with pytest.raises(NotAllowedError):
        services.invite_member(
            organisation_id=owner.organisation_id,
            email="mot-nua@vidu.example",
            role=Role.EDITOR,
            invited_by_id=owner.user_id,
        )


def test_only_a_post_of_the_invited_accepts(client_for):
    invited = UserFactory()
    invitation = InvitationFactory(email=invited.email.upper())
    client = client_for(invited)
    assert client.get(link(invitation)).status_code == 200
    assert not invited.memberships.exists()
    client.post(link(invitation))
    membership = invited.memberships.get()
    assert (membership.organisation, membership.role) == (invitation.organisation, "editor")
    assert client.session["acting_for"] == invitation.organisation_id


def test_accepting_twice_is_accepting_once(client_for):
    invited = UserFactory()
    invitation = InvitationFactory(email=invited.email)
    client = client_for(invited)
    assert client.post(link(invitation)).status_code == 302
    assert client.post(link(invitation)).status_code == 302
    assert invited.memberships.count() == 1


def test_a_forwarded_link_lets_nobody_else_in(client_for):
    invitation = InvitationFactory()
    other = UserFactory()
    client = client_for(other, language="en")
    page = client.get(link(invitation)).content.decode()
    assert invitation.email not in page
    assert client.post(link(invitation)).status_code == 403
    assert not other.memberships.exists()


def test_an_unverified_address_is_not_enough(client_for):
    invited = UserFactory(address=False)
    invitation = InvitationFactory(email=invited.email)
    assert client_for(invited).post(link(invitation)).status_code == 403
    assert not invited.memberships.exists()


@pytest.mark.parametrize("state", ["expired", "revoked", "accepted"])
def test_a_closed_invitation_says_so_and_lets_nobody_in(client_for, state):
    invited = UserFactory()
    now = clock.now()
    closed = {
        "expired": {"expires_at": now - dt.timedelta(seconds=1)},
        "revoked": {"revoked_at": now},
        "accepted": {"accepted_at": now},
    }[state]
    invitation = InvitationFactory(email=invited.email, **closed)
    client = client_for(invited)
    assert client.get(link(invitation)).status_code == 410
    assert client.post(link(invitation)).status_code == 409
    assert not invited.memberships.exists()


@pytest.mark.parametrize("token", ["1", "1:x", "abc", "9" * 400, "1:" + "x" * 500])
def test_a_forged_token_does_not_exist(client, token):
    InvitationFactory()
    assert client.get(reverse("accounts:invitation", args=[token])).status_code == 404
    assert client.post(reverse("accounts:invitation", args=[token])).status_code == 404


def test_a_visitor_is_led_to_sign_up_and_back(client):
    invitation = InvitationFactory()
    page = client.get(link(invitation)).content.decode()
    assert f"{reverse('account_signup')}?next=/invitations/" in page
    assert invitation.email not in page
    assert client.post(link(invitation)).url.startswith(reverse("account_login"))


def test_a_member_who_is_invited_again_elsewhere_keeps_the_role(owner):
    invitation = InvitationFactory(organisation=owner.organisation, email=owner.user.email)
    kept = services.accept_invitation(invitation_id=invitation.pk, user_id=owner.user_id)
    assert kept.role == Role.OWNER


def test_the_last_owner_neither_leaves_nor_steps_down(client_for, owner):
    MembershipFactory(organisation=owner.organisation, role="editor")
    client = client_for(owner.user)
    client.post(reverse("accounts:member_remove", args=[owner.pk]))
    client.post(reverse("accounts:member_change", args=[owner.pk]), {f"{owner.pk}-role": "viewer"})
    owner.refresh_from_db()
    assert owner.role == "owner"


def test_an_owner_who_cannot_sign_in_does_not_count(owner):
    MembershipFactory(organisation=owner.organisation, user=UserFactory(is_active=False))
    with pytest.raises(IllegalTransitionError):
        services.remove_member(membership_id=owner.pk)


def test_roles_change_and_members_leave(client_for, owner):
    member = MembershipFactory(organisation=owner.organisation, role="viewer")
    client = client_for(owner.user)
    client.post(reverse("accounts:member_change", args=[member.pk]), {f"{member.pk}-role": "owner"})
    member.refresh_from_db()
    assert member.role == "owner"
    assert client.get(reverse("accounts:member_remove", args=[member.pk])).status_code == 200
    assert Membership.objects.filter(pk=member.pk).exists()
    client.post(reverse("accounts:member_remove", args=[member.pk]))
    assert not Membership.objects.filter(pk=member.pk).exists()
    labels = Membership.pgh_event_model.objects.filter(pgh_obj_id=member.pk)
    assert list(labels.order_by("pgh_id").values_list("pgh_label", flat=True)) == [
        "insert", "update", "delete",
    ]  # fmt: skip


def test_an_invitation_is_taken_back(client_for, owner):
    invitation = InvitationFactory(organisation=owner.organisation)
    client_for(owner.user).post(reverse("accounts:invitation_revoke", args=[invitation.pk]))
    invitation.refresh_from_db()
    assert not selectors.is_open(invitation)
