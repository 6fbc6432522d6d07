from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from core.notifications import services
from core.notifications.enums import MailState
from core.notifications.models import OutgoingEmail
from core.notifications.sending import ledger
from core.notifications.sending.smtp import Outcome, Reply
from tests.factories.accounts import UserFactory
from tests.factories.notifications import OTHER, OWNER, mail_to

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
YES = Reply(outcome=Outcome.ACCEPTED, phase="dot", code=250, text="kept")
LATER = Reply(outcome=Outcome.TEMPORARY, phase="rcpt", code=450, text="greylisted")
NEVER = Reply(outcome=Outcome.PERMANENT, phase="rcpt", code=550, text="unknown")


def claimed() -> OutgoingEmail:
    mail_to(UserFactory())
    (mail,) = ledger.claim(OWNER)
    return mail


def handing() -> OutgoingEmail:
    mail = claimed()
    assert ledger.fence(mail.pk, OWNER, body_sha256="x", lease=MINUTE)
    return mail


def uncertain(**values: object) -> OutgoingEmail:
    mail = handing()
    ledger.mark_uncertain(mail.pk, OWNER)
    OutgoingEmail.objects.update(**values)
    return fresh(mail)


def fresh(mail: OutgoingEmail) -> OutgoingEmail:
    return OutgoingEmail.objects.get(pk=mail.pk)


def test_a_mail_is_claimed_by_one_sender_and_not_before_its_time():
    user = UserFactory()
    mail_to(user, key="now")
    mail_to(user, key="tomorrow", not_before=Now() + dt.timedelta(days=1))
    assert len(ledger.claim(OWNER)) == 1
    assert ledger.claim(OTHER) == []


def test_security_goes_first_then_the_newest():
    user = UserFactory()
    ids = [mail_to(user, key=f"k{n}").pk for n in range(3)]
    OutgoingEmail.objects.filter(pk=ids[1]).update(topic="security")
    assert [mail.pk for mail in ledger.claim(OWNER)] == [ids[1], ids[2], ids[0]]


def test_a_pause_stops_every_sender_until_it_ends():
    mail_to(UserFactory())
    services.pause_mail(reason="restored from a backup")
    assert ledger.claim(OWNER) == []
    services.resume_mail()
    assert len(ledger.claim(OWNER)) == 1


def test_the_fence_lets_only_the_owner_with_time_to_spare_pass():
    mail = claimed()
    assert not ledger.fence(mail.pk, OTHER, body_sha256="x", lease=MINUTE)
    OutgoingEmail.objects.update(lease_until=Now() + dt.timedelta(seconds=20))
    assert not ledger.fence(mail.pk, OWNER, body_sha256="x", lease=MINUTE)
    OutgoingEmail.objects.update(lease_until=Now() + MINUTE)
    assert ledger.fence(mail.pk, OWNER, body_sha256="x", lease=MINUTE)
    assert not ledger.fence(mail.pk, OWNER, body_sha256="x", lease=MINUTE)
    assert fresh(mail).state == MailState.HANDING


def test_sent_ends_the_mail_and_a_late_sender_cannot_change_it():
    mail = handing()
    assert ledger.mark_sent(mail.pk, OWNER, YES)
    assert not ledger.mark_sent(mail.pk, OTHER, YES)
    ledger.refuse_for_good(mail.pk, OWNER, NEVER)
    after = fresh(mail)
    assert (after.state, after.smtp_code, after.lease_owner) == (MailState.SENT, 250, None)


def test_a_4xx_waits_longer_each_time_and_uses_an_attempt_up():
    mail = claimed()
    ledger.refuse_for_now(mail.pk, OWNER, LATER)
    after = fresh(mail)
    wait_s = (after.not_before - after.created_at).total_seconds()
    assert (after.state, after.attempts) == (MailState.QUEUED, 1)
    assert 29 <= wait_s <= 95


def test_a_4xx_after_72_hours_is_the_end():
    mail = claimed()
    OutgoingEmail.objects.update(created_at=Now() - dt.timedelta(hours=73))
    ledger.refuse_for_now(mail.pk, OWNER, LATER)
    assert fresh(mail).state == MailState.DEAD


def test_a_5xx_is_the_end():
    mail = claimed()
    ledger.refuse_for_good(mail.pk, OWNER, NEVER)
    after = fresh(mail)
    assert (after.state, after.smtp_code, after.reason) == ("dead", 550, "refused in rcpt")


def test_an_outage_costs_no_attempt():
    mail = claimed()
    ledger.defer_for_outage([mail.pk], OWNER, wait_s=5)
    after = fresh(mail)
    assert (after.state, after.attempts, after.outage_deferrals) == (MailState.QUEUED, 0, 1)


def test_giving_back_never_touches_a_mail_that_is_being_handed_over():
    mail = handing()
    assert ledger.give_back([mail.pk], OWNER) == 0
    assert fresh(mail).state == MailState.HANDING


@pytest.mark.parametrize(
    ("begin", "state"), [(claimed, MailState.QUEUED), (handing, MailState.UNCERTAIN)]
)
def test_a_dead_senders_mail_is_queued_before_the_dot_and_uncertain_after(begin, state):
    mail = begin()
    assert ledger.recover() == 0
    OutgoingEmail.objects.update(lease_until=Now())
    assert ledger.recover() == 1
    assert fresh(mail).state == state


def test_an_uncertain_mail_has_a_time_of_grace():
    mail = uncertain()
    assert list(ledger.to_settle()) == []
    OutgoingEmail.objects.update(uncertain_at=Now() - MINUTE)
    assert list(ledger.to_settle()) == [mail]


@pytest.mark.parametrize(
    ("values", "was_accepted", "state", "is_resend"),
    [
        ({}, True, MailState.SENT, False),
        ({}, False, MailState.QUEUED, True),
        ({}, None, MailState.HELD, False),
        ({"topic": "security"}, None, MailState.QUEUED, True),
        ({"topic": "security", "resend_of_uncertain": True}, None, MailState.DEAD, True),
        ({"topic": "security", "resend_of_uncertain": True}, False, MailState.QUEUED, True),
    ],
)
def test_what_becomes_of_an_uncertain_mail(values, was_accepted, state, is_resend):
    mail = uncertain(**values)
    ledger.settle(mail, was_accepted=was_accepted)
    after = fresh(mail)
    assert (after.state, after.resend_of_uncertain) == (state, is_resend)
    assert after.message_id == mail.message_id


@pytest.mark.parametrize(("was_accepted", "state"), [(True, "sent"), (False, "queued")])
def test_a_person_settles_a_held_mail(was_accepted, state):
    mail = uncertain()
    ledger.settle(mail, was_accepted=None)
    assert services.release_held(email_id=mail.pk, was_accepted=was_accepted)
    assert not services.release_held(email_id=mail.pk, was_accepted=was_accepted)
    assert fresh(mail).state == state


def test_a_code_that_is_too_late_is_not_sent_and_wiped():
    mail = mail_to(UserFactory(), expires_at=Now(), context={"code": "1"}, address="a@vidu.example")
    assert ledger.expire_late() == 1
    after = fresh(mail)
    assert (after.state, after.context, after.address) == (MailState.EXPIRED, None, "")


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"state": "odd", "finished_at": Now()}, "state_known"),
        ({"state": "claimed"}, "leased_while_worked_on"),
        ({"lease_until": Now()}, "leased_while_worked_on"),
        ({"state": "sent"}, "open_or_finished"),
        ({"finished_at": Now()}, "open_or_finished"),
        ({"state": "sent", "finished_at": Now(), "context": {"code": "1"}}, "secret_wiped"),
        ({"state": "uncertain"}, "uncertain_since"),
    ],
)
def test_the_database_refuses_impossible_mails(values, constraint):
    mail_to(UserFactory())
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        OutgoingEmail.objects.update(**values)


@pytest.mark.django_db(transaction=True)
def test_senders_side_by_side_never_share_a_mail():
    user = UserFactory()
    for number in range(60):
        mail_to(user, key=f"k{number}")

    def work(number: int) -> list[int]:
        try:
            owner = OWNER if number % 2 else OTHER
            return [mail.pk for _ in range(4) for mail in ledger.claim(owner)]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        ids = [pk for taken in pool.map(work, range(6)) for pk in taken]
    assert (len(ids), len(set(ids))) == (60, 60)
