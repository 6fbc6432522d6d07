"""Many papers at once: what would happen, doing it, what became of each, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.web.actor import acting, officer_required
from producers import selectors, services
from producers.enums import DeskObstacle, DeskOutcome, DeskStep
from producers.forms import step_form
from producers.models import DeskBatch, Paper
from producers.selectors import desk
from producers.services import Seen
from producers.views.asking import page_of
from producers.views.officers.queue import Queue

_LONGEST_NUMBER: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would become of one paper; `seen` is the version it is judged on."""

    paper: Paper
    seen: Seen
    obstacle: DeskObstacle | None
    is_proposal: bool


@officer_required
@require_POST
def paper_bulk(request: HttpRequest) -> HttpResponse:
    """Say what a step would do to the chosen papers, and do it once the officer confirms."""
    queue, step = Queue(request), _step_of(request)
    back = _queue_address(queue)
    seen = _chosen(request, queue) if step else []
    if step is None or not seen:
        messages.error(request, _("Choose at least one paper, then what to do with it."))
        return redirect(back)
    is_confirmed = "confirm" in request.POST
    form = step_form(step, data=request.POST if is_confirmed else None)
    if is_confirmed and form.is_valid():
        return _carried_out(request, form.wish(), seen)
    plans = _plans(request, step, seen)
    done = [plan for plan in plans if plan.obstacle is None]
    context = {
        "step": step,
        "form": form,
        "plans": plans,
        "possible": done,
        "left_out": [plan for plan in plans if plan.obstacle is not None],
        "proposed": sum(plan.is_proposal for plan in done),
        "undo_minutes": services.UNDO_MINUTES,
        "is_full": len(seen) == services.MOST_PAPERS,
        "most": services.MOST_PAPERS,
        "cancel_url": back,
    }
    return render(request, "producers/officer_bulk.html", context)


@officer_required
@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """List what one decided lately, to look it up or undo it."""
    page = page_of(request, desk.batches_of(acting(request)))
    return render(request, "producers/officer_batches.html", {"page_obj": page})


@officer_required
@require_safe
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what became of each paper of a decision."""
    batch = _batch(request, pk)
    items = list(desk.items_of(batch))
    context = {
        "batch": batch,
        "items": items,
        "done": sum(item.outcome == DeskOutcome.DONE for item in items),
        "proposed": sum(item.outcome == DeskOutcome.PROPOSED for item in items),
        "left_out": sum(item.outcome == DeskOutcome.LEFT_OUT for item in items),
        "gone": batch.asked - len(items),
        "undone": sum(item.is_undone for item in items),
        "can_undo": services.can_be_undone(batch, actor=acting(request)),
        "undo_until": services.undo_until(batch),
    }
    return render(request, "producers/officer_batch.html", context)


@officer_required
@require_POST
def batch_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back, except for papers that have moved on since."""
    batch = services.undo_batch(batch_id=_batch(request, pk).pk, actor=acting(request))
    items = [one for one in desk.items_of(batch) if one.outcome != DeskOutcome.LEFT_OUT]
    undone = sum(one.is_undone for one in items)
    if undone:
        words = ngettext(
            "Undone: %(number)d paper stands as it did before.",
            "Undone: %(number)d papers stand as they did before.",
            undone,
        )
        messages.success(request, words % {"number": undone})
    if undone < len(items):
        messages.warning(request, _("Some have moved on since and stay as they are."))
    if len(items) == 1:
        return redirect("producers:officer_paper", items[0].paper_id)
    return redirect("producers:officer_batch", pk)


def _carried_out(request: HttpRequest, wish: services.Wish, seen: Iterable[Seen]) -> HttpResponse:
    known = {paper.pk for paper in _papers(request, seen)}
    mine = [one for one in seen if one.paper_id in known]
    batch = services.decide_on_papers(actor=acting(request), wish=wish, seen=mine, unseen=True)
    return redirect("producers:officer_batch", batch.pk)


def _plans(request: HttpRequest, step: DeskStep, seen: list[Seen]) -> list[Plan]:
    """Judge each chosen paper as it stands now; foreign ones do not exist."""
    papers = {paper.pk: paper for paper in _papers(request, seen)}
    proposals = desk.proposals_waiting(papers)
    actor = acting(request)
    plans = []
    for one in seen:
        paper = papers.get(one.paper_id)
        if paper is None:
            continue
        obstacle = services.obstacle_to(
            paper, actor=actor, step=step, proposal=proposals.get(paper.pk), unseen=True
        )
        if one.version != paper.version:
            obstacle = DeskObstacle.CHANGED
        plans.append(
            Plan(
                paper=paper,
                seen=one,
                obstacle=obstacle,
                is_proposal=services.becomes_proposal(paper, step=step),
            )
        )
    return plans


def _papers(request: HttpRequest, seen: Iterable[Seen]) -> Iterable[Paper]:
    actor = acting(request)
    papers = selectors.papers_visible_to(actor).filter(pk__in=[one.paper_id for one in seen])
    if not actor.is_administrator:
        papers = papers.filter(producer__organisation__province_id__in=actor.province_ids)
    return papers


def _chosen(request: HttpRequest, queue: Queue) -> list[Seen]:
    """Return the papers that were ticked, or all of the queue; never more than may be decided."""
    if "all" in request.POST and "confirm" not in request.POST:
        ids = queue.ids()[: services.MOST_PAPERS]
        versions = dict(queue.filter.queryset.filter(pk__in=ids).values_list("pk", "version"))
        return [Seen(paper_id=pk, version=versions[pk]) for pk in ids if pk in versions]
    named = dict.fromkeys(request.POST.getlist("paper")[: services.MOST_PAPERS])
    found = [_read(one) for one in named]
    return list({one.paper_id: one for one in found if one is not None}.values())


def _read(named: str) -> Seen | None:
    """Read "paper:version"; anything else is nothing."""
    parts = named.split(":")
    is_plain = all(p.isascii() and p.isdigit() and len(p) <= _LONGEST_NUMBER for p in parts)
    if not is_plain or len(parts) != len(("paper", "version")):
        return None
    return Seen(paper_id=int(parts[0]), version=int(parts[1]))


def _step_of(request: HttpRequest) -> DeskStep | None:
    named = request.POST.get("step", "")
    return DeskStep(named) if named in DeskStep.values else None


def _queue_address(queue: Queue) -> str:
    address = reverse("producers:officer_papers")
    return f"{address}?{queue.query}" if queue.query else address


def _batch(request: HttpRequest, pk: int) -> DeskBatch:
    return get_object_or_404(desk.batches_of(acting(request)), pk=pk)
