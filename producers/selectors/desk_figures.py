"""How the desk did lately: how long answers took, how many were in time, why papers went back."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, Min, OuterRef

from core.accounts.actors import Actor
from core.kernel import clock, workdays
from producers.enums import DeskOutcome, DeskReason, DeskStep, PaperKind, PaperStatus
from producers.models import DeskItem, Paper
from producers.selectors.deadlines import Deadline, desk_facts
from producers.selectors.revisions import states_of_papers

FIGURE_DAYS: Final = 90
_ANSWERS: Final = (PaperStatus.VERIFIED, PaperStatus.RETURNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers to one kind of paper, or to all: half took at most `median_days` working days."""

    kind: PaperKind | None
    count: int
    median_days: float
    in_time: int
    deadline: Deadline | None = None

    @property
    def share_in_time(self) -> float:
        """The share answered within the deadline, in [0, 1]."""
        return self.in_time / self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCount:
    """How often a reason was given for a step."""

    step: DeskStep
    why: DeskReason
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    kind: PaperKind
    days: int
    is_in_time: bool


def answers_of(actor: Actor) -> tuple[Answers | None, list[Answers]]:
    """Return how the first answers of the last 90 days went: in all, and by kind.

    An answer is that a paper was verified or returned; each hand-in counts once, with the days
    since then. Verifying again what was suspended is no answer, nor is what was undone.
    """
    since = clock.now() - dt.timedelta(days=FIGURE_DAYS)
    revisions = states_of_papers()
    if not actor.is_administrator:
        provinces = actor.province_ids
        revisions = revisions.filter(producer__organisation__province_id__in=provinces)
    taken_back = Paper.objects.filter(
        pk=OuterRef("pgh_obj_id"),
        status=PaperStatus.SUBMITTED,
        submitted_at=OuterRef("submitted_at"),
    )
    rows = (
        revisions.filter(~Exists(taken_back), status__in=_ANSWERS, decided_at__isnull=False)
        .order_by()
        .values_list("pgh_obj_id", "kind", "submitted_at")
        .annotate(first=Min("decided_at"))
        .filter(first__gte=since)
    )
    answers = [_answer(kind, handed_in, first) for _pk, kind, handed_in, first in rows]
    kinds = {kind: [one for one in answers if one.kind == kind] for kind in PaperKind}
    by_kind = [_summed(found, kind=kind) for kind, found in kinds.items() if found]
    return (_summed(answers) if answers else None), by_kind


def _answer(kind: str, handed_in: dt.datetime, answered: dt.datetime) -> _Answer:
    first, last = (one.astimezone(clock.VIETNAM).date() for one in (handed_in, answered))
    days = max(0, workdays.days_between(first, last))
    deadline = desk_facts()[PaperKind(kind)].deadline_on(first)
    return _Answer(kind=PaperKind(kind), days=days, is_in_time=days <= deadline.days)


def _summed(answers: Sequence[_Answer], *, kind: PaperKind | None = None) -> Answers:
    return Answers(
        kind=kind,
        count=len(answers),
        median_days=statistics.median(one.days for one in answers),
        in_time=sum(one.is_in_time for one in answers),
        deadline=desk_facts()[kind].deadline_on(clock.today()) if kind else None,
    )


def reasons_of(actor: Actor) -> list[ReasonCount]:
    """Return how often each reason was given in the last 90 days, undone ones left out."""
    since = clock.now() - dt.timedelta(days=FIGURE_DAYS)
    items = DeskItem.objects.filter(batch__decided_at__gte=since, is_undone=False)
    if not actor.is_administrator:
        provinces = actor.province_ids
        items = items.filter(paper__producer__organisation__province_id__in=provinces)
    rows = (
        items.exclude(outcome=DeskOutcome.LEFT_OUT)
        .exclude(batch__why="")
        .order_by()
        .values_list("batch__step", "batch__why")
        .annotate(Count("pk"))
    )
    counted = [ReasonCount(step=DeskStep(s), why=DeskReason(w), count=n) for s, w, n in rows]
    return sorted(counted, key=lambda one: (-one.count, one.step, one.why))


def deadlines_today(kinds: Iterable[PaperKind] = PaperKind) -> list[tuple[PaperKind, Deadline]]:
    """Return what is promised for each kind of paper handed in today."""
    today = clock.today()
    return [(kind, desk_facts()[kind].deadline_on(today)) for kind in kinds]
