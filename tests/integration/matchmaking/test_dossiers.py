"""Papers shared in a match: announced at once, opened once both have accepted, then closed."""

from __future__ import annotations

import pytest

from core.kernel import clock
from core.notifications.models import Notification
from core.notifications.sending.rendering import NotToBeSentError, render
from core.vault import handlers, registry
from core.vault.enums import PacketCode
from core.vault.events import PacketShared
from core.vault.models import PacketShare
from core.vault.services import Consent, share_packet
from matchmaking.enums import Channel, DeclineReason, Side
from matchmaking.models import Match
from matchmaking.services import decisions, refresh
from tests.factories.vault import document_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def share(world, settings, tmp_path) -> PacketShare:
    settings.MEDIA_ROOT = tmp_path
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    match = Match.objects.select_related("producer__organisation").get()
    kept = document_with(b"%PDF-1.7 %%EOF", organisation=match.producer.organisation)
    consent = Consent(
        packet=PacketCode.CHAIN, subject_id=match.pk, title="Cam", holder_id=match.producer_id,
        receiver_id=match.group_id, document_ids=[kept.pk], until=clock.today(),
    )  # fmt: skip
    return share_packet(consent=consent)


def said_to(user, share) -> str:
    handlers.tell_receiver(
        PacketShared(
            share_id=share.pk,
            version=share.version,
            organisation_id=share.organisation_id,
            receiver_id=share.receiver_id,
            packet=share.packet,
            until=share.until,
            has_new_files=True,
        )
    )
    mail = Notification.objects.get(kind="packet_shared", user=user).email
    return render(mail).payload.decode()


def test_papers_are_announced_before_they_open_and_open_with_the_second_yes(world, share):
    match_id = share.subject_id
    world.buyer.language = "en"
    world.buyer.save()
    words = "as soon as both of you have accepted"
    assert words in said_to(world.buyer, share)
    assert not registry.handing_of(share).is_open
    for side in (Side.PRODUCER, Side.BUYER):
        voice = decisions.Voice(side=side, channel=Channel.PORTAL)
        decisions.accept_match(match_id=match_id, voice=voice)
    handing = registry.handing_of(share)
    assert (handing.is_open, handing.url) == (True, f"/matches/{match_id}/")
    assert handing.packet().receiver_id == share.receiver_id
    assert words not in said_to(world.buyer, share)


def test_a_match_turned_down_opens_nothing_and_its_mail_is_not_sent(world, share):
    voice = decisions.Voice(side=Side.BUYER, channel=Channel.PORTAL)
    decisions.decline_match(match_id=share.subject_id, voice=voice, reason=DeclineReason.PRICE)
    assert registry.handing_of(share) is None
    with pytest.raises(NotToBeSentError):
        said_to(world.buyer, share)
