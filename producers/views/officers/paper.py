"""One paper at the desk: file and claim side by side, and the decision."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.imports import selectors as imports
from core.vault import doors
from core.web.actor import acting, officer_required
from producers import rules, selectors, services
from producers.enums import DeskOutcome, DeskStep, PaperStatus
from producers.forms import GradeForm, StepForm, VersionForm, step_form
from producers.models import Paper
from producers.selectors import desk, desk_file, effects, hand_ins
from producers.views.asking import officer_of
from producers.views.officers.changes import changes_of
from producers.views.officers.checklist import checklist_of
from producers.views.officers.looking import MINUTES, forget_look, note_look
from producers.views.officers.queue import Queue, undoable
from producers.views.paper_history import history_of_paper

ASKED: Final = {
    DeskStep.RETURN: (
        gettext_lazy("Return %(paper)s?"),
        gettext_lazy("The producer reads your reason, changes the paper and hands it in again."),
        gettext_lazy("Return the paper"),
    ),
    DeskStep.SUSPEND: (
        gettext_lazy("Suspend %(paper)s?"),
        gettext_lazy(
            "It counts no longer until you verify it again. Matches that rest on it stop."
        ),
        gettext_lazy("Suspend the paper"),
    ),
    DeskStep.REVOKE: (
        gettext_lazy("Propose to revoke %(paper)s?"),
        gettext_lazy(
            "A second officer of the province confirms it; then it counts no longer, for good, and"
            " matches that rest on it stop. Must they stop at once? Suspend the paper first."
        ),
        gettext_lazy("Propose to revoke"),
    ),
}
_STALE: Final = gettext_lazy(
    "Nothing was decided: the paper has changed since you opened it. Below you see it as it stands"
    " now; please look at it again."
)
_PDF_POLICY: Final = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)


@officer_required
@require_safe
def paper_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show file and claim side by side, with what is odd and the decisions that are possible."""
    paper = _paper(request, pk)
    return _detail(request, paper, GradeForm())


@officer_required
@require_POST
def paper_verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Find a paper good, or propose to where it gives stars."""
    paper, form = _decidable(request, pk), GradeForm(request.POST)
    if not form.is_valid():
        return _detail(request, paper, form)
    return _decide(request, paper, form) or _detail(request, _paper(request, pk), form)


@officer_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper_decide(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Ask for a reason, then return, suspend or propose to revoke."""
    if step not in ASKED:
        raise Http404
    chosen, paper = DeskStep(step), _decidable(request, pk)
    form = step_form(chosen, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _decide(request, paper, form)
        if answer is not None:
            return answer
        paper = _paper(request, pk)
    title, text, action = ASKED[chosen]
    context = {
        "title": str(title) % {"paper": paper},
        "text": text,
        "action": action,
        "form": form,
        "paper": paper,
        "cancel_url": _address(paper.pk, Queue(request).query),
        "danger": chosen != DeskStep.RETURN,
    }
    return render(request, "producers/officer_paper_reason.html", context)


@officer_required
@require_POST
def paper_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that one works on a paper, or no longer does."""
    paper, officer_id = _decidable(request, pk), officer_of(request)
    if "release" in request.POST:
        services.release_paper(paper_id=paper.pk, officer_id=officer_id)
    else:
        services.take_paper(paper_id=paper.pk, officer_id=officer_id)
    return redirect(_address(pk, Queue(request).query))


@officer_required
@require_safe
@xframe_options_sameorigin
def paper_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the file beside the claim: a picture made anew, or a PDF as it came."""
    document = _paper(request, pk).document
    if document is None:
        raise Http404
    if document.is_picture:
        return doors.preview(document)
    headers = doors.HEADERS | {
        "Content-Disposition": "inline",
        "Content-Security-Policy": _PDF_POLICY,
    }
    content = doors.content_of(document)
    return HttpResponse(content, content_type=document.file_type.media_type, headers=headers)


def _decide(request: HttpRequest, paper: Paper, form: StepForm) -> HttpResponse | None:
    """Decide on the paper as it was seen and go on to the next; None says why on the page."""
    queue = Queue(request)
    place = queue.around(paper.pk) if queue.query else None
    version = VersionForm(request.POST).seen()
    seen = services.Seen(paper_id=paper.pk, version=version)
    batch = services.decide_on_papers(actor=acting(request), wish=form.wish(), seen=[seen])
    item = batch.items.first()
    if item is None or item.outcome == DeskOutcome.LEFT_OUT:
        is_stale = paper.version != version
        why = _STALE if is_stale or item is None else item.get_obstacle_display()
        messages.error(request, str(why))
        return None
    forget_look(paper.pk, user_id=officer_of(request))
    next_id = place.next_id if place else None
    if next_id is None and place is not None:
        messages.info(request, _("That was the last paper of this queue."))
    joint = f"{queue.query}&" if queue.query else ""
    target = reverse("producers:officer_papers")
    if next_id is not None:
        target = reverse("producers:officer_paper", args=[next_id])
    elif item.outcome == DeskOutcome.PROPOSED and not queue.query:
        target = reverse("producers:officer_paper", args=[paper.pk])
    return redirect(f"{target}?{joint}done={batch.pk}")


def _detail(request: HttpRequest, paper: Paper, form: GradeForm) -> HttpResponse:
    actor, queue = acting(request), Queue(request)
    proposal = selectors.waiting_proposal(paper.pk)
    can_decide = rules.can_decide_on_paper(actor, paper)
    waiting = desk.clock_of(paper.pk)
    look = note_look(paper.pk, user_id=officer_of(request)) if can_decide else []
    context = {
        "paper": paper,
        "form": form,
        "queue": queue,
        "place": queue.around(paper.pk) if queue.query else None,
        "waiting": waiting,
        "hand_ins": hand_ins.hand_ins_of([paper.pk]).get(paper.pk) if waiting else None,
        "effect": effects.effects_of([paper]).get(paper.pk, effects.Effect()),
        "history": history_of_paper(paper, for_officer=True),
        "is_picture": paper.document is not None and paper.document.is_picture,
        "can_decide": can_decide,
        "can_verify": can_decide
        and proposal is None
        and paper.status in {PaperStatus.SUBMITTED, PaperStatus.SUSPENDED},
        "doubts": services.doubts_of(paper),
        "origins": imports.origins_of(("papers", "papers_of_province"), ref=paper.pk)[:3],
        "same_number": desk_file.same_number(paper, actor=actor),
        "changes": changes_of(paper),
        "checklist": checklist_of(paper),
        "needs_two": services.needs_two_to_verify(paper),
        "proposal": proposal,
        "is_own_proposal": proposal is not None and proposal.proposed_by_id == actor.user_id,
        "take": desk.take_of(paper.pk),
        "lookers": look,
        "look_minutes": MINUTES,
        "undo": undoable(request),
        "others": selectors.papers_of(paper.producer_id).exclude(pk=paper.pk)[:10],
    }
    return render(request, "producers/officer_paper.html", context)


def _address(paper_id: int, query: str) -> str:
    address = reverse("producers:officer_paper", args=[paper_id])
    return f"{address}?{query}" if query else address


def _paper(request: HttpRequest, pk: int) -> Paper:
    actor = acting(request)
    papers = selectors.papers_visible_to(actor).select_related(
        "producer__organisation__province",
        "producer__organisation__commune",
        "decided_by",
        "confirmed_by",
    )
    if not actor.is_administrator:
        papers = papers.filter(producer__organisation__province_id__in=actor.province_ids)
    return get_object_or_404(papers, pk=pk)


def _decidable(request: HttpRequest, pk: int) -> Paper:
    paper = _paper(request, pk)
    if not rules.can_decide_on_paper(acting(request), paper):
        raise PermissionDenied
    return paper
