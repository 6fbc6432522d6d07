"""The day's work on papers: each notice once, valid through the last day, nothing lost."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.template.loader import render_to_string

from core.kernel import clock
from core.kernel.calendar import DayBegan
from core.notifications.models import Notification
from core.outbox import heartbeats
from core.outbox.models import Heartbeat, OutboxMessage
from producers import handlers, notices, selectors, services
from producers.enums import EvidenceGrade, PaperKind, PaperStatus
from producers.models import Paper
from producers.services.paper_days import DayDone
from tests.factories.accounts import OfficerFactory
from tests.factories.producers import PaperFactory, ProductFactory, SupplyOfferFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def told() -> list[tuple[int, int]]:
    """(paper, threshold) of every notice, in the order told."""
    expiring = OutboxMessage.objects.filter(type="producers.paper.expiring.v1").order_by("pk")
    return [(m.payload["paper_id"], m.payload["within_days"]) for m in expiring]


def ending(*, in_days: int, **values) -> Paper:
    return PaperFactory(verified=True, valid_to=clock.today() + in_days * DAY, **values)


def test_each_threshold_is_told_once_on_its_day():
    paper = ending(in_days=181, award=True)
    many = []
    for left in (181, 180, 179, 91, 90, 89, 31, 30, 29, 8, 7, 6, 0):
        services.follow_papers(day=paper.valid_to - left * DAY)
        services.follow_papers(day=paper.valid_to - left * DAY)
        many.append(len(told()))
    assert many == [0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    assert told() == [(paper.pk, days) for days in (180, 90, 30, 7)]


def test_after_days_off_only_the_nearest_threshold_is_told():
    paper = ending(in_days=180, award=True)
    services.follow_papers(day=clock.today() + 155 * DAY)
    assert told() == [(paper.pk, 30)]


def test_other_kinds_have_thresholds_of_their_own():
    ending(in_days=100)
    paper = ending(in_days=90)
    assert services.follow_papers(day=clock.today()) == DayDone(expired=0, expiring=1)
    assert told() == [(paper.pk, 90)]


def test_a_new_version_is_told_again():
    paper = ending(in_days=20)
    services.follow_papers(day=clock.today())
    services.suspend_paper(paper_id=paper.pk, reason="Kiểm tra")
    services.verify_paper(paper_id=paper.pk, grade=EvidenceGrade.DOCUMENT)
    services.follow_papers(day=clock.today())
    assert told() == [(paper.pk, 30), (paper.pk, 30)]


@pytest.mark.parametrize("status", ["submitted", "returned", "suspended", "revoked"])
def test_only_what_counts_runs_out(status):
    paper = PaperFactory(status=status, valid_to=clock.today() - DAY)
    assert services.follow_papers(day=clock.today()) == DayDone(expired=0, expiring=0)
    paper.refresh_from_db()
    assert paper.status == status


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-12-31T16:59:59+00:00", PaperStatus.VERIFIED),  # 23:59:59 in Việt Nam
        ("2026-12-31T17:00:00+00:00", PaperStatus.EXPIRED),  # midnight there
    ],
)
def test_a_paper_counts_through_its_last_day_in_viet_nam(moment, status):
    paper = PaperFactory(
        verified=True, valid_from=dt.date(2026, 1, 1), valid_to=dt.date(2026, 12, 31)
    )
    offer = SupplyOfferFactory(
        producer=paper.producer,
        published=True,
        available_from=dt.date(2026, 12, 1),
        available_to=dt.date(2027, 1, 31),
    )
    with time_machine.travel(moment, tick=False):
        handlers.follow_papers(DayBegan(day=clock.today()))
        facts = selectors.offer_facts([offer.pk])[0]
    paper.refresh_from_db()
    assert paper.status == status
    assert bool(facts.papers) == (status == PaperStatus.VERIFIED)


def test_a_day_announced_late_is_worked_for_today():
    paper = ending(in_days=-1)
    handlers.follow_papers(DayBegan(day=clock.today() - 3 * DAY))
    paper.refresh_from_db()
    assert (paper.status, paper.version) == ("expired", 2)
    assert [m.type for m in OutboxMessage.objects.all()] == ["producers.paper.expired.v1"]
    history = selectors.paper_revisions(paper.pk).values_list("status", flat=True)
    assert history[0] == "expired"


def test_an_expired_paper_that_never_met_the_offers_days_is_told_as_not_valid():
    paper = ending(in_days=-1)
    offer = SupplyOfferFactory(producer=paper.producer, published=True)
    services.follow_papers(day=clock.today())
    assert [held.kind for held in selectors.offer_facts([offer.pk])[0].papers] == ["vietgap"]


# --- Renewal ----------------------------------------------------------------------------------


def renewal_of(paper: Paper, *, begins_after: int = 1, **values) -> Paper:
    valid_from = paper.valid_to + begins_after * DAY
    same = {"producer": paper.producer, "kind": paper.kind, "product": paper.product}
    same |= {"market": paper.market, "stars": paper.stars}
    return PaperFactory(
        **(same | {"valid_from": valid_from, "valid_to": valid_from + 365 * DAY} | values)
    )


def verify(paper: Paper) -> None:
    first, second = OfficerFactory.create_batch(2)
    services.verify_paper(
        paper_id=paper.pk,
        grade=EvidenceGrade.DOCUMENT,
        officer_id=first.pk,
        confirmed_by_id=second.pk,
    )


@pytest.mark.parametrize("begins_after", [1, 0, -40])
def test_a_new_paper_without_a_gap_renews_the_old_one_which_is_told_no_more(begins_after):
    old = ending(in_days=20, award=True)
    new = renewal_of(old, begins_after=begins_after)
    verify(new)
    renewed = OutboxMessage.objects.get(type="producers.paper.renewed.v1").payload
    assert (renewed["paper_id"], renewed["renewed_id"]) == (new.pk, old.pk)
    assert services.follow_papers(day=clock.today()) == DayDone(expired=0, expiring=0)
    assert not selectors.expiring_papers(old.producer_id).exists()


@pytest.mark.parametrize(
    "other",
    [
        {"begins_after": 2},
        {"kind": PaperKind.ORGANIC},
        {"valid_to": None, "status": PaperStatus.REVOKED},
    ],
    ids=["a day between", "another kind", "a revoked one"],
)
def test_what_leaves_a_gap_renews_nothing(other):
    old = ending(in_days=20)
    new = renewal_of(old, **other)
    if new.status == PaperStatus.SUBMITTED:
        verify(new)
    assert not OutboxMessage.objects.filter(type="producers.paper.renewed.v1").exists()
    services.follow_papers(day=clock.today())
    assert told() == [(old.pk, 30)]


def test_a_paper_of_another_product_or_code_renews_nothing():
    product = ProductFactory()
    of_one = ending(in_days=20, producer=product.producer, product=product)
    code = ending(
        in_days=20, producer=product.producer, kind=PaperKind.GROWING_AREA_CODE, market="CN"
    )
    verify(renewal_of(of_one, product=ProductFactory(producer=product.producer)))
    verify(renewal_of(of_one, product=None))
    verify(renewal_of(code))
    assert not OutboxMessage.objects.filter(type="producers.paper.renewed.v1").exists()
    verify(renewal_of(code, number=code.number))
    assert OutboxMessage.objects.filter(type="producers.paper.renewed.v1").count() == 1


# --- What people are told ---------------------------------------------------------------------


def test_the_holder_is_told_once_of_each_step_of_running_out(owner):
    paper = ending(in_days=7, producer=owner.organisation.producer)
    services.follow_papers(day=clock.today())
    run_handlers(times=2)
    note = Notification.objects.get(kind="paper_expiring")
    context = notices.ending_context(note)
    assert (note.user, context["days_left"], context["url"]) == (
        owner.user, 7, f"/producer/papers/{paper.pk}/record/"
    )  # fmt: skip
    for part in ("subject.txt", "body.txt", "body.html"):
        assert paper.number in render_to_string(f"emails/paper_expiring/{part}", context)
    with time_machine.travel(clock.now() + 8 * DAY):
        services.follow_papers(day=clock.today())
        run_handlers(times=2)
        context = notices.ending_context(Notification.objects.get(kind="paper_expired"))
        for part in ("subject.txt", "body.txt", "body.html"):
            assert paper.number in render_to_string(f"emails/paper_expired/{part}", context)
        assert notices.ending_context(note) is None


def test_of_a_renewed_paper_only_the_renewal_is_told(owner):
    old = ending(in_days=2, producer=owner.organisation.producer)
    verify(renewal_of(old))
    with time_machine.travel(clock.now() + 4 * DAY):
        services.follow_papers(day=clock.today())
        run_handlers()
        kinds = Notification.objects.order_by("kind").values_list("kind", flat=True)
        assert list(kinds) == ["paper_decided", "paper_renewed"]
        context = notices.renewed_context(Notification.objects.get(kind="paper_renewed"))
        for part in ("subject.txt", "body.txt", "body.html"):
            render_to_string(f"emails/paper_renewed/{part}", context)
        assert context["renewed_number"] == old.number


def run_handlers(*, times: int = 1) -> None:
    """Call what reacts to each stored event of papers, as the workers would."""
    for message in times * list(OutboxMessage.objects.order_by("pk")):
        for consumer in handlers.CONSUMERS:
            for event_type in consumer.event_types:
                if event_type.type == message.type:
                    consumer.handle(event_type.from_payload(message.payload))


# --- The heartbeat ----------------------------------------------------------------------------


def test_the_days_work_leaves_a_sign_of_life():
    assert heartbeats.sign_of("papers").beat_at is None
    services.follow_papers(day=clock.today())
    sign = heartbeats.sign_of("papers")
    assert (sign.age_hours, sign.is_stale) == (0.0, False)


@pytest.mark.parametrize(("hours", "is_stale"), [(35, False), (37, True)])
def test_readyz_and_the_desk_warn_after_a_day_and_a_half(client_for, hours, is_stale):
    beat_at = clock.now() - dt.timedelta(hours=hours)
    Heartbeat.objects.create(name="papers", beat_at=beat_at)
    body = client_for().get("/readyz").json()
    assert (body["heartbeat_hours"], body["degraded"]) == (
        {"papers": float(hours)}, ["daily papers"] if is_stale else []
    )  # fmt: skip
    desk = client_for(OfficerFactory()).get("/officer/papers/")
    assert desk.context["sign"].is_stale == is_stale


@pytest.mark.parametrize(("hours", "is_stale"), [(35, False), (37, True)])
def test_work_never_done_is_stale_once_the_service_runs_long_enough(hours, is_stale):
    OutboxMessage.objects.create(
        type="kernel.hour.began.v1",
        payload={},
        correlation_id="00000000-0000-0000-0000-000000000000",
        dedupe_key="kernel.hour.began.v1:x",
        occurred_at=clock.now() - dt.timedelta(hours=hours),
    )
    assert heartbeats.sign_of("papers").is_stale == is_stale
