"""Deciding at the desk: one paper or many, on what was seen, and the way back."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from core.kernel import clock
from core.notifications.models import Notification
from matchmaking import handlers as matching
from matchmaking.models import Match
from producers import handlers, notices, services
from producers.enums import DeskStep, EvidenceGrade, PaperKind
from producers.events import PaperReopened
from producers.models import DeskBatch, DeskItem, Paper
from tests.factories import buyers
from tests.factories.accounts import (
    OfficerFactory,
)
from tests.factories.producers import PaperFactory, SupplyOfferFactory
from tests.integration.producers.desk_steps import (
    LINK,
    bulk,
    decided,
    statuses,
)

pytestmark = pytest.mark.django_db


# --- On what was seen -------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["", "0", "1", "x", "99999999999", "3"])
def test_a_paper_that_changed_meanwhile_is_not_decided_on(desk_client, version):
    paper = PaperFactory(version=2)
    answer = desk_client.post(
        f"/officer/papers/{paper.pk}/verify/", {"grade": "A", "version": version}
    )
    assert answer.status_code == 200
    assert statuses(paper) == ["submitted"]
    assert 'name="version" value="2"' in answer.content.decode()
    assert "nc-tone-stop" in answer.content.decode()
    assert decided() == []


def test_of_two_officers_the_second_one_is_told_and_changes_nothing(client_for):
    first, second = (client_for(one) for one in OfficerFactory.create_batch(2))
    paper = PaperFactory()
    page = f"/officer/papers/{paper.pk}/"
    assert first.post(f"{page}verify/", {"grade": "A", "version": 1}).status_code == 302
    late = second.post(f"{page}return/", {"why": "unreadable", "version": 1})
    assert late.status_code == 200
    assert statuses(paper) == ["verified"]
    assert decided() == ["verified"]


def test_officers_see_who_else_looks_and_who_took_a_paper(client_for):
    officers = OfficerFactory.create_batch(2)
    first, second = map(client_for, officers)
    paper = PaperFactory()
    page = f"/officer/papers/{paper.pk}/"
    assert officers[0].full_name not in first.get(page).content.decode().split("<main")[1]
    assert officers[0].full_name in second.get(page).content.decode()
    first.post(f"{page}take/")
    assert officers[0].full_name in second.get("/officer/papers/").content.decode()
    second.post(f"{page}take/", {"release": "1"})  # not one's own: stays
    assert Paper.objects.get().desk_take.officer == officers[0]
    second.post(f"{page}take/")
    assert Paper.objects.get().desk_take.officer == officers[1]
    second.post(f"{page}verify/", {"grade": "A", "version": 1})
    assert not hasattr(Paper.objects.get(), "desk_take")


def test_after_a_decision_the_next_paper_of_the_queue_follows(desk_client):
    days = [3, 2, 1]
    since = [clock.now() - dt.timedelta(days=day) for day in days]
    first, second, third = (PaperFactory(submitted_at=one) for one in since)
    other = PaperFactory(kind=PaperKind.HACCP, submitted_at=since[1])
    query = "?status=submitted&kind=vietgap"
    page = desk_client.get(f"/officer/papers/{second.pk}/{query}")
    place = page.context["place"]
    assert (place.number, place.count, place.previous_id, place.next_id) == (
        2, 3, first.pk, third.pk,
    )  # fmt: skip
    answer = desk_client.post(
        f"/officer/papers/{second.pk}/verify/{query}", {"grade": "A", "version": 1}
    )
    assert answer.url.startswith(f"/officer/papers/{third.pk}/?status=submitted&kind=vietgap&done=")
    shown = desk_client.get(answer.url).content.decode()
    assert f"/officer/papers/decisions/{DeskBatch.objects.get().pk}/undo/" in shown
    last = desk_client.post(
        f"/officer/papers/{third.pk}/return/{query}", {"why": "unreadable", "version": 1}
    )
    assert last.url.startswith("/officer/papers/?status=submitted&kind=vietgap&done=")
    assert statuses(other) == ["submitted"]


# --- Reasons ----------------------------------------------------------------------------------


def test_the_holder_reads_the_reason_in_plain_words(desk_client):
    paper = PaperFactory()
    desk_client.post(
        f"/officer/papers/{paper.pk}/return/",
        {"why": "mismatch", "reason": "Số 12 hay 21?", "version": 1},
    )
    paper.refresh_from_db()
    assert "Số 12 hay 21?" in paper.status_reason
    batch = DeskBatch.objects.get()
    assert (batch.step, batch.why) == ("return", "mismatch")
    shown = desk_client.get("/officer/papers/figures/").context["reasons"]
    assert [(one.step, one.why, one.count) for one in shown] == [("return", "mismatch", 1)]


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"why": "other"},
        {"why": "forged"},
        {"why": "<script>"},
        {"reason": " \u200b\u202e"},
        {"why": "mismatch", "reason": "x" * 301},
        {"why": "mismatch", "reason": "x" * 5_000_000},
    ],
    ids=["nothing", "other", "of another step", "markup", "invisible", "long", "huge"],
)
def test_a_reason_that_says_nothing_comes_back_with_an_error(desk_client, typed, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 8_000_000
    paper = PaperFactory()
    answer = desk_client.post(f"/officer/papers/{paper.pk}/return/", {"version": 1, **typed})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert statuses(paper) == ["submitted"]


# --- The way back -----------------------------------------------------------------------------


def test_an_undone_verification_waits_again_and_matches_follow(desk_client):
    from matchmaking.services import refresh

    offer = SupplyOfferFactory(published=True)
    buyers.DemandRequestFactory(
        published=True, category=offer.product.category, required_papers=["vietgap"],
        delivery_province=offer.origin_province, price_ceiling_vnd_per_base=45_000,
    )  # fmt: skip
    paper = PaperFactory(producer=offer.producer, **LINK)
    handed_in = paper.submitted_at
    bulk(desk_client, DeskStep.VERIFY, paper, grade="A")
    refresh.refresh_matches_of_offer(offer_id=offer.pk)
    assert Match.objects.get().status == "proposed"
    batch = DeskBatch.objects.get()
    answer = desk_client.post(f"/officer/papers/decisions/{batch.pk}/undo/")
    assert answer.url == f"/officer/papers/{paper.pk}/"
    paper.refresh_from_db()
    assert (paper.status, paper.grade, paper.version, paper.decided_by) == (
        "submitted", "D", 3, None,
    )  # fmt: skip
    assert paper.submitted_at == handed_in
    assert decided()[-1] == "reopened"
    matching.rank_one(reopened(paper))
    assert Match.objects.get().status == "suspended"
    assert DeskItem.objects.get().is_undone


def reopened(paper: Paper) -> PaperReopened:
    return PaperReopened(
        paper_id=paper.pk, version=paper.version, organisation_id=paper.producer_id,
        kind=paper.kind,
    )  # fmt: skip


def test_undone_steps_put_back_what_stood_before(desk_client, officer):
    submitted, proposed = PaperFactory(**LINK), PaperFactory(verified=True)
    verified = PaperFactory(verified=True, decided_by=officer, grade=EvidenceGrade.REGISTER)
    bulk(desk_client, DeskStep.RETURN, submitted, why="unreadable")
    bulk(desk_client, DeskStep.SUSPEND, verified, why="inspection")
    bulk(desk_client, DeskStep.REVOKE, proposed, why="forged")
    assert statuses(submitted, verified, proposed) == ["returned", "suspended", "verified"]
    assert proposed.proposals.get().state == "waiting"
    for batch in DeskBatch.objects.all():
        desk_client.post(f"/officer/papers/decisions/{batch.pk}/undo/")
    assert statuses(submitted, verified, proposed) == ["submitted", "verified", "verified"]
    verified.refresh_from_db()
    assert (verified.grade, verified.decided_by, verified.status_reason) == ("B", officer, "")
    assert proposed.proposals.get().state == "undone"
    assert decided() == ["returned", "suspended", "proposed", "reopened", "reopened"]


def test_what_has_moved_on_stays_when_the_rest_is_undone(desk_client):
    first, second = PaperFactory.create_batch(2, **LINK)
    bulk(desk_client, DeskStep.VERIFY, first, second, grade="A")
    services.suspend_paper(paper_id=first.pk, reason="x")
    batch = DeskBatch.objects.get()
    page = desk_client.post(f"/officer/papers/decisions/{batch.pk}/undo/", follow=True)
    assert statuses(first, second) == ["suspended", "submitted"]
    assert page.context["undone"] == 1
    assert desk_client.post(f"/officer/papers/decisions/{batch.pk}/undo/").status_code == 409


def test_a_decision_is_undone_by_its_officer_for_half_an_hour(desk_client, client_for):
    paper = PaperFactory(**LINK)
    bulk(desk_client, DeskStep.VERIFY, paper, grade="A")
    address = f"/officer/papers/decisions/{DeskBatch.objects.get().pk}/"
    assert client_for(OfficerFactory()).post(f"{address}undo/").status_code == 404
    assert client_for(OfficerFactory()).get(address).status_code == 404
    with time_machine.travel(clock.now() + dt.timedelta(minutes=31), tick=False):
        assert "undo/" not in desk_client.get(address).content.decode()
        assert desk_client.post(f"{address}undo/").status_code == 409
    assert statuses(paper) == ["verified"]
    assert [row.pk for row in desk_client.get("/officer/papers/decisions/").context["page_obj"]]


def test_the_holder_is_told_that_a_paper_waits_again(desk_client, owner):
    paper = PaperFactory(producer=owner.organisation.producer, **LINK)
    bulk(desk_client, DeskStep.RETURN, paper, why="unreadable")
    desk_client.post(f"/officer/papers/decisions/{DeskBatch.objects.get().pk}/undo/")
    paper.refresh_from_db()
    handlers.tell_paper_decided(reopened(paper))
    note = Notification.objects.get(user=owner.user)
    assert notices.paper_context(note)["status"] == "submitted"
