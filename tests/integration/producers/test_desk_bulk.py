"""Deciding on many papers at once: the plan, what is left out, and what it costs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.outbox.models import OutboxMessage
from producers import services
from producers.enums import DeskStep, EvidenceGrade, PaperKind, PaperStatus
from producers.events import PaperRenewed
from producers.models import DeskBatch, DeskItem, Paper
from tests.factories.accounts import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    UserFactory,
    province,
    turn_on_totp,
)
from tests.factories.producers import PaperFactory, ProducerFactory
from tests.integration.producers.desk_steps import (
    BULK,
    LINK,
    bulk,
    decided,
    named,
    outcomes,
    statuses,
)

pytestmark = pytest.mark.django_db


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


def test_forty_papers_cost_no_more_questions_than_twenty(desk_client):
    few, many = (questions_of_a_round(desk_client, count) for count in (20, 40))
    assert few == many
    assert sum(few) < 60
    assert DeskItem.objects.filter(is_undone=True).count() == 60


def questions_of_a_round(client, count: int) -> list[int]:
    """Plan, decide, read the outcome and undo; papers of both sorts, the odd ones left out."""
    holder = ProducerFactory()
    papers = PaperFactory.create_batch(count - 4, producer=holder, **LINK)
    papers += PaperFactory.create_batch(4, producer=holder, award=True, **LINK)
    odd = PaperFactory(producer=holder)
    typed = {"step": "verify", "grade": "A", "paper": named(*papers, odd)}
    asked = []
    for sent in (typed, typed | {"confirm": "1"}):
        with CaptureQueriesContext(connection) as questions:
            client.post(BULK, sent)
        asked.append(len(questions))
    address = f"/officer/papers/decisions/{DeskBatch.objects.latest('pk').pk}/"
    for ask in (lambda: client.get(address), lambda: client.post(f"{address}undo/")):
        with CaptureQueriesContext(connection) as questions:
            ask()
        asked.append(len(questions))
    return asked


def test_more_papers_than_are_locked_at_once_are_all_decided_and_announced_once(
    desk_client, monkeypatch
):
    from producers.services import desk as deciding

    monkeypatch.setattr(deciding, "LOCKED_AT_ONCE", 2)
    papers = PaperFactory.create_batch(5, **LINK)
    gone = PaperFactory(**LINK)
    names = named(*papers, gone)
    gone.delete()
    desk_client.post(BULK, {"step": "verify", "paper": names, "grade": "A", "confirm": "1"})
    assert outcomes(*papers) == ["done"] * 5
    batch = DeskBatch.objects.get()
    assert (batch.asked, batch.items.count()) == (5, 5)
    desk_client.post(f"/officer/papers/decisions/{batch.pk}/undo/")
    assert decided() == ["verified"] * 5 + ["reopened"] * 5
    assert {*statuses(*papers)} == {"submitted"}


def test_papers_verified_together_say_each_which_earlier_one_they_take_over_from(desk_client):
    today, year = clock.today(), dt.timedelta(days=365)
    old = PaperFactory(verified=True, number="1", valid_from=today - year, valid_to=today)
    goes_on = {"valid_from": today, "valid_to": today + year, **LINK}
    second = PaperFactory(producer=old.producer, number="2", **goes_on)
    other = PaperFactory(number="3", **goes_on)
    bulk(desk_client, DeskStep.VERIFY, second, other, grade="A")
    renewed = OutboxMessage.objects.get(type=PaperRenewed.type).payload
    assert (renewed["paper_id"], renewed["renewed_id"]) == (second.pk, old.pk)
