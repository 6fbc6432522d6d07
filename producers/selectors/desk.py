"""The officer's queue: what waits, for how long, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncDate

from core.accounts.actors import Actor
from core.accounts.enums import Sector
from core.accounts.models import User
from core.kernel import clock, workdays
from core.places.models import AdminUnit
from producers.enums import PaperKind, PaperStatus, ProposalState
from producers.models import DeskBatch, DeskItem, DeskTake, Paper, PaperProposal
from producers.selectors.deadlines import Deadline, desk_facts, kinds_of
from producers.selectors.papers import papers_on_desk
from producers.selectors.revisions import states_of_papers

LONGEST_QUEUE: Final = 2_000
"""So many papers are put in order by effect and stepped through; nobody reads more in a day."""
_YEARS_BACK: Final = 3


class _WorkingDay(Func):
    """The number of the working day a day is or follows: how many began up to it."""

    function = "WIDTH_BUCKET"
    output_field = IntegerField()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockCounts:
    """How many papers wait, and how many of them are late or due today."""

    waiting: int
    overdue: int
    due_today: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How one paper stands on its clock; `left_days` below zero is late."""

    waited_days: int
    left_days: int
    due_on: dt.date
    deadline: Deadline

    @property
    def is_overdue(self) -> bool:
        """Whether the last day of its deadline has passed."""
        return self.left_days < 0

    @property
    def late_days(self) -> int:
        """How many working days it is late."""
        return max(0, -self.left_days)

    @property
    def is_due_today(self) -> bool:
        """Whether it has to be answered today."""
        return self.left_days == 0


def with_clock(papers: QuerySet[Paper], *, day: dt.date | None = None) -> QuerySet[Any]:
    """Add `waited_days` and `left_days`, in working days, to papers that wait.

    Days before a return count; the days a returned paper lay with its holder do not.

    Args:
        papers: Papers handed in and not decided.
        day: As of this day; today where none is given.
    """
    today = day or clock.today()
    now = _numbered(Value(today, output_field=DateField()), today=today)
    waited = now - _number_of("submitted_at", today) + Coalesce(Subquery(_used_before(today)), 0)
    return papers.annotate(waited_days=waited).annotate(left_days=_allowed() - F("waited_days"))


def waiting_of(paper: Paper) -> Waiting:
    """Return the clock of a paper that `with_clock` was asked for."""
    handed_in = paper.submitted_at.astimezone(clock.VIETNAM).date()
    waited, left = (int(getattr(paper, name)) for name in ("waited_days", "left_days"))
    return Waiting(
        waited_days=waited,
        left_days=left,
        due_on=workdays.day_after(clock.today(), working_days_later=left),
        deadline=desk_facts()[PaperKind(paper.kind)].deadline_on(handed_in),
    )


def clock_of(paper_id: int) -> Waiting | None:
    """Return the clock of one paper; None where it does not wait."""
    found = with_clock(Paper.objects.filter(pk=paper_id, status=PaperStatus.SUBMITTED)).first()
    return waiting_of(found) if found else None


def desk_queue(actor: Actor, *, status: PaperStatus) -> QuerySet[Paper]:
    """Return the papers of an officer's provinces in one status; what is due first comes first."""
    papers = papers_on_desk(actor, status=status).select_related(
        "producer__organisation__commune", "crop", "commune", "desk_take__officer"
    )
    if status == PaperStatus.SUBMITTED:
        return with_clock(papers).order_by("left_days", "submitted_at", "pk")
    return papers.order_by(F("decided_at").desc(nulls_last=True), "-pk")


def overdue_papers(*, day: dt.date) -> QuerySet[Any]:
    """Return the papers of all provinces whose deadline has passed by a day."""
    waiting = Paper.objects.filter(status=PaperStatus.SUBMITTED)
    return with_clock(waiting, day=day).filter(left_days__lt=0).order_by("pk")


def clock_counts(actor: Actor) -> ClockCounts:
    """Return how many papers of an officer's provinces wait, are late, or are due today."""
    waiting = with_clock(papers_on_desk(actor, status=PaperStatus.SUBMITTED).order_by())
    counted = waiting.aggregate(
        waiting=Count("pk"),
        overdue=Count("pk", filter=Q(left_days__lt=0)),
        due_today=Count("pk", filter=Q(left_days=0)),
    )
    return ClockCounts(**counted)


def counts_by_status(actor: Actor) -> dict[str, int]:
    """Return how many papers of an officer's provinces stand in each status."""
    papers = Paper.objects.all()
    if not actor.is_administrator:
        papers = papers.filter(producer__organisation__province_id__in=actor.province_ids)
    counted = papers.order_by().values_list("status").annotate(Count("pk"))
    return dict.fromkeys(PaperStatus.values, 0) | dict(counted)


def communes_on_desk(actor: Actor) -> QuerySet[AdminUnit]:
    """Return the communes from which papers came to an officer's desk, by name."""
    papers = Paper.objects.all()
    if not actor.is_administrator:
        papers = papers.filter(producer__organisation__province_id__in=actor.province_ids)
    found = papers.order_by().values("producer__organisation__commune_id").distinct()
    return AdminUnit.objects.filter(pk__in=found).order_by("name_folded", "pk")


def of_sector(papers: QuerySet[Paper], *, sector: Sector) -> QuerySet[Paper]:
    """Keep the kinds of paper that a department looks after."""
    return papers.filter(kind__in=kinds_of(sector))


def proposals_waiting(paper_ids: Iterable[int]) -> dict[int, PaperProposal]:
    """Return what waits for a second officer, by paper."""
    waiting = PaperProposal.objects.filter(paper__in=list(paper_ids), state=ProposalState.WAITING)
    return {one.paper_id: one for one in waiting}


def take_of(paper_id: int) -> DeskTake | None:
    """Return who works on a paper."""
    return DeskTake.objects.filter(paper=paper_id).select_related("officer").first()


def officers_named(user_ids: Iterable[int]) -> QuerySet[User]:
    """Return people by id, for a page that says who is at work."""
    return User.objects.filter(pk__in=list(user_ids)).order_by("pk")


def batches_of(actor: Actor) -> QuerySet[DeskBatch]:
    """Return an officer's own decisions, and all for an administrator, latest first."""
    batches = DeskBatch.objects.select_related("officer").order_by("-decided_at", "-pk")
    return batches if actor.is_administrator else batches.filter(officer=actor.user_id)


def items_of(batch: DeskBatch) -> QuerySet[DeskItem]:
    """Return what became of each paper of a decision, as they were asked for."""
    return batch.items.select_related(
        "paper__producer__organisation", "paper__product", "proposal"
    ).order_by("pk")


# --- Working days in SQL ----------------------------------------------------------------------


def _number_of(column: str, today: dt.date) -> Combinable:
    return _numbered(TruncDate(column, tzinfo=clock.VIETNAM), today=today)


def _numbered(day: Combinable, *, today: dt.date) -> Combinable:
    days = workdays.working_days(today.replace(year=today.year - _YEARS_BACK, day=1), today)
    return _WorkingDay(day, Value(days, output_field=ArrayField(DateField())))


def _allowed() -> Case:
    """Return the working days a paper may take, by kind and by the day it was handed in."""
    rules: dict[tuple[dt.date | None, int], list[str]] = {}
    for kind, facts in desk_facts().items():
        for at, one in enumerate(reversed(facts.deadlines)):
            is_first = at == len(facts.deadlines) - 1
            rules.setdefault((None if is_first else one.first_day, one.days), []).append(kind)
    dated = sorted(rules.items(), key=lambda rule: rule[0][0] or dt.date.min, reverse=True)
    return Case(*(_rule(day, days, kinds) for (day, days), kinds in dated), default=Value(0))


def _rule(day: dt.date | None, days: int, kinds: list[str]) -> When:
    holds = Q(kind__in=kinds)
    if day is not None:
        midnight = dt.datetime.combine(day, dt.time(), tzinfo=clock.VIETNAM)
        holds &= Q(submitted_at__gte=midnight)
    return When(holds, then=Value(days))


def _used_before(today: dt.date) -> QuerySet[Any]:
    """The working days a paper had waited each time it was returned, since it last counted."""
    revisions = states_of_papers()
    same = revisions.filter(
        pgh_obj_id=OuterRef("pgh_obj_id"),
        status=PaperStatus.RETURNED,
        submitted_at=OuterRef("submitted_at"),
        pgh_id__gt=OuterRef("pgh_id"),
    )
    counted = (
        revisions.filter(pgh_obj_id=OuterRef("pgh_obj_id"), status=PaperStatus.VERIFIED)
        .exclude(submitted_at=OuterRef(OuterRef("submitted_at")))  # verified, and taken back
        .order_by()
        .values("pgh_obj_id")
        .annotate(last=Max("pgh_id"))
        .values("last")
    )
    returned = revisions.filter(
        ~Q(submitted_at=OuterRef("submitted_at")),
        ~Exists(same),
        pgh_obj_id=OuterRef("pk"),
        status=PaperStatus.RETURNED,
        decided_at__isnull=False,
        pgh_id__gt=Coalesce(Subquery(counted), 0),
    )
    waited = _number_of("decided_at", today) - _number_of("submitted_at", today)
    used: QuerySet[Any] = returned.order_by().values("pgh_obj_id").annotate(used=Sum(waited))
    return used.values("used")
