"""Every step of a paper from every state, every boundary of its days, and what is told of both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.template.loader import render_to_string
from django.utils import translation

from core.accounts.enums import Role
from core.kernel import clock
from core.kernel.calendar import DayBegan
from core.kernel.errors import IllegalTransitionError
from core.notifications.models import Notification
from core.outbox.models import OutboxMessage
from producers import handlers, notices, selectors, services
from producers.enums import EvidenceGrade, PaperStatus
from producers.models import Paper
from producers.services import PaperInput
from producers.services.paper_days import DayDone
from producers.views.paper_history import history_of_paper
from tests.factories.accounts import MembershipFactory, OfficerFactory
from tests.factories.producers import PaperFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
S = PaperStatus


def announced() -> list[str]:
    types = OutboxMessage.objects.order_by("pk").values_list("type", flat=True)
    return [one.removeprefix("producers.paper.").removesuffix(".v1") for one in types]


def same(paper: Paper) -> PaperInput:
    return PaperInput(
        kind=paper.kind, number=paper.number, issuer=paper.issuer, platform=paper.platform,
        stage=paper.stage, valid_from=paper.valid_from, valid_to=clock.today() + 99 * DAY,
    )  # fmt: skip


def revoke(paper: Paper) -> None:
    first, second = OfficerFactory.create_batch(2)
    services.revoke_paper(
        paper_id=paper.pk, reason="x", officer_id=first.pk, confirmed_by_id=second.pk
    )


STEPS: dict[str, tuple[Callable[[Paper], object], dict[PaperStatus, PaperStatus], str]] = {
    # step: what it calls, from which state into which, and what it announces
    "resubmit": (
        lambda paper: services.resubmit_paper(paper_id=paper.pk, values=same(paper)),
        dict.fromkeys((S.SUBMITTED, S.RETURNED, S.EXPIRED), S.SUBMITTED),
        "submitted",
    ),
    "verify": (
        lambda paper: services.verify_paper(paper_id=paper.pk, grade=EvidenceGrade.REGISTER),
        dict.fromkeys((S.SUBMITTED, S.SUSPENDED), S.VERIFIED),
        "verified",
    ),
    "return": (
        lambda paper: services.return_paper(paper_id=paper.pk, reason="x"),
        {S.SUBMITTED: S.RETURNED},
        "returned",
    ),
    "suspend": (
        lambda paper: services.suspend_paper(paper_id=paper.pk, reason="x"),
        {S.VERIFIED: S.SUSPENDED},
        "suspended",
    ),
    "revoke": (revoke, dict.fromkeys((S.VERIFIED, S.SUSPENDED), S.REVOKED), "revoked"),
    "propose to verify": (
        lambda paper: services.propose_verification(
            paper_id=paper.pk, grade=EvidenceGrade.DOCUMENT, officer_id=OfficerFactory().pk
        ),
        {S.SUBMITTED: S.SUBMITTED, S.SUSPENDED: S.SUSPENDED},
        "proposed",
    ),
    "propose to revoke": (
        lambda paper: services.propose_revocation(
            paper_id=paper.pk, reason="x", officer_id=OfficerFactory().pk
        ),
        {S.VERIFIED: S.VERIFIED, S.SUSPENDED: S.SUSPENDED},
        "proposed",
    ),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", list(PaperStatus))
def test_each_step_from_each_state_happens_or_is_refused_in_words(step, status):
    call, allowed, announces = STEPS[step]
    ended = {"valid_to": clock.today() - DAY} if status == S.EXPIRED else {}
    paper = PaperFactory(status=status, **ended)
    if status in allowed:
        call(paper)
        paper.refresh_from_db()
        assert (paper.status, announced()) == (allowed[status], [announces])
        return
    with pytest.raises(IllegalTransitionError) as refused:
        call(paper)
    assert len(str(refused.value)) > 20
    before = paper.version
    paper.refresh_from_db()
    assert (paper.status, paper.version, announced()) == (status, before, [])


@pytest.mark.parametrize("status", list(PaperStatus))
def test_only_what_nobody_decided_on_is_taken_back(status):
    paper = PaperFactory(status=status)
    if status in {S.SUBMITTED, S.RETURNED}:
        services.remove_paper(paper_id=paper.pk)
    else:
        with pytest.raises(IllegalTransitionError):
            services.remove_paper(paper_id=paper.pk)
    assert Paper.objects.exists() == (status not in {S.SUBMITTED, S.RETURNED})


@pytest.mark.parametrize("status", list(PaperStatus))
@pytest.mark.parametrize("left", [0, -1])
def test_the_daily_job_closes_only_what_counts_and_only_after_the_last_day(status, left):
    paper = PaperFactory(status=status, valid_to=clock.today() + left * DAY)
    services.follow_papers(day=clock.today())
    paper.refresh_from_db()
    assert paper.status == (S.EXPIRED if (status, left) == (S.VERIFIED, -1) else status)


def test_a_paper_verified_after_its_last_day_counts_on_no_day_and_is_closed_next(owner):
    producer = owner.organisation.producer
    paper = PaperFactory(producer=producer, valid_to=clock.today() - DAY)
    services.verify_paper(paper_id=paper.pk, grade=EvidenceGrade.DOCUMENT)
    assert not selectors.valid_papers(producer.pk).exists()
    assert services.doubts_of(paper) != []
    assert services.follow_papers(day=clock.today()).expired == 1


# --- Boundaries of days -----------------------------------------------------------------------

NEW_YEAR = (dt.date(2026, 12, 31), "2026-12-31T16:59:59", "2026-12-31T17:00:00")
LEAP_DAY = (dt.date(2028, 2, 29), "2028-02-29T16:59:59", "2028-02-29T17:00:00")
NO_LEAP = (dt.date(2027, 2, 28), "2027-02-28T16:59:59", "2027-02-28T17:00:00")


@pytest.mark.parametrize(("last", "before", "after"), [NEW_YEAR, LEAP_DAY, NO_LEAP])
def test_a_paper_counts_to_the_last_second_of_its_last_day_everywhere(owner, last, before, after):
    """The seconds are of UTC: Việt Nam is seven hours ahead, and midnight there decides."""
    paper = PaperFactory(
        producer=owner.organisation.producer, verified=True,
        valid_from=last - 300 * DAY, valid_to=last,
    )  # fmt: skip
    for moment, counts in ((f"{before}+00:00", True), (f"{after}+00:00", False)):
        with time_machine.travel(moment, tick=False):
            assert selectors.valid_papers(paper.producer_id).exists() == counts
            assert services.can_be_changed(paper) != counts
            handlers.follow_papers(DayBegan(day=clock.today()))
        paper.refresh_from_db()
        assert paper.status == (S.VERIFIED if counts else S.EXPIRED)


@pytest.mark.parametrize(
    ("last", "days"),
    [
        (dt.date(2028, 2, 29), ["2027-09-02", "2027-12-01", "2028-01-30", "2028-02-22"]),
        (dt.date(2028, 3, 1), ["2027-09-03", "2027-12-02", "2028-01-31", "2028-02-23"]),
        (dt.date(2027, 3, 1), ["2026-09-02", "2026-12-01", "2027-01-30", "2027-02-22"]),
    ],
)
def test_notices_fall_on_the_day_itself_across_29_february(last, days):
    PaperFactory(award=True, verified=True, valid_from=last - 900 * DAY, valid_to=last)
    told = []
    for day in map(dt.date.fromisoformat, days):
        told += [services.follow_papers(day=one).expiring for one in (day - DAY, day, day + DAY)]
    assert told == [0, 1, 0] * 4
    within = [one.payload["within_days"] for one in OutboxMessage.objects.order_by("pk")]
    assert within == [180, 90, 30, 7]


def test_one_run_after_days_off_makes_all_good():
    today = clock.today()
    ended = PaperFactory(verified=True, valid_to=today + 2 * DAY)
    near = PaperFactory(verified=True, valid_to=today + 12 * DAY)
    PaperFactory(verified=True, valid_to=today + 400 * DAY)
    assert services.follow_papers(day=today + 10 * DAY) == DayDone(expired=1, expiring=1)
    assert services.follow_papers(day=today + 10 * DAY) == DayDone(expired=0, expiring=0)
    told = [(one.type.split(".")[2], one.aggregate_id) for one in OutboxMessage.objects.all()]
    assert sorted(told) == [("expired", ended.pk), ("expiring", near.pk)]


def test_a_day_made_up_late_tells_of_today_not_of_then():
    """A day announced on Friday for Tuesday works for Friday, so that nobody is told of Tuesday."""
    paper = PaperFactory(verified=True, valid_to=clock.today() + 5 * DAY)
    handlers.follow_papers(DayBegan(day=clock.today() - 3 * DAY))
    assert [one.payload["within_days"] for one in OutboxMessage.objects.all()] == [7]
    paper.refresh_from_db()
    assert paper.status == S.VERIFIED


# --- What is told, and to whom ----------------------------------------------------------------


def run_handlers() -> None:
    for message in OutboxMessage.objects.order_by("pk"):
        for consumer in handlers.CONSUMERS:
            for event_type in consumer.event_types:
                if event_type.type == message.type:
                    consumer.handle(event_type.from_payload(message.payload))


def expire(paper: Paper) -> None:
    services.follow_papers(day=paper.valid_to + DAY)


def come_near(paper: Paper) -> None:
    services.follow_papers(day=paper.valid_to - 7 * DAY)


def renew(paper: Paper) -> None:
    new = PaperFactory(
        producer=paper.producer, kind=paper.kind, valid_from=paper.valid_to + DAY,
        valid_to=paper.valid_to + 99 * DAY,
    )  # fmt: skip
    services.verify_paper(paper_id=new.pk, grade=EvidenceGrade.DOCUMENT)


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (lambda paper: services.suspend_paper(paper_id=paper.pk, reason="x"), "paper_decided"),
        (revoke, "paper_decided"),
        (come_near, "paper_expiring"),
        (expire, "paper_expired"),
        (renew, "paper_renewed"),
    ],
    ids=["suspended", "revoked", "expiring", "expired", "renewed"],
)
def test_the_holder_and_its_delegate_hear_of_each_step(owner, step, kind):
    """A delegate, such as a cooperative's person who acts for a household, is an editor."""
    cooperative = MembershipFactory()
    MembershipFactory(user=cooperative.user, organisation=owner.organisation, role=Role.EDITOR)
    MembershipFactory(organisation=owner.organisation, role=Role.VIEWER)
    step(PaperFactory(verified=True, producer=owner.organisation.producer))
    run_handlers()
    told = Notification.objects.filter(kind=kind).values_list("user", flat=True)
    assert sorted(told) == [owner.user.pk, cooperative.user.pk]


def refused_revocation() -> tuple[Paper, object, object]:
    first, second = OfficerFactory.create_batch(2)
    paper = PaperFactory(verified=True)
    proposal = services.propose_revocation(paper_id=paper.pk, reason="Vi phạm", officer_id=first.pk)
    services.refuse_proposal(
        proposal_id=proposal.pk, reason="Chưa đủ <b>căn cứ</b>", officer_id=second.pk
    )
    return paper, first, second


def test_the_officer_who_proposed_reads_why_a_second_one_said_no():
    _paper, first, _second = refused_revocation()
    run_handlers()
    run_handlers()
    note = Notification.objects.get(kind="paper_proposal_refused")
    context = notices.refused_context(note)
    assert (note.user, context["reason"]) == (first, "Chưa đủ <b>căn cứ</b>")
    for part in ("subject.txt", "body.txt", "body.html"):
        said = render_to_string(f"emails/paper_proposal_refused/{part}", context)
        assert context["paper_number"] in said
    assert "<b>" not in said
    first.officer_posts.update(is_active=False)
    assert notices.refused_context(note) is None


def test_officers_read_the_refusal_in_the_papers_history_and_the_holder_does_not(client_for):
    paper, _first, second = refused_revocation()
    page = client_for(second).get(f"/officer/papers/{paper.pk}/").content.decode()
    assert "Chưa đủ &lt;b&gt;căn cứ&lt;/b&gt;" in page
    holder = MembershipFactory(organisation=paper.producer.organisation)
    page = client_for(holder.user).get(f"/producer/papers/{paper.pk}/record/").content.decode()
    assert paper.number in page
    assert "căn cứ" not in page


def test_a_paper_written_as_it_ended_up_tells_both_how_it_came_and_its_answer():
    handed_in, decided = (
        dt.datetime(2026, 3, 2, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 5, tzinfo=dt.UTC),
    )
    paper = PaperFactory(status=PaperStatus.VERIFIED, submitted_at=handed_in, decided_at=decided)
    with translation.override("en"):
        told = history_of_paper(paper, for_officer=False)
    assert [(one.at, one.text) for one in told] == [(decided, "Verified"), (handed_in, "Handed in")]
