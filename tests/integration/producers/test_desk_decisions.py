"""Deciding at the desk: one paper or many, on what was seen, and the way back."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from core.kernel import clock
from core.notifications.models import Notification
from core.outbox.models import OutboxMessage
from matchmaking import handlers as matching
from matchmaking.models import Match
from producers import handlers, notices, services
from producers.enums import DeskStep, EvidenceGrade, PaperKind, PaperStatus
from producers.events import PaperReopened
from producers.models import DeskBatch, DeskItem, Paper
from tests.factories import buyers
from tests.factories.accounts import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    UserFactory,
    province,
    turn_on_totp,
)
from tests.factories.producers import PaperFactory, ProducerFactory, SupplyOfferFactory

pytestmark = pytest.mark.django_db
BULK = "/officer/papers/bulk/"
LINK = {"evidence_url": "https://so.vidu.example/1"}


@pytest.fixture
def officer(db):
    return OfficerFactory()


@pytest.fixture
def desk_client(officer, client_for):
    return client_for(officer)


def named(*papers: Paper) -> list[str]:
    return [f"{paper.pk}:{paper.version}" for paper in papers]


def bulk(client, step: DeskStep, *papers: Paper, confirm: bool = True, **more):
    typed = {"step": step.value, "paper": named(*papers), **more}
    return client.post(BULK, typed | ({"confirm": "1"} if confirm else {}))


def statuses(*papers: Paper) -> list[str]:
    found = dict(Paper.objects.values_list("pk", "status"))
    return [found[paper.pk] for paper in papers]


def outcomes(*papers: Paper) -> list[str]:
    items = {one.paper_id: one.obstacle or one.outcome for one in DeskItem.objects.all()}
    return [items[paper.pk] for paper in papers]


def decided() -> list[str]:
    types = OutboxMessage.objects.order_by("pk").values_list("type", flat=True)
    return [one.split(".")[-2] for one in types]


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


# --- Many at once -----------------------------------------------------------------------------


def test_the_plan_says_what_will_happen_and_does_nothing(desk_client, officer):
    good = PaperFactory(**LINK)
    award = PaperFactory(award=True, **LINK)
    bare = PaperFactory()
    odd = PaperFactory(kind=PaperKind.GLOBALGAP, number="x", **LINK)
    returned = PaperFactory(status=PaperStatus.RETURNED)
    proposed = PaperFactory(award=True, **LINK)
    services.propose_verification(
        paper_id=proposed.pk, grade=EvidenceGrade.DOCUMENT, officer_id=OfficerFactory().pk
    )
    mine = PaperFactory(**LINK)
    MembershipFactory(user=officer, organisation=mine.producer.organisation)
    changed = PaperFactory(**LINK)
    papers = (good, award, bare, odd, returned, proposed, mine)
    typed = {"step": "verify", "paper": [*named(*papers), f"{changed.pk}:7"]}
    answer = desk_client.post(BULK, typed)
    plans = {one.paper.pk: one for one in answer.context["plans"]}
    assert [plans[one.pk].obstacle for one in (*papers, changed)] == [
        None, None, "no_file", "odd", "state", "proposal", "not_yours", "changed",
    ]  # fmt: skip
    assert [plans[one.pk].is_proposal for one in (good, award)] == [False, True]
    assert not DeskBatch.objects.exists()
    assert statuses(good, award) == ["submitted", "submitted"]


def test_what_is_confirmed_is_done_and_the_rest_left_with_its_reason(desk_client):
    good, second = PaperFactory.create_batch(2, **LINK)
    award, bare = PaperFactory(award=True, **LINK), PaperFactory()
    changed = PaperFactory(**LINK)
    names = [*named(good, second, award, bare), f"{changed.pk}:9"]
    answer = desk_client.post(
        BULK, {"step": "verify", "paper": names, "grade": "B", "confirm": "1"}
    )
    batch = DeskBatch.objects.get()
    assert answer.url == f"/officer/papers/decisions/{batch.pk}/"
    assert statuses(good, second, award, bare, changed) == [
        "verified", "verified", "submitted", "submitted", "submitted",
    ]  # fmt: skip
    assert outcomes(good, second, award, bare, changed) == [
        "done", "done", "proposed", "no_file", "changed",
    ]  # fmt: skip
    assert Paper.objects.get(pk=good.pk).grade == "B"
    assert award.proposals.get().state == "waiting"
    context = desk_client.get(answer.url).context
    assert (context["done"], context["proposed"], context["left_out"]) == (2, 1, 2)


def test_all_of_a_filter_is_taken_and_no_more_than_may_be(desk_client, monkeypatch):
    from producers.services import desk as deciding

    papers = PaperFactory.create_batch(3, **LINK)
    other = PaperFactory(kind=PaperKind.HACCP, **LINK)
    query = f"{BULK}?status=submitted&kind=vietgap"
    shown = desk_client.post(query, {"step": "return", "all": "1"})
    assert [one.paper.pk for one in shown.context["plans"]] == [one.pk for one in papers]
    monkeypatch.setattr(services, "MOST_PAPERS", 2)
    shown = desk_client.post(query, {"step": "return", "all": "1"})
    assert [one.paper.pk for one in shown.context["plans"]] == [one.pk for one in papers[:2]]
    assert deciding.MOST_PAPERS == 200
    assert statuses(other) == ["submitted"]


def test_foreign_papers_do_not_exist_for_a_bulk_action(desk_client):
    away = OrganisationFactory(province=province("31", name="Hải Phòng"), commune=None)
    foreign = PaperFactory(producer=ProducerFactory(organisation=away), **LINK)
    own = PaperFactory(**LINK)
    shown = bulk(desk_client, DeskStep.VERIFY, foreign, own, confirm=False)
    assert [one.paper.pk for one in shown.context["plans"]] == [own.pk]
    bulk(desk_client, DeskStep.VERIFY, foreign, own, grade="A")
    assert statuses(foreign, own) == ["submitted", "verified"]
    assert DeskItem.objects.get().paper_id == own.pk


def test_an_administrator_reads_and_decides_nothing(client_for):
    admin = UserFactory(is_staff=True)
    turn_on_totp(admin)
    client, paper = client_for(admin), PaperFactory(**LINK)
    page = client.get("/officer/papers/").content.decode()
    assert 'name="paper"' not in page
    bulk(client, DeskStep.VERIFY, paper, grade="A")
    assert outcomes(paper) == ["not_yours"]
    address = f"/officer/papers/{paper.pk}/"
    assert client.get(address).status_code == 200
    assert client.post(f"{address}verify/", {"grade": "A", "version": 1}).status_code == 403
    assert client.post(f"{address}take/").status_code == 403
    assert statuses(paper) == ["submitted"]


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"step": "verify"},
        {"step": "burn", "paper": ["1:1"]},
        {"step": "verify", "paper": ["", "x", "1", "1:1:1", "٣:١", "-1:2", "9" * 30 + ":1"]},
        {"step": "revoke", "paper": ["0:0"] * 250},
        {"step": "verify", "confirm": "1", "paper": ["1:1"], "grade": "Z"},
        {"step": "return", "confirm": "1", "paper": ["1:1"], "why": "x"},
    ],
)
def test_hostile_bulk_forms_are_answered_and_change_nothing(desk_client, typed):
    paper = PaperFactory(**LINK)
    answer = desk_client.post(BULK, typed)
    assert answer.status_code in {200, 302}
    assert statuses(paper) == ["submitted"]
    assert decided() == []


def test_many_papers_cost_as_many_questions_each(desk_client, django_assert_max_num_queries):
    papers = PaperFactory.create_batch(5, **LINK)
    bulk(desk_client, DeskStep.RETURN, PaperFactory(), why="unreadable")
    with django_assert_max_num_queries(30 + 16 * len(papers)):
        bulk(desk_client, DeskStep.RETURN, *papers, why="unreadable")


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
    matching.refresh_offers_on_paper(reopened(paper))
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
