"""Who hears of what, in which words, and that nobody hears of it twice."""

from __future__ import annotations

import email
import email.policy

import pytest
from django.utils import translation

from core.accounts.enums import Role
from core.accounts.models import Membership
from core.notifications.models import Notification
from core.notifications.sending.rendering import NotToBeSentError, line_of, render
from fairs import handlers, services
from fairs.events import (
    FairDateChanged,
    FairPhaseChanged,
    ParticipationApproved,
    ParticipationDeclined,
    ParticipationReturned,
    ParticipationSubmitted,
    ParticipationWithdrawn,
)
from fairs.models import Fair
from tests.factories.accounts import MembershipFactory
from tests.factories.fairs import FairFactory, ParticipationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(host, applicant):
    fair = FairFactory(calling=True, organiser=host.organisation, name="Hội chợ OCOP Hạ Long")
    return ParticipationFactory(fair=fair, organisation=applicant.organisation, booths_wanted=2)


def happened(kind, place):
    return kind(
        participation_id=place.pk,
        fair_id=place.fair_id,
        version=place.version,
        organisation_id=place.organisation_id,
    )


def cancelled(fair) -> FairPhaseChanged:
    return FairPhaseChanged(
        fair_id=fair.pk,
        version=fair.version,
        organisation_id=fair.organiser_id,
        before="calling",
        after="cancelled",
    )


def moved(fair) -> FairDateChanged:
    return FairDateChanged(
        fair_id=fair.pk,
        version=fair.version,
        organisation_id=fair.organiser_id,
        opens_on=fair.opens_on,
        closes_on=fair.closes_on,
    )


def told() -> list[tuple[str, int]]:
    return list(Notification.objects.order_by("pk").values_list("kind", "user_id"))


def decide(place, **state):
    granted = 2 if state.get("status") == "approved" else None
    for name, value in {"booths_granted": granted, **state}.items():
        setattr(place, name, value)
    place.save()
    return place


def test_the_host_hears_of_an_application_once(place, host):
    viewer = MembershipFactory(organisation=host.organisation, role=Role.VIEWER)
    for _ in range(5):
        handlers.tell_host_of_application(happened(ParticipationSubmitted, place))
    assert told() == [("fair_applied", host.user_id)]
    assert viewer.user_id != host.user_id


def test_the_host_hears_of_a_withdrawal(place, host):
    decide(place, status="withdrawn")
    handlers.tell_host_of_withdrawal(happened(ParticipationWithdrawn, place))
    assert told() == [("fair_withdrawn", host.user_id)]


@pytest.mark.parametrize(
    ("event", "status", "kind"),
    [
        (ParticipationApproved, "approved", "fair_approved"),
        (ParticipationReturned, "returned", "fair_returned"),
        (ParticipationDeclined, "declined", "fair_declined"),
    ],
)
def test_the_applicant_hears_the_decision(place, applicant, event, status, kind):
    decide(place, status=status, reason="Thiếu giấy tờ")
    for _ in range(5):
        handlers.tell_applicant(happened(event, place))
    assert told() == [(kind, applicant.user_id)]


def test_everybody_still_concerned_hears_of_a_cancelled_fair(place, applicant):
    other = MembershipFactory()
    gone = MembershipFactory()
    ParticipationFactory(fair=place.fair, organisation=other.organisation, approved=True)
    ParticipationFactory(fair=place.fair, organisation=gone.organisation, status="declined")
    fair = services.cancel_fair(fair_id=place.fair_id, reason="Bão số 3")
    handlers.tell_cancelled(cancelled(fair))
    assert told() == [
        ("fair_cancelled", applicant.user_id),
        ("fair_cancelled", other.user_id),
    ]


def test_other_phases_are_told_to_nobody(place):
    fair = place.fair
    handlers.tell_cancelled(
        FairPhaseChanged(
            fair_id=fair.pk,
            version=2,
            organisation_id=fair.organiser_id,
            before="calling",
            after="reviewing",
        )
    )
    assert told() == []


def test_of_two_changes_of_days_only_the_last_is_told(place, applicant):
    first = moved(place.fair)
    Fair.objects.filter(pk=place.fair_id).update(version=place.fair.version + 1)
    place.fair.refresh_from_db()
    handlers.tell_new_days(first)
    handlers.tell_new_days(moved(place.fair))
    assert told() == [("fair_moved", applicant.user_id)]


CASES = {
    "fair_applied": (
        lambda place: handlers.tell_host_of_application(happened(ParticipationSubmitted, place)),
        {},
        ("HTX Cam Vạn Yên applies for Hội chợ OCOP Hạ Long", "It asks for 2 booths."),
        "/fairs/mine/{fair}/applications/{place}/",
    ),
    "fair_withdrawn": (
        lambda place: handlers.tell_host_of_withdrawal(happened(ParticipationWithdrawn, place)),
        {"status": "withdrawn"},
        ("HTX Cam Vạn Yên no longer takes part in Hội chợ OCOP Hạ Long", "free again"),
        "/fairs/mine/{fair}/applications/{place}/",
    ),
    "fair_approved": (
        lambda place: handlers.tell_applicant(happened(ParticipationApproved, place)),
        {"status": "approved"},
        ("You take part in Hội chợ OCOP Hạ Long", "You have 2 booths."),
        "/fairs/{fair}/",
    ),
    "fair_returned": (
        lambda place: handlers.tell_applicant(happened(ParticipationReturned, place)),
        {"status": "returned", "reason": "Ghi rõ sản phẩm"},
        ("Please change your application for Hội chợ OCOP Hạ Long", "Ghi rõ sản phẩm"),
        "/fairs/{fair}/apply/",
    ),
    "fair_declined": (
        lambda place: handlers.tell_applicant(happened(ParticipationDeclined, place)),
        {"status": "declined", "reason": "Hết gian hàng <b>"},
        ("Your application for Hội chợ OCOP Hạ Long was declined", "Hết gian hàng <b>"),
        "/fairs/{fair}/",
    ),
    "fair_cancelled": (
        lambda place: handlers.tell_cancelled(
            cancelled(services.cancel_fair(fair_id=place.fair_id, reason="Bão số 3"))
        ),
        {},
        ("Hội chợ OCOP Hạ Long is cancelled", "Bão số 3"),
        "/fairs/{fair}/",
    ),
    "fair_moved": (
        lambda place: handlers.tell_new_days(moved(place.fair)),
        {},
        ("Hội chợ OCOP Hạ Long has new days", "withdraw your application"),
        "/fairs/{fair}/",
    ),
}


def parts_of(letter) -> tuple[str, str, str]:
    message = email.message_from_bytes(letter.payload, policy=email.policy.default)
    plain = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    return message["Subject"], plain, html


@pytest.mark.parametrize("kind", CASES)
def test_a_mail_says_what_happened_and_leads_there(place, kind):
    tell, state, (subject, words), path = CASES[kind]
    decide(place, **state)
    tell(place)
    note = Notification.objects.get(kind=kind)
    note.user.language = "en"
    note.user.save()
    note = Notification.objects.get(kind=kind)
    said, plain, html = parts_of(render(note.email))
    url = "http://testserver" + path.format(fair=place.fair_id, place=place.pk)
    assert said == subject
    assert words in " ".join(plain.split())
    assert url in plain
    assert url in html
    assert place.fair.opens_on.strftime("%d/%m/%Y") in plain
    assert "<b>" not in html.split("<body", 1)[1].replace("<body>", "")
    with translation.override("en"):
        assert line_of(note) == (subject, path.format(fair=place.fair_id, place=place.pk))


@pytest.mark.parametrize("kind", CASES)
def test_a_mail_is_written_in_vietnamese_too(place, kind):
    tell, state, _words, _path = CASES[kind]
    decide(place, **state)
    tell(place)
    said, plain, _html = parts_of(render(Notification.objects.get(kind=kind).email))
    assert "Hội chợ OCOP Hạ Long" in said
    assert "http://testserver/fairs/" in plain


@pytest.mark.parametrize("kind", ["fair_applied", "fair_approved", "fair_declined"])
def test_a_mail_that_is_no_longer_true_or_theirs_is_not_sent(place, kind):
    tell, state, _words, _path = CASES[kind]
    decide(place, **state)
    tell(place)
    note = Notification.objects.get(kind=kind)
    decide(place, status="returned")
    with pytest.raises(NotToBeSentError):
        render(note.email)
    decide(place, **{"status": "submitted", **state})
    Membership.objects.filter(user=note.user_id).delete()
    with pytest.raises(NotToBeSentError):
        render(Notification.objects.get(pk=note.pk).email)
