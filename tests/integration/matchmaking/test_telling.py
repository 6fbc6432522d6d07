"""Who is told of what, by which way, in which language, and what a mail may hold."""

from __future__ import annotations

import pytest

from core.accounts.enums import ConsentPurpose
from core.accounts.services import give_consents, withdraw_consent
from core.notifications.enums import Choice
from core.notifications.models import Notification, OutgoingEmail
from core.notifications.sending.rendering import NotToBeSentError, render
from matchmaking import handlers
from matchmaking.enums import Channel, DeclineReason, Side
from matchmaking.events import (
    MatchAccepted,
    MatchDeclined,
    MatchEnded,
    MatchProposed,
    MatchSuspended,
)
from matchmaking.models import Match
from matchmaking.services import decisions, refresh
from producers.enums import OfferStatus, PaperStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def match(world) -> Match:
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    for user in (world.seller, world.buyer):
        give_consents(user_id=user.pk, purposes=[ConsentPurpose.TERMS, ConsentPurpose.MATCH_MAIL])
    return Match.objects.get()


def accept(match: Match, side: Side) -> None:
    voice = decisions.Voice(side=side, channel=Channel.PORTAL)
    match.version = decisions.accept_match(match_id=match.pk, voice=voice).version


def propose(match: Match) -> None:
    handlers.tell_proposed(MatchProposed(match_id=match.pk, version=match.version))


def letters() -> list[tuple[str, str]]:
    """Return (recipient, whole mail) of everything queued."""
    found = [render(mail) for mail in OutgoingEmail.objects.order_by("pk")]
    return [(letter.recipient, letter.payload.decode()) for letter in found]


def test_both_sides_are_told_once_however_often_the_event_comes(world, match):
    for _ in range(5):
        propose(match)

    told = Notification.objects.values_list("user_id", flat=True)
    assert sorted(told) == sorted([world.seller.pk, world.buyer.pk])
    assert OutgoingEmail.objects.count() == 2


def test_suggestion_goes_by_mail_only_to_who_agreed_to_that(world, match):
    withdraw_consent(user_id=world.buyer.pk, purpose=ConsentPurpose.MATCH_MAIL)

    propose(match)

    delivery = dict(Notification.objects.values_list("user_id", "delivery"))
    assert delivery == {world.seller.pk: Choice.NOW, world.buyer.pk: Choice.OFF}


def test_event_of_an_older_version_tells_nobody(match):
    handlers.tell_proposed(MatchProposed(match_id=match.pk, version=match.version - 1))
    handlers.tell_proposed(MatchProposed(match_id=match.pk, version=match.version, is_top=False))

    assert not Notification.objects.exists()


def test_mail_says_why_with_numbers_and_its_link_is_the_recipients_own(world, match, client):
    world.buyer.language = "en"
    world.buyer.save()
    propose(match)

    texts = dict(letters())

    to_buyer = texts[world.buyer.email]
    assert "Content-Language: en" in to_buyer or "Why it fits" in to_buyer
    assert "/m/" in to_buyer
    assert to_buyer.split("/m/")[1][:20] != texts[world.seller.email].split("/m/")[1][:20]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_contact_is_in_the_mail_of_the_agreed_match_and_in_no_other(world, match, language):
    for user in (world.seller, world.buyer):
        user.language = language
        user.save()
    propose(match)
    accept(match, Side.PRODUCER)
    handlers.tell_accepted(
        MatchAccepted(match_id=match.pk, version=match.version, side="producer", both=False)
    )
    phone = str(world.offer.producer.organisation.contact_phone)
    before = [text for _to, text in letters_open() if phone in text]

    accept(match, Side.BUYER)
    handlers.tell_accepted(
        MatchAccepted(match_id=match.pk, version=match.version, side="buyer", both=True)
    )

    agreed = [render(mail) for mail in OutgoingEmail.objects.filter(kind="match_agreed")]
    assert before == []
    assert {letter.recipient for letter in agreed} == {world.seller.email, world.buyer.email}
    assert [phone in decoded(letter) for letter in agreed].count(True) >= 1


def test_suspension_is_told_to_both_of_an_agreed_match_with_the_reason(world, match):
    accept(match, Side.PRODUCER)
    accept(match, Side.BUYER)
    world.code.status = PaperStatus.REVOKED
    world.code.save()
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    match.refresh_from_db()

    handlers.tell_suspended(
        MatchSuspended(match_id=match.pk, version=match.version, refusals="papers_missing")
    )

    kinds = OutgoingEmail.objects.values_list("kind", "user_id")
    assert sorted(kinds) == sorted(
        [("match_suspended", world.seller.pk), ("match_suspended", world.buyer.pk)]
    )
    assert len(letters()) == 2


def test_suspension_of_a_match_nobody_answered_disturbs_nobody(match):
    handlers.tell_suspended(
        MatchSuspended(match_id=match.pk, version=match.version, refusals="papers_missing")
    )

    assert not Notification.objects.exists()


def test_decline_reaches_the_side_that_had_accepted_with_its_reason(world, match):
    accept(match, Side.PRODUCER)
    voice = decisions.Voice(side=Side.BUYER, channel=Channel.PORTAL)
    match = decisions.decline_match(match_id=match.pk, voice=voice, reason=DeclineReason.DISTANCE)

    handlers.tell_declined(
        MatchDeclined(match_id=match.pk, version=match.version, side="buyer", reason="distance")
    )

    assert [to for to, _text in letters()] == [world.seller.email]


def test_end_is_told_to_who_had_accepted(world, match):
    accept(match, Side.BUYER)
    world.offer.status = OfferStatus.WITHDRAWN
    world.offer.save()
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    match.refresh_from_db()

    handlers.tell_ended(MatchEnded(match_id=match.pk, version=match.version))

    assert [to for to, _text in letters()] == [world.buyer.email]


def test_right_that_ended_before_sending_stops_the_mail(world, match):
    propose(match)
    world.buyer.memberships.all().delete()
    accept(match, Side.PRODUCER)

    for mail in OutgoingEmail.objects.all():
        with pytest.raises(NotToBeSentError):
            render(mail)


def letters_open() -> list[tuple[str, str]]:
    """Return the mails that may still be sent; an answered question is no longer asked."""
    found = []
    for mail in OutgoingEmail.objects.order_by("pk"):
        try:
            letter = render(mail)
        except NotToBeSentError:
            continue
        found.append((letter.recipient, decoded(letter)))
    return found


def decoded(letter) -> str:
    import email
    from email import policy

    message = email.message_from_bytes(letter.payload, policy=policy.default)
    return message.get_body(("plain",)).get_content()
