"""Who hears of shared dossiers, in which words, once; and what is written down when they end."""

from __future__ import annotations

import datetime as dt
import email
import email.policy

import pytest
from django.utils import translation

from core.kernel import clock
from core.notifications.models import Notification
from core.notifications.sending.rendering import NotToBeSentError, line_of, render
from core.outbox.models import OutboxMessage
from core.vault import handlers, services
from core.vault.enums import PacketCode
from core.vault.events import PacketFetched, PacketShared, PacketShareEnded, PacketWithdrawn
from core.vault.models import PacketShare
from core.vault.services import Consent
from tests.factories.accounts import MembershipFactory
from tests.factories.fairs import FairFactory, ParticipationFactory
from tests.integration.vault.conftest import keep, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(db):
    return MembershipFactory(organisation__is_organiser=True, organisation__is_producer=False)


@pytest.fixture
def place(owner, host):
    fair = FairFactory(organiser=host.organisation, calling=True)
    return ParticipationFactory(fair=fair, organisation=owner.organisation)


@pytest.fixture
def consent(owner, place):
    def consent(*documents, until=None):
        return Consent(
            packet=PacketCode.FAIR, subject_id=place.pk, title="Hội chợ – HTX",
            holder_id=place.organisation_id, receiver_id=place.fair.organiser_id,
            document_ids=[one.pk for one in documents],
            until=until or clock.today() + dt.timedelta(days=5),
        )  # fmt: skip

    return consent


def happened(kind):
    """Return the stored events of a kind, as their consumers get them."""
    rows = OutboxMessage.objects.filter(type=kind.type).order_by("pk")
    return [kind.from_payload(row.payload) for row in rows]


def told(user):
    return list(Notification.objects.filter(user=user).order_by("pk"))


def parts_of(letter):
    """Return the subject of a mail and its plain text."""
    mail = email.message_from_bytes(letter.payload, policy=email.policy.default)
    return mail["Subject"], mail.get_body(("plain",)).get_content()


def fetch(share, documents=()):
    ids = [one.pk for one in documents]
    return services.record_handover(share_id=share.pk, document_ids=ids, size_bytes=1, user_id=None)


def test_the_receiver_hears_of_new_files_in_its_own_language_and_of_nothing_else(
    owner, host, place, consent
):
    first, second = keep(owner), keep(owner, pdf("hai"), title="Nhãn")
    host.user.language = "en"
    host.user.save()
    for said in (
        consent(first),
        consent(first),  # nothing new: no event
        consent(first, until=clock.today()),  # another day: an event, but no news
        consent(first, second),
    ):
        share = services.share_packet(consent=said)
    events = happened(PacketShared)
    assert [one.has_new_files for one in events] == [True, False, True]
    assert (events[0].organisation_id, events[0].receiver_id, events[-1].version) == (
        owner.organisation.pk, host.organisation.pk, share.version,
    )  # fmt: skip
    for event in [*events, events[0]]:
        handlers.tell_receiver(event)
    notes = told(host.user)
    assert [note.kind for note in notes] == ["packet_shared"] * 2
    assert told(owner.user) == []
    subject, text = parts_of(render(notes[0].email))
    assert subject == f"{owner.organisation.name} shares papers with you"
    assert f"/fairs/mine/{place.fair_id}/applications/{place.pk}/" in text
    assert "2 files" in text
    with translation.override("vi"):
        line, _url = line_of(notes[0])
    assert owner.organisation.name in line


def test_a_mail_about_papers_taken_back_is_not_sent_any_more(owner, host, consent):
    share = services.share_packet(consent=consent(keep(owner)))
    handlers.tell_receiver(happened(PacketShared)[0])
    services.withdraw_share(share_id=share.pk)
    services.withdraw_share(share_id=share.pk)
    (event,) = happened(PacketWithdrawn)
    assert (event.share_id, event.version) == (share.pk, 2)
    with pytest.raises(NotToBeSentError):
        render(told(host.user)[0].email)


def test_the_holder_hears_of_the_first_fetch_only(owner, host, consent):
    document = keep(owner)
    share = services.share_packet(consent=consent(document))
    fetch(share, [document])
    fetch(share, [document])
    events = happened(PacketFetched)
    assert [one.is_first for one in events] == [True, False]
    for event in [*events, *events]:
        handlers.tell_holder(event)
    (note,) = told(owner.user)
    assert note.kind == "packet_fetched"
    subject, text = parts_of(render(note.email))
    assert host.organisation.name in subject
    assert "/documents/packets/" in text
    assert told(host.user) == []


def test_the_last_day_counts_and_its_end_is_written_down_once(owner, consent):
    document, today = keep(owner), clock.today()
    share = services.share_packet(consent=consent(document, until=today))
    assert services.end_shares(day=today) == 0
    tomorrow = today + dt.timedelta(days=1)
    assert [services.end_shares(day=tomorrow), services.end_shares(day=tomorrow)] == [1, 0]
    (event,) = happened(PacketShareEnded)
    share.refresh_from_db()
    assert (event.share_id, event.version, share.ended_at is not None) == (share.pk, 2, True)
    again = services.share_packet(consent=consent(document))
    assert (again.pk, again.ended_at) == (share.pk, None)
    assert PacketShare.objects.count() == 1
