"""The queue of papers, in the order and narrowed as the officer asked, also while stepping on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.accounts.actors import Actor
from core.outbox import heartbeats
from core.web.actor import acting, officer_required
from producers import rules, selectors, services
from producers.enums import DeskStep, PaperStatus
from producers.filters import DeskPaperFilter
from producers.models import DeskBatch, Paper, PaperProposal
from producers.selectors import desk, desk_file, effects, hand_ins
from producers.views.asking import PAGE_SIZE

TABS: Final = (
    PaperStatus.SUBMITTED,
    PaperStatus.VERIFIED,
    PaperStatus.SUSPENDED,
    PaperStatus.RETURNED,
    PaperStatus.EXPIRED,
    PaperStatus.REVOKED,
)
STEPS_OF: Final = {
    PaperStatus.SUBMITTED: (DeskStep.VERIFY, DeskStep.RETURN),
    PaperStatus.VERIFIED: (DeskStep.SUSPEND, DeskStep.REVOKE),
    PaperStatus.SUSPENDED: (DeskStep.VERIFY, DeskStep.REVOKE),
}
AGE, EFFECT = "age", "effect"
_KEPT: Final = ("status", "sort", "q", "kind", "commune", "sector", "due", "who")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One paper of the queue with what helps to choose it."""

    paper: Paper
    waiting: desk.Waiting | None
    hand_ins: hand_ins.HandIns | None
    effect: effects.Effect
    proposal: PaperProposal | None
    is_elsewhere: bool
    can_decide: bool


class Queue:
    """The papers an officer goes through: one status, some filters, one order."""

    def __init__(self, request: HttpRequest) -> None:
        self.actor: Actor = acting(request)
        self.status = _status_of(request.GET)
        self.sort = EFFECT if request.GET.get("sort") == EFFECT else AGE
        self.filter = DeskPaperFilter(
            request.GET,
            queryset=desk.desk_queue(self.actor, status=self.status),
            request=request,
        )
        self.query = _kept(request.GET)

    @property
    def trail(self) -> str:
        """What a link to one of its papers carries, so that the page knows the next one."""
        return self.query or f"status={self.status}"

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter is set beside the status."""
        form = self.filter.form
        return any(form[name].value() for name in self.filter.filters)

    def ids(self) -> list[int]:
        """Return the papers in order, at most `LONGEST_QUEUE` of them."""
        rows = self.filter.rows
        if not isinstance(rows, QuerySet):
            return list(rows.found.keys)
        if self.sort == AGE:
            return list(rows.values_list("pk", flat=True)[: desk.LONGEST_QUEUE])
        papers = list(rows[: desk.LONGEST_QUEUE])
        known = effects.effects_of(papers)
        nothing = effects.Effect()
        papers.sort(key=lambda one: known.get(one.pk, nothing).weight)
        return [one.pk for one in papers]

    def page(self, number: str | None) -> Page[Paper]:
        """Return one page of papers; a page that does not exist is the nearest one."""
        rows = self.filter.rows
        listed = self.ids() if self.sort == EFFECT and isinstance(rows, QuerySet) else rows
        page = Paginator(cast("Sequence[Any]", listed), PAGE_SIZE).get_page(number)
        found = list(page.object_list)
        if found and isinstance(found[0], int):
            stored = self.filter.queryset.in_bulk(found)
            found = [stored[pk] for pk in found if pk in stored]
        page.object_list = found
        return page

    def around(self, paper_id: int) -> Place | None:
        """Return where a paper stands in the queue, and its neighbours."""
        ids = self.ids()
        if paper_id not in ids:
            return None
        at = ids.index(paper_id)
        return Place(
            number=at + 1,
            count=len(ids),
            previous_id=ids[at - 1] if at else None,
            next_id=ids[at + 1] if at + 1 < len(ids) else None,
        )

    def rows(self, papers: list[Paper]) -> list[Row]:
        """Return papers of the queue with what helps to choose among them."""
        known = effects.effects_of(papers)
        proposals = desk.proposals_waiting(one.pk for one in papers)
        elsewhere = desk_file.numbers_elsewhere(papers)
        is_waiting = self.status == PaperStatus.SUBMITTED
        handed_in = hand_ins.hand_ins_of(one.pk for one in papers) if is_waiting else {}
        return [
            Row(
                paper=one,
                waiting=desk.waiting_of(one) if is_waiting else None,
                hand_ins=handed_in.get(one.pk),
                effect=known.get(one.pk, effects.Effect()),
                proposal=proposals.get(one.pk),
                is_elsewhere=one.pk in elsewhere,
                can_decide=rules.can_decide_on_paper(self.actor, one),
            )
            for one in papers
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a paper stands in the queue."""

    number: int
    count: int
    previous_id: int | None
    next_id: int | None


@officer_required
@require_safe
def paper_queue(request: HttpRequest) -> HttpResponse:
    """List the papers of one's provinces by status, what is due first or opens most first."""
    queue, actor = Queue(request), acting(request)
    page = queue.page(request.GET.get("page"))
    context = {
        "queue": queue,
        "filter": queue.filter,
        "page_obj": page,
        "rows": queue.rows(list(page)),
        "chosen": queue.status,
        "tabs": _tabs(actor),
        "sorts": ((AGE, _("What is due first")), (EFFECT, _("What opens most"))),
        "clock": desk.clock_counts(actor),
        "steps": STEPS_OF.get(queue.status, ()) if actor.province_ids else (),
        "most": services.MOST_PAPERS,
        "sign": heartbeats.sign_of(services.HEARTBEAT),
        "funnel": selectors.storefront_funnel(actor),
        "proposals": selectors.proposals_on_desk(actor).count(),
        "undo": undoable(request),
    }
    return render(request, "producers/officer_papers.html", context)


def undoable(request: HttpRequest) -> DeskBatch | None:
    """Return the decision that has just brought the officer here, while it can be undone."""
    named = request.GET.get("done", "")
    if not (named.isascii() and named.isdigit() and len(named) < len(str(2**62))):
        return None
    actor = acting(request)
    batch = desk.batches_of(actor).filter(pk=int(named)).first()
    return batch if batch and services.can_be_undone(batch, actor=actor) else None


def _tabs(actor: Actor) -> list[tuple[PaperStatus, int]]:
    counts = desk.counts_by_status(actor)
    return [(status, counts[status]) for status in TABS]


def _status_of(asked: QueryDict) -> PaperStatus:
    try:
        return PaperStatus(asked.get("status", PaperStatus.SUBMITTED))
    except ValueError:
        return PaperStatus.SUBMITTED


def _kept(asked: QueryDict) -> str:
    """Return what leads back into the same queue; empty where nothing was asked of it."""
    kept = QueryDict(mutable=True)
    for name in _KEPT:
        said = asked.get(name)
        if said:
            kept[name] = str(said)
    return kept.urlencode()
