from __future__ import annotations

import datetime as dt
import email
import email.policy

import pytest
from django.db.models.functions import Now

from core.notifications import services
from core.notifications.enums import Choice, MailState, SuppressionReason, Topic, Via
from core.notifications.models import OutgoingEmail
from core.notifications.sending.mailer import Mailer, Times
from tests.factories.accounts import InvitationFactory, MembershipFactory, UserFactory
from tests.factories.notifications import mail_to, told
from tests.factories.smtp import running

pytestmark = pytest.mark.django_db


def step() -> None:
    mailer = Mailer(times=Times(look_up_after=dt.timedelta(0)))
    try:
        mailer.step()
    finally:
        mailer._edge.quit()


def received(server) -> email.message.EmailMessage:
    (raw,) = server.accepted
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_a_mail_arrives_in_both_forms_with_all_its_headers(mail_server):
    note = told(UserFactory(email="lan@vidu.example"))
    step()
    message = received(mail_server)
    assert note.email.message_id == message["Message-ID"]
    assert message["To"] == "lan@vidu.example"
    assert "Hợp tác xã Bản Sen" in message["Subject"]
    assert message["X-Correlation-ID"] == str(note.correlation_id)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].startswith("<http://testserver/unsubscribe/")
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_the_html_has_its_styles_inlined_and_links_to_our_site_only(mail_server, kind):
    kind["url"] = "https://evil.example/matches/3/"
    told(UserFactory())
    step()
    html = received(mail_server).get_body(("html",)).get_content()
    assert "<style>" not in html
    assert 'style="' in html
    assert "http://testserver/matches/3/" in html
    assert "evil.example" not in html


def test_names_cannot_bring_markup_or_headers_into_a_mail(mail_server, kind):
    kind["organisation_name"] = "Gạo <b>ST</b>\r\nBcc: all@vidu.example"
    user = UserFactory(full_name='Lan "A"\r\nBcc: x@vidu.example, <script>')
    told(user)
    step()
    message = received(mail_server)
    assert message["Bcc"] is None
    assert message["To"] == user.email
    html = message.get_body(("html",)).get_content()
    assert "<b>ST</b>" not in html
    assert "<script>" not in html
    assert "<b>ST</b>" in message.get_body(("plain",)).get_content()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_mail_is_in_the_language_the_recipient_has_chosen(mail_server, language):
    told(UserFactory(language=language))
    step()
    assert received(mail_server)["Content-Language"] == language


def test_a_right_lost_before_sending_stops_the_mail(mail_server, kind):
    told(UserFactory())
    kind["allowed"] = False
    step()
    assert (OutgoingEmail.objects.get().state, mail_server.accepted) == (MailState.EXPIRED, [])


def test_a_former_member_gets_no_mail_of_the_organisation(mail_server):
    member = MembershipFactory()
    told(member.user, organisation=member.organisation)
    member.delete()
    step()
    assert (OutgoingEmail.objects.get().state, mail_server.accepted) == (MailState.EXPIRED, [])


def test_a_disabled_person_gets_no_mail(mail_server):
    told(UserFactory(is_active=False))
    step()
    assert OutgoingEmail.objects.get().state == MailState.EXPIRED


def test_a_topic_switched_off_after_queueing_stops_the_mail(mail_server):
    user = UserFactory()
    told(user)
    services.choose(user_id=user.pk, topic=Topic.MATCH, choice=Choice.OFF, via=Via.ONE_CLICK)
    step()
    assert (OutgoingEmail.objects.get().state, mail_server.accepted) == ("suppressed", [])


def test_a_suppressed_address_gets_no_mail(mail_server):
    user = UserFactory()
    services.suppress(address=user.email, reason=SuppressionReason.BOUNCE)
    told(user)
    step()
    assert OutgoingEmail.objects.get().state == MailState.SUPPRESSED


@pytest.mark.parametrize(("attempts", "state"), [(0, "queued"), (4, "dead")])
def test_a_mail_this_release_cannot_write_waits_dies_and_never_stops_the_next(
    mail_server, attempts, state
):
    user = UserFactory()
    mail_to(user, key="good")
    mail_to(user, key="poison", kind="nobody_knows", attempts=attempts)
    step()
    states = dict(OutgoingEmail.objects.values_list("kind", "state"))
    assert states == {"tests_note": "sent", "nobody_knows": state}


def test_an_address_that_cannot_stand_in_a_header_is_dead_at_once(mail_server):
    mail_to(UserFactory(), address="a@vidu.example\r\nBcc: b@vidu.example")
    step()
    assert (OutgoingEmail.objects.get().state, mail_server.accepted) == (MailState.DEAD, [])


def test_the_digest_lists_what_may_still_be_read(mail_server, kind):
    user = UserFactory()
    services.choose(user_id=user.pk, topic=Topic.MATCH, choice=Choice.DAILY, via=Via.PORTAL)
    told(user, key="a")
    told(user, key="b")
    services.queue_digest(user_id=user.pk, day=dt.date(2026, 11, 21))
    step()
    message = received(mail_server)
    assert "2" in message["Subject"]
    text = message.get_body(("plain",)).get_content()
    assert text.count("• ") == text.count("http://testserver/matches/3/") == 2


def test_an_invitation_reaches_an_address_without_an_account(mail_server):
    invitation = InvitationFactory(email="moi@vidu.example")
    mail = services.AccountMail(
        kind="member_invited",
        topic=Topic.ACCOUNT,
        address=invitation.email,
        values={"invitation_id": invitation.pk},
    )
    services.mail_address(mail)
    step()
    message = received(mail_server)
    assert (message["To"], message["List-Unsubscribe"]) == ("moi@vidu.example", None)
    row = OutgoingEmail.objects.get()
    assert (row.state, row.address, row.context) == (MailState.SENT, "", None)


@pytest.mark.parametrize(
    ("answers", "state", "attempts", "deferrals"),
    [
        ({"RCPT": b"450 greylisted\r\n"}, "queued", 1, 0),
        ({"dot": b"451 later\r\n"}, "queued", 1, 0),
        ({"RCPT": b"550 unknown\r\n"}, "dead", 0, 0),
        ({"dot": b"554 no\r\n"}, "dead", 0, 0),
        ({"greet": b"421 closing\r\n"}, "queued", 0, 1),
        ({"MAIL": b"421 closing\r\n"}, "queued", 0, 1),
        ({"dot": b""}, "uncertain", 0, 0),
    ],
)
def test_the_servers_answer_decides(settings, answers, state, attempts, deferrals):
    mail = mail_to(UserFactory())
    with running(**answers) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = (
            "127.0.0.1",
            server.port,
            3,
        )
        settings.MAILBOX_DIR = None
        step()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.outage_deferrals) == (state, attempts, deferrals)
    assert mail.delivery_attempts.count() == 1


def test_a_lost_250_is_settled_by_message_id_without_a_second_mail(mail_server, settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path
    (tmp_path / "new").mkdir()
    mail = mail_to(UserFactory(), state="uncertain", uncertain_at=Now())
    (tmp_path / "new" / "1").write_text(f"Message-ID: {mail.message_id}\n\nx")
    step()
    mail.refresh_from_db()
    assert (mail.state, mail_server.accepted) == (MailState.SENT, [])


def test_an_outage_ends_the_batch_and_gives_the_others_back(settings):
    user = UserFactory()
    for number in range(3):
        mail_to(user, key=f"k{number}")
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.MAILBOX_DIR = "127.0.0.1", 1, None
    step()
    rows = OutgoingEmail.objects.order_by("-pk").values_list("state", "outage_deferrals")
    assert list(rows) == [("queued", 1), ("queued", 0), ("queued", 0)]


def test_a_mailer_told_to_stop_gives_its_batch_back(mail_server):
    mail_to(UserFactory())
    Mailer().step(is_stopping=lambda: True)
    assert OutgoingEmail.objects.get().state == MailState.QUEUED
    assert mail_server.accepted == []
