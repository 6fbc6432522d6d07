"""A paper its holder changes while it waits, and one that nobody answers for a year."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from core.outbox.models import OutboxMessage
from producers import services
from producers.enums import EvidenceGrade
from producers.events import PaperOverdue
from producers.models import Paper
from producers.selectors import desk
from producers.selectors.hand_ins import hand_ins_of
from producers.services import PaperInput
from tests.factories.producers import PaperFactory

pytestmark = pytest.mark.django_db
OUTBOX_DAYS = 90


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text + "+07:00")


def said(paper: Paper, **changes) -> PaperInput:
    values = {
        "kind": paper.kind, "number": paper.number, "issuer": paper.issuer,
        "valid_from": paper.valid_from, "valid_to": paper.valid_to,
    }  # fmt: skip
    return PaperInput(**(values | changes))


def handed_in(paper: Paper, **changes) -> Paper:
    return services.resubmit_paper(paper_id=paper.pk, values=said(paper, **changes))


def test_saving_a_waiting_paper_as_it_is_changes_nothing_and_keeps_its_place():
    paper = PaperFactory(submitted_at=at("2026-11-09 08:00"))
    paper.refresh_from_db()
    with time_machine.travel(at("2026-11-11 08:00"), tick=False):
        again = handed_in(paper)
    assert (again.version, again.submitted_at) == (paper.version, paper.submitted_at)
    assert not OutboxMessage.objects.exists()


def test_a_change_starts_the_clock_and_the_officer_sees_the_whole_wait(desk_client):
    paper = PaperFactory(submitted_at=at("2026-11-02 08:00"))  # a Monday
    with time_machine.travel(at("2026-11-04 10:00"), tick=False):
        handed_in(paper, number="VG-2")
    with time_machine.travel(at("2026-11-06 10:00"), tick=False):
        services.return_paper(paper_id=paper.pk, reason="Mờ")
    with time_machine.travel(at("2026-11-16 10:00"), tick=False):
        handed_in(paper, number="VG-3")
    with time_machine.travel(at("2026-11-17 10:00"), tick=False):
        whole, clock_now = hand_ins_of([paper.pk])[paper.pk], desk.clock_of(paper.pk)
        pages = [
            desk_client.get(address).content.decode()
            for address in ("/officer/papers/", f"/officer/papers/{paper.pk}/")
        ]
    assert (whole.count, whole.working_days) == (3, 5)  # two, two and one
    assert whole.first_at == at("2026-11-02 08:00")
    assert clock_now.waited_days == 3  # since the change: two before the return, and one
    assert all("02/11/2026" in page for page in pages)


def test_what_lay_before_a_paper_counted_is_not_in_the_sum_unless_that_was_taken_back():
    paper = PaperFactory(submitted_at=at("2026-09-07 08:00"))
    revised = "2026-09-10 10:00"
    with time_machine.travel(at("2026-09-09 10:00"), tick=False):
        services.return_paper(paper_id=paper.pk, reason="Mờ")
    with time_machine.travel(at(revised), tick=False):
        handed_in(paper, number="VG-2")
    with time_machine.travel(at("2026-09-11 10:00"), tick=False):
        services.verify_paper(paper_id=paper.pk, grade=EvidenceGrade.DOCUMENT)
        paper.refresh_from_db()
        paper.status, paper.version = "submitted", paper.version + 1  # taken back
        paper.save()
        back = (hand_ins_of([paper.pk])[paper.pk], desk.clock_of(paper.pk))
        services.verify_paper(paper_id=paper.pk, grade=EvidenceGrade.DOCUMENT)
    Paper.objects.update(status="submitted", submitted_at=at("2026-11-16 10:00"))
    with time_machine.travel(at("2026-11-17 10:00"), tick=False):
        anew = hand_ins_of([paper.pk])[paper.pk]
    assert (back[0].count, back[0].working_days, back[1].waited_days) == (2, 3, 3)
    assert (anew.count, anew.working_days) == (1, 1)


def test_a_paper_nobody_answers_is_announced_once_at_each_threshold_for_ever():
    PaperFactory(submitted_at=at("2026-01-05 08:00"))
    tuesdays = [dt.date(2026, 1, 6) + dt.timedelta(weeks=week) for week in range(40)]
    told: dict[int, dt.date] = {}
    for day in tuesdays:
        forgotten = [pk for pk, when in told.items() if (day - when).days > OUTBOX_DAYS]
        OutboxMessage.objects.filter(pk__in=forgotten).delete()
        if services.watch_desk(day=day):
            told[OutboxMessage.objects.filter(type=PaperOverdue.type).latest("pk").pk] = day
    assert [day.isoformat() for day in told.values()] == ["2026-01-13", "2026-01-27", "2026-03-03"]


@pytest.mark.parametrize(("day", "told"), [("2026-02-26", 1), ("2026-04-15", 1), ("2026-07-01", 0)])
def test_after_a_standstill_the_nearest_threshold_is_made_good_and_old_ones_are_not(day, told):
    PaperFactory(submitted_at=at("2026-01-05 08:00"))
    assert services.watch_desk(day=dt.date.fromisoformat(day)) == told
