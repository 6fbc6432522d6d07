from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from core.accounts.events import OrganisationApproved, OrganisationSubmitted
from core.kernel import context
from core.kernel.errors import InvalidInputError, PermanentError
from core.notifications import digests, handlers, selectors, services
from core.notifications.enums import Choice, Topic, Via
from core.notifications.events import DigestDue
from core.notifications.models import Notification, OutgoingEmail, Preference
from core.outbox.models import OutboxMessage
from tests.factories.accounts import MembershipFactory, OfficerFactory, UserFactory
from tests.factories.notifications import KIND, told

pytestmark = pytest.mark.django_db

SEVEN = "2026-11-21T00:00:00+00:00"
DAY = dt.date(2026, 11, 21)


def choose(user, choice: Choice, *, topic: Topic = Topic.MATCH) -> None:
    services.choose(user_id=user.pk, topic=topic, choice=choice, via=Via.PORTAL)


def test_a_person_is_told_once_however_often_the_duty_runs():
    user = UserFactory()
    answers = [
        services.notify(kind=KIND, user_id=user.pk, dedupe_key="once", ref={"match_id": 1})
        for _ in range(5)
    ]
    assert answers == [True, False, False, False, False]
    assert (Notification.objects.count(), OutgoingEmail.objects.count()) == (1, 1)


def test_notification_and_mail_carry_the_correlation_id():
    with context.scope(context.Context()) as cause:
        note = told(UserFactory())
    assert note.correlation_id == note.email.correlation_id == cause.correlation_id


def test_an_unknown_kind_is_a_permanent_error():
    with pytest.raises(PermanentError):
        services.notify(kind="nobody_knows", user_id=UserFactory().pk, dedupe_key="x", ref={})


@pytest.mark.parametrize(("choice", "mails"), [(Choice.NOW, 1), (Choice.DAILY, 0), (Choice.OFF, 0)])
def test_the_preference_decides_about_the_mail_never_about_the_portal(choice, mails):
    user = UserFactory()
    choose(user, choice)
    note = told(user)
    assert (note.delivery, OutgoingEmail.objects.count()) == (choice, mails)


def test_without_consent_to_mail_the_portal_alone_tells():
    user = UserFactory()
    services.notify(kind=KIND, user_id=user.pk, dedupe_key="x", ref={}, by_mail=False)
    assert Notification.objects.get().delivery == Choice.OFF
    assert not OutgoingEmail.objects.exists()


def test_security_mails_cannot_be_chosen_away():
    user = UserFactory()
    with pytest.raises(InvalidInputError):
        choose(user, Choice.OFF, topic=Topic.SECURITY)
    with pytest.raises(IntegrityError, match="preference_security"), transaction.atomic():
        Preference.objects.create(user=user, topic="security", choice="off", via="portal")
    assert selectors.choice_of(user_id=user.pk, topic=Topic.SECURITY) == Choice.NOW


def test_every_change_of_a_preference_is_kept():
    user = UserFactory()
    choose(user, Choice.DAILY)
    choose(user, Choice.OFF)
    revisions = Preference.pgh_event_model.objects.filter(user=user).order_by("pgh_id")
    assert [revision.choice for revision in revisions] == ["daily", "off"]


def test_the_digest_takes_what_waits_and_the_second_run_takes_nothing():
    user = UserFactory()
    choose(user, Choice.DAILY)
    notes = [told(user, key=f"k{n}") for n in range(3)]
    built = [digests.build_digests(day=DAY, user_ids=(user.pk,)) for _ in range(2)]
    mail = OutgoingEmail.objects.get()
    assert built == [1, 0]
    assert (mail.kind, mail.dedupe_key) == ("digest", f"digest:{user.pk}:2026-11-21")
    assert [n.pk for n in mail.notifications.order_by("pk")] == [n.pk for n in notes]


def test_a_day_has_one_digest_and_later_news_waits_for_tomorrow():
    user = UserFactory()
    choose(user, Choice.DAILY)
    told(user, key="early")
    digests.build_digests(day=DAY, user_ids=(user.pk,))
    told(user, key="late")
    assert digests.build_digests(day=DAY, user_ids=(user.pk,)) == 0
    assert digests.build_digests(day=DAY + dt.timedelta(days=1), user_ids=(user.pk,)) == 1


def test_digests_are_announced_at_seven_in_the_morning_of_vietnam_only():
    user = UserFactory()
    choose(user, Choice.DAILY)
    told(user)
    assert digests.announce_digests(hour="2026-11-21T01:00:00+00:00") == 0
    assert [digests.announce_digests(hour=SEVEN) for _ in range(2)] == [1, 1]
    message = OutboxMessage.objects.get(type=DigestDue.type)
    assert message.payload == {"day": "2026-11-21", "user_ids": [user.pk]}


def test_switching_a_topic_off_empties_its_part_of_the_digest():
    user = UserFactory()
    choose(user, Choice.DAILY)
    told(user)
    choose(user, Choice.OFF)
    assert digests.build_digests(day=DAY, user_ids=(user.pk,)) == 0


def test_stopping_the_digest_switches_every_daily_topic_off():
    user = UserFactory()
    choose(user, Choice.DAILY)
    choose(user, Choice.DAILY, topic=Topic.FAIR)
    services.stop_digests(user_id=user.pk, via=Via.ONE_CLICK)
    chosen = selectors.choices_of(user)
    assert (chosen[Topic.MATCH], chosen[Topic.FAIR], chosen[Topic.PAPER]) == ("off", "off", "now")


def test_a_bounce_suppresses_the_address_whatever_its_capitals():
    services.record_bounce(email_id=1, address="Lan@Vidu.example")
    assert selectors.is_suppressed("lan@vidu.example")


def test_a_sent_notification_can_be_sent_again_under_a_new_id():
    note = told(UserFactory())
    old = note.email
    assert services.resend(email_id=old.pk) is False
    OutgoingEmail.objects.update(state="sent", finished_at="2026-11-21T00:00Z")
    assert services.resend(email_id=old.pk) is True
    note.refresh_from_db()
    assert note.email.message_id != old.message_id


def test_old_evidence_is_dropped():
    note = told(UserFactory())
    note.email.delivery_attempts.create(
        phase="dot", outcome="accepted", ended_at="2026-01-01T00:00Z"
    )
    note.email.delivery_attempts.create(phase="dot", outcome="accepted")
    handlers.drop_old_evidence(None)
    assert note.email.delivery_attempts.count() == 1


def test_members_are_told_of_a_decision_and_officers_of_a_submission():
    member = MembershipFactory()
    officer = OfficerFactory()
    ids = {"organisation_id": member.organisation_id, "version": 2}
    for _ in range(2):
        handlers.tell_members(OrganisationApproved(**ids))
        handlers.tell_officers(OrganisationSubmitted(**ids))
    assert sorted(Notification.objects.values_list("user_id", "kind")) == sorted(
        [(member.user_id, "organisation_approved"), (officer.pk, "organisation_submitted")]
    )
