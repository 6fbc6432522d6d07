"""The queue of the desk: clocks, effects, filters, what is odd, and what is told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.template.loader import render_to_string

from core.accounts.enums import Sector
from core.kernel import clock
from core.notifications.models import Notification
from core.outbox.models import OutboxMessage
from matchmaking.models import Match
from producers import handlers, notices, panels, services
from producers.enums import EvidenceGrade, PaperKind, PaperStatus
from producers.events import PaperOverdue
from producers.models import DeskBatch, Paper
from producers.selectors import desk, desk_figures, effects
from tests.factories import buyers
from tests.factories.accounts import OfficerFactory, OrganisationFactory, commune, province
from tests.factories.producers import (
    PaperFactory,
    ProducerFactory,
    ProductFactory,
    SupplyOfferFactory,
    category,
)

pytestmark = pytest.mark.django_db
MONDAY = "2026-11-16 09:00+07:00"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text + "+07:00")


def queue_of(client, **asked) -> list[int]:
    return [paper.pk for paper in client.get("/officer/papers/", asked).context["page_obj"]]


# --- The clock --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "handed_in", "now", "waited", "left"),
    [
        (PaperKind.VIETGAP, "2026-11-16 08:00", "2026-11-16 09:00", 0, 3),
        (PaperKind.VIETGAP, "2026-11-13 17:00", "2026-11-18 09:00", 3, 0),
        (PaperKind.VIETGAP, "2026-11-13 17:00", "2026-11-19 00:01", 4, -1),
        (PaperKind.VIETGAP, "2026-11-20 23:59", "2026-11-23 00:01", 1, 2),
        (PaperKind.VIETGAP, "2026-11-21 12:00", "2026-11-25 12:00", 2, 1),  # 24/11 is off
        (PaperKind.STOREFRONT, "2026-11-13 17:00", "2026-11-19 09:00", 4, 1),
        (PaperKind.VIETGAP, "2020-01-01 12:00", "2026-11-19 09:00", None, None),
    ],
)
def test_the_clock_counts_working_days_of_viet_nam(kind, handed_in, now, waited, left):
    shop = {"platform": "shopee", "stage": "account"} if kind == PaperKind.STOREFRONT else {}
    paper = PaperFactory(kind=kind, submitted_at=at(handed_in), **shop)
    with time_machine.travel(at(now), tick=False):
        found = desk.clock_of(paper.pk)
    assert found is not None
    if waited is None:
        assert found.is_overdue
    else:
        assert (found.waited_days, found.left_days) == (waited, left)


def test_days_with_the_holder_do_not_count_and_those_before_do(owner):
    paper = PaperFactory(submitted_at=at("2026-11-02 08:00"))  # a Monday
    for now, act in (
        ("2026-11-04 10:00", lambda: services.return_paper(paper_id=paper.pk, reason="Mờ")),
        ("2026-11-16 10:00", lambda: handed_in_again(paper)),
    ):
        with time_machine.travel(at(now), tick=False):
            act()
    with time_machine.travel(at("2026-11-17 10:00"), tick=False):
        found = desk.clock_of(paper.pk)
    assert (found.waited_days, found.left_days) == (3, 0)  # two before the return, one after
    with time_machine.travel(at("2026-11-18 10:00"), tick=False):
        assert desk.clock_of(paper.pk).is_overdue


def handed_in_again(paper: Paper) -> None:
    paper.refresh_from_db()
    paper.status, paper.submitted_at = PaperStatus.SUBMITTED, clock.now()
    paper.version += 1
    paper.save()


def test_a_new_round_after_verification_starts_the_clock_anew(owner):
    paper = PaperFactory(submitted_at=at("2026-09-07 08:00"))
    steps = (
        ("2026-09-09 10:00", lambda: services.return_paper(paper_id=paper.pk, reason="Mờ")),
        ("2026-09-10 10:00", lambda: handed_in_again(paper)),
        ("2026-09-11 10:00", lambda: verify(paper)),
        ("2026-11-16 10:00", lambda: handed_in_again(paper)),
    )
    for now, act in steps:
        with time_machine.travel(at(now), tick=False):
            act()
    with time_machine.travel(at("2026-11-17 10:00"), tick=False):
        assert desk.clock_of(paper.pk).waited_days == 1


def verify(paper: Paper) -> None:
    services.verify_paper(paper_id=paper.pk, grade=EvidenceGrade.DOCUMENT)


@time_machine.travel(MONDAY, tick=False)
def test_the_panel_and_the_queue_say_what_is_late_and_due(officer, desk_client):
    PaperFactory(submitted_at=at("2026-11-09 08:00"))
    PaperFactory(submitted_at=at("2026-11-11 08:00"))
    PaperFactory()
    PaperFactory(
        submitted_at=at("2026-11-02 08:00"),
        producer__organisation__province=province("31", name="Hải Phòng"),
    )
    page = desk_client.get("/officer/papers/")
    counted = page.context["clock"]
    assert (counted.waiting, counted.overdue, counted.due_today) == (3, 1, 1)
    lefts = [row.waiting.left_days for row in page.context["rows"]]
    assert lefts == [-2, 0, 3]
    assert len(queue_of(desk_client, due="overdue")) == 1
    assert len(queue_of(desk_client, due="today")) == 1
    shown = desk_client.get("/home/").content.decode()
    assert "?due=overdue" in shown
    assert panels.papers_context(actor_of(page))["clock"] == counted


def actor_of(page):
    return page.wsgi_request.actor


# --- What is told -----------------------------------------------------------------------------


def overdue_events() -> list[int]:
    stored = OutboxMessage.objects.filter(type=PaperOverdue.type).order_by("pk")
    return [int(one.payload["paper_id"]) for one in stored]


def test_what_becomes_overdue_is_announced_once(owner):
    paper = PaperFactory(submitted_at=at("2026-11-09 08:00"))
    days = ["2026-11-12", "2026-11-13", "2026-11-14", "2026-11-16"]
    told = [services.watch_desk(day=dt.date.fromisoformat(day)) for day in days]
    assert told == [0, 1, 0, 0]  # due on Thursday; nothing on Saturday
    assert overdue_events() == [paper.pk]


@time_machine.travel(MONDAY, tick=False)
def test_officers_are_told_once_a_day_however_many_are_late(officer):
    elsewhere = OfficerFactory(of=province("31", name="Hải Phòng"))
    papers = PaperFactory.create_batch(2, submitted_at=at("2026-11-09 08:00"))
    services.watch_desk(day=clock.today())
    for paper in papers:
        handlers.tell_papers_overdue(event_of(paper))
    note = Notification.objects.get()
    assert note.user == officer
    context = notices.overdue_context(note)
    assert context == {"count": 2, "url": "/officer/papers/?due=overdue"}
    for part in ("subject.txt", "body.txt", "body.html"):
        assert "2" in render_to_string(f"emails/papers_overdue/{part}", context)
    Paper.objects.update(status=PaperStatus.RETURNED)
    assert notices.overdue_context(note) is None
    assert not Notification.objects.filter(user=elsewhere).exists()


def event_of(paper: Paper) -> PaperOverdue:
    return PaperOverdue(
        paper_id=paper.pk, version=1, organisation_id=paper.producer_id, kind=paper.kind
    )


# --- What a paper opens -----------------------------------------------------------------------


def test_the_effect_is_the_open_offers_under_the_paper(owner):
    today = clock.today()
    offer = SupplyOfferFactory(published=True, available_from=today + dt.timedelta(days=4))
    other = ProductFactory(producer=offer.producer, category=category("ca", name="Cá", order=9))
    SupplyOfferFactory(published=True, producer=offer.producer, product=other)
    SupplyOfferFactory(producer=offer.producer, product=offer.product)  # a draft
    SupplyOfferFactory(published=True)  # somebody else's
    whole = PaperFactory(producer=offer.producer)
    one = PaperFactory(producer=offer.producer, product=offer.product)
    crop = PaperFactory(producer=offer.producer, crop=offer.product.category)
    lot = PaperFactory(producer=offer.producer, lot="L1", kind=PaperKind.HALAL)
    found = effects.effects_of(Paper.objects.select_related("crop").order_by("pk"))
    sizes = {pk: (one.offers, one.mass_kg) for pk, one in found.items()}
    assert sizes == {
        whole.pk: (2, Decimal(10_000)), one.pk: (1, Decimal(5_000)), crop.pk: (1, Decimal(5_000)),
    }  # fmt: skip
    assert found[one.pk].first_day == today + dt.timedelta(days=4)
    assert found[whole.pk].first_day == today
    assert lot.pk not in found


def test_matching_says_which_matches_wait_and_which_requests_would_open(owner):
    from matchmaking.services import refresh

    offer = SupplyOfferFactory(published=True)
    request = buyers.DemandRequestFactory(
        published=True, category=offer.product.category, required_papers=["vietgap"],
        delivery_province=offer.origin_province, price_ceiling_vnd_per_base=45_000,
    )  # fmt: skip
    paper = PaperFactory(producer=offer.producer, verified=True)
    refresh.refresh_matches_of_offer(offer_id=offer.pk)
    assert Match.objects.get().status == "proposed"
    services.suspend_paper(paper_id=paper.pk, reason="x")
    refresh.refresh_matches_of_offer(offer_id=offer.pk)
    paper.refresh_from_db()
    other = PaperFactory(producer=offer.producer, kind=PaperKind.HACCP)
    found = effects.effects_of([paper, other])
    assert found[paper.pk].reach.matches == 1
    assert found[other.pk].reach.matches == 0
    assert request.pk == Match.objects.get().request_id


def test_the_queue_can_begin_with_what_opens_most(desk_client):
    old = PaperFactory(submitted_at=clock.now() - dt.timedelta(days=9))
    strong = PaperFactory(producer=SupplyOfferFactory(published=True).producer)
    assert queue_of(desk_client) == [old.pk, strong.pk]
    assert queue_of(desk_client, sort="effect") == [strong.pk, old.pk]


# --- Filters ----------------------------------------------------------------------------------


def test_the_queue_is_narrowed_by_kind_commune_department_and_person(officer, desk_client):
    plain = PaperFactory()
    there = OrganisationFactory(commune=commune("06700", name="Vân Đồn"))
    far = PaperFactory(producer=ProducerFactory(organisation=there), kind=PaperKind.TRACE_LINK)
    services.take_paper(paper_id=plain.pk, officer_id=officer.pk)
    asked = {
        "kind": ({"kind": "vietgap"}, [plain.pk]),
        "commune": ({"commune": there.commune_id}, [far.pk]),
        "trade": ({"sector": Sector.TRADE.value}, [far.pk]),
        "mine": ({"who": "me"}, [plain.pk]),
        "nobody's": ({"who": "nobody"}, [far.pk]),
    }
    found = {name: queue_of(desk_client, **query) for name, (query, _) in asked.items()}
    assert found == {name: wanted for name, (_, wanted) in asked.items()}


def test_communes_of_other_provinces_are_not_offered(desk_client):
    away = province("31", name="Hải Phòng")
    there = OrganisationFactory(province=away, commune=commune("11300", name="X", within=away))
    PaperFactory(producer=ProducerFactory(organisation=there))
    assert queue_of(desk_client, commune=there.commune_id) == []
    field = desk_client.get("/officer/papers/").context["filter"].form.fields["commune"]
    assert list(field.queryset) == []


@pytest.mark.parametrize("count", [1, 4])
def test_by_effect_the_queue_asks_as_many_questions_whatever_its_length(
    desk_client, count, django_assert_max_num_queries
):
    for paper in PaperFactory.create_batch(count):
        SupplyOfferFactory(published=True, producer=paper.producer)
    desk_client.get("/officer/papers/?sort=effect")
    with django_assert_max_num_queries(34):
        desk_client.get("/officer/papers/?sort=effect")


# --- Figures ----------------------------------------------------------------------------------


@time_machine.travel(MONDAY, tick=False)
def test_figures_count_the_first_answer_to_each_hand_in(officer, desk_client):
    quick = PaperFactory(submitted_at=at("2026-11-13 08:00"))
    slow = PaperFactory(submitted_at=at("2026-11-02 08:00"))
    old = PaperFactory(verified=True, submitted_at=at("2025-01-06 08:00"),
                       decided_at=at("2025-01-07 08:00"), status=PaperStatus.VERIFIED)  # fmt: skip
    for paper in (quick, slow):
        verify(paper)
    services.suspend_paper(paper_id=old.pk, reason="x")
    verify(old)  # verified again: no answer to a hand-in
    undone = PaperFactory(submitted_at=at("2026-11-03 08:00"))
    desk_client.post(f"/officer/papers/{undone.pk}/return/", {"why": "unreadable", "version": 1})
    batch = DeskBatch.objects.get()
    desk_client.post(f"/officer/papers/decisions/{batch.pk}/undo/")
    actor = actor_of(desk_client.get("/officer/papers/"))
    whole, by_kind = desk_figures.answers_of(actor)
    assert (whole.count, whole.median_days, whole.in_time) == (2, 5.5, 1)
    assert [one.kind for one in by_kind] == [PaperKind.VIETGAP]
    assert desk_client.get("/officer/papers/figures/").status_code == 200
