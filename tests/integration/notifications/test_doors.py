"""The pages, allauth's mails and the commands."""

from __future__ import annotations

import email
import email.policy
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from core.kernel import context
from core.notifications import services
from core.notifications.enums import Choice, MailState, Topic, Via
from core.notifications.models import Notification, OutgoingEmail, Preference
from core.notifications.sending import links
from core.notifications.sending.rendering import render
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.notifications import mail_to, told
from tests.factories.outbox import announce

pytestmark = pytest.mark.django_db

ALLAUTH_MAILS = [
    "account_already_exists",
    "email_changed",
    "email_confirm",
    "email_confirmation",
    "email_confirmation_signup",
    "email_deleted",
    "login_code",
    "password_changed",
    "password_reset",
    "password_reset_code",
    "password_reset_key",
    "password_set",
    "unknown_account",
]


class TestCentre:
    def test_it_lists_own_notifications_only(self, client_for):
        user = UserFactory()
        told(user, key="mine")
        told(UserFactory(), key="theirs")
        page = client_for(user).get(reverse("notifications:list"))
        assert page.status_code == 200
        assert [item["notification"].dedupe_key for item in page.context["items"]] == ["mine"]

    def test_it_asks_visitors_to_sign_in(self, client):
        assert client.get(reverse("notifications:list")).status_code == 302

    def test_it_says_what_comes_when_there_is_nothing(self, client_for):
        page = client_for(UserFactory(), language="en").get(reverse("notifications:list"))
        assert "Nothing yet" in page.content.decode()

    def test_opening_marks_as_seen_and_leads_on(self, client_for):
        note = told(user := UserFactory())
        answer = client_for(user).post(reverse("notifications:open", args=[note.pk]))
        note.refresh_from_db()
        assert (answer.status_code, answer["Location"]) == (302, "/matches/3/")
        assert note.seen_at is not None

    def test_somebody_elses_is_not_found_and_stays_unseen(self, client_for):
        note = told(UserFactory())
        answer = client_for(UserFactory()).post(reverse("notifications:open", args=[note.pk]))
        note.refresh_from_db()
        assert (answer.status_code, note.seen_at) == (404, None)

    def test_everything_can_be_marked_as_seen(self, client_for):
        user, other = UserFactory(), UserFactory()
        told(user, key="a")
        told(other, key="b")
        client_for(user).post(reverse("notifications:see_all"))
        assert list(Notification.objects.filter(seen_at=None).values_list("user_id")) == [
            (other.pk,)
        ]

    def test_what_may_no_longer_be_read_is_not_shown(self, client_for, kind):
        told(user := UserFactory())
        kind["allowed"] = False
        page = client_for(user).get(reverse("notifications:list")).content.decode()
        assert "Bản Sen" not in page

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_asks_few_questions(self, client_for, count, django_assert_max_num_queries):
        user = UserFactory()
        for number in range(count):
            told(user, key=f"k{number}")
        browser = client_for(user)
        with django_assert_max_num_queries(14):
            browser.get(reverse("notifications:list"))


class TestPreferences:
    def test_choices_are_saved_and_shown(self, client_for):
        browser = client_for(user := UserFactory())
        answer = browser.post(
            reverse("notifications:preferences"),
            {"account": "now", "match": "daily", "paper": "off", "fair": "now"},
        )
        assert answer.status_code == 302
        rows = Preference.objects.filter(user=user).values_list("topic", "choice", "via")
        assert sorted(rows) == [("match", "daily", "portal"), ("paper", "off", "portal")]
        assert browser.get(reverse("notifications:preferences")).status_code == 200

    def test_a_choice_that_does_not_exist_is_refused_at_its_field(self, client_for):
        answer = client_for(UserFactory()).post(
            reverse("notifications:preferences"), {"match": "hourly"}
        )
        assert answer.status_code == 200
        assert set(answer.context["form"].errors) == {"account", "match", "paper", "fair"}


class TestUnsubscribe:
    def url(self, user, topic="match") -> str:
        return links.local_path(links.unsubscribe_url(user_id=user.pk, topic=topic))

    def test_looking_changes_nothing(self, client):
        assert client.get(self.url(UserFactory())).status_code == 200
        assert not Preference.objects.exists()

    def test_one_post_without_a_session_is_enough(self, settings):
        user = UserFactory()
        browser = Client(enforce_csrf_checks=True)
        answer = browser.post(self.url(user), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        row = Preference.objects.get()
        assert (row.user_id, row.topic, row.choice, row.via) == (
            user.pk,
            "match",
            "off",
            "one_click",
        )

    def test_the_digest_link_ends_the_digest(self, client):
        user = UserFactory()
        services.choose(user_id=user.pk, topic=Topic.FAIR, choice=Choice.DAILY, via=Via.PORTAL)
        client.post(self.url(user, "digest"))
        assert Preference.objects.get().choice == Choice.OFF

    def test_a_forged_link_is_not_found(self, client):
        assert client.post(reverse("notifications:unsubscribe", args=["x:y:z"])).status_code == 404


class TestAccountMails:
    def reset(self, client, address: str) -> None:
        client.post(reverse("account_reset_password"), {"email": address})

    def test_a_password_reset_is_queued_first_and_wiped_when_sent(self, client, settings):
        user = UserFactory(language="en")
        self.reset(client, user.email)
        mail = OutgoingEmail.objects.get()
        assert (mail.topic, mail.address, mail.user) == ("security", user.email, user)
        assert mail.expires_at is not None
        assert any("http" in str(value) for value in mail.context.values())

    def test_it_names_no_unsubscribe_and_links_to_our_site_only(self, client, settings):
        user = UserFactory(language="en")
        self.reset(client, user.email)
        settings.SITE_URL = "https://nhipcau.example"
        letter = render(OutgoingEmail.objects.get()).payload.decode().replace("=\r\n", "")
        assert "https://nhipcau.example/accounts/password/reset/key/" in letter
        assert "List-Unsubscribe" not in letter
        assert "Choose a new password" in letter

    def test_an_unknown_address_gets_a_mail_too_so_nobody_learns_anything(self, client):
        self.reset(client, "nobody@vidu.example")
        assert OutgoingEmail.objects.get().kind == "account/email/unknown_account"

    def test_a_code_is_shown_large_in_the_html_and_once_in_the_text(self):
        mail = services.AccountMail(
            kind="account/email/email_confirmation",
            address="moi@vidu.example",
            values={"code": "ABC-123"},
            language="en",
        )
        services.mail_address(mail)
        letter = render(OutgoingEmail.objects.get()).payload.decode().replace("=\r\n", "")
        text, html = letter.split("text/html")
        assert "Subject: Your code for" in text
        assert text.count("ABC-123") == 2  # subject and body
        assert 'class=3D"code"' in html

    @pytest.mark.parametrize("language", ["vi", "en"])
    @pytest.mark.parametrize(
        "kind",
        [
            *(f"account/email/{name}" for name in ALLAUTH_MAILS),
            "mfa/email/totp_activated",
            "mfa/email/totp_deactivated",
            "mfa/email/recovery_codes_generated",
        ],
    )
    def test_every_mail_of_allauth_can_be_written(self, kind, language):
        values = {"code": "ABC-123", "ip": "192.0.2.1", "user_agent": "Trình duyệt"}
        values |= {"timestamp": "2026-11-21T10:00", "password_reset_url": "http://x/y/"}
        user = UserFactory(language=language)
        mail = services.AccountMail(kind=kind, address=user.email, values=values, user_id=user.pk)
        services.mail_address(mail)
        message = email.message_from_bytes(
            render(OutgoingEmail.objects.get()).payload, policy=email.policy.default
        )
        text = message.get_body(("plain",)).get_content()
        assert message["Subject"]
        assert "example.com" not in text
        assert "Nhịp Cầu" in text

    def test_signing_in_needs_no_mail(self, client):
        user = UserFactory()
        client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        assert not OutgoingEmail.objects.exists()


class TestCommands:
    def test_mail_status_counts_states(self, capsys):
        mail_to(UserFactory())
        call_command("mail", "status")
        assert capsys.readouterr().out.splitlines() == ["queued: 1", "due now: 1"]

    def test_mail_hold_and_release(self, capsys):
        call_command("mail", "hold", "--reason", "restored")
        call_command("mail", "release")
        assert capsys.readouterr().out.splitlines()[-1] == "The mailers go on."

    def test_mail_reconcile_without_a_lookup_holds(self, settings):
        settings.MAILBOX_DIR = None
        mail = mail_to(UserFactory(), state="uncertain", uncertain_at="2026-11-21T00:00Z")
        call_command("mail", "reconcile")
        mail.refresh_from_db()
        assert mail.state == MailState.HELD
        call_command("mail", "release", str(mail.pk), "--was-accepted")
        mail.refresh_from_db()
        assert mail.state == MailState.SENT

    def test_mail_resend_of_an_open_mail_is_refused(self):
        mail = mail_to(UserFactory())
        with pytest.raises(CommandError):
            call_command("mail", "resend", str(mail.pk), "--yes")

    def test_trace_prints_event_duty_notification_and_mail(self, capsys):
        with context.scope(context.Context()) as cause:
            announce(1)
            note = told(UserFactory())
        call_command("trace", str(cause.correlation_id))
        printed = capsys.readouterr().out
        assert "event tests.thing.happened.v1" in printed
        assert "notification tests_note" in printed
        assert note.email.message_id in printed

    def test_trace_of_nothing_says_so(self):
        with pytest.raises(CommandError, match="Nothing is known"):
            call_command("trace", str(uuid.uuid4()))
