"""The officer's desk: papers to verify, and the verified ones to watch over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.imports import selectors as imports
from core.outbox import heartbeats
from core.web.actor import acting, officer_required
from producers import rules, selectors, services
from producers.enums import EvidenceGrade, PaperStatus
from producers.filters import DeskPaperFilter
from producers.forms import ReasonForm, VerifyForm
from producers.models import Paper, PaperProposal
from producers.views.asking import attempt, officer_of, page_of

TABS: Final = (
    PaperStatus.SUBMITTED,
    PaperStatus.VERIFIED,
    PaperStatus.SUSPENDED,
    PaperStatus.EXPIRED,
    PaperStatus.REVOKED,
)


@dataclass(frozen=True, slots=True)
class Step:
    """A decision that needs a reason and is asked for on a page of its own."""

    service: Callable[..., Paper | PaperProposal]
    title: Promise
    text: Promise
    action: Promise
    done: Promise


STEPS: Final = {
    "return": Step(
        services.return_paper,
        gettext_lazy("Return %(paper)s?"),
        gettext_lazy("The producer reads your reason, changes the paper and hands it in again."),
        gettext_lazy("Return the paper"),
        gettext_lazy("Returned to the producer."),
    ),
    "suspend": Step(
        services.suspend_paper,
        gettext_lazy("Suspend %(paper)s?"),
        gettext_lazy(
            "It counts no longer until you verify it again. Matches that rest on it stop."
        ),
        gettext_lazy("Suspend the paper"),
        gettext_lazy("Suspended. Matches that rest on it are stopped and both sides are told."),
    ),
    "revoke": Step(
        services.propose_revocation,
        gettext_lazy("Propose to revoke %(paper)s?"),
        gettext_lazy(
            "A second officer of the province confirms it; then it counts no longer, for good, and"
            " matches that rest on it stop. Must they stop at once? Suspend the paper first."
        ),
        gettext_lazy("Propose to revoke"),
        gettext_lazy("Proposed. A second officer of the province confirms or refuses it."),
    ),
}


@officer_required
@require_safe
def paper_queue(request: HttpRequest) -> HttpResponse:
    """List the papers of one's provinces by status, the longest waiting first."""
    try:
        status = PaperStatus(request.GET.get("status", PaperStatus.SUBMITTED))
    except ValueError:
        status = PaperStatus.SUBMITTED
    papers = selectors.papers_on_desk(acting(request), status=status)
    found = DeskPaperFilter(request.GET, queryset=papers, request=request)
    context = {
        "filter": found,
        "page_obj": page_of(request, found.rows),
        "chosen": status,
        "tabs": TABS,
        "sign": heartbeats.sign_of(services.HEARTBEAT),
        "funnel": selectors.storefront_funnel(acting(request)),
        "proposals": selectors.proposals_on_desk(acting(request)).count(),
    }
    return render(request, "producers/officer_papers.html", context)


@officer_required
@require_safe
def paper_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show claim and file side by side, with the decisions that are possible."""
    return _detail(request, _paper(request, pk), VerifyForm())


@officer_required
@require_POST
def paper_verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Find a paper good."""
    paper = _decidable(request, pk)
    form = VerifyForm(request.POST)
    if not form.is_valid():
        return _detail(request, paper, form)
    grade, officer_id = EvidenceGrade(form.cleaned_data["grade"]), officer_of(request)
    if services.needs_two_to_verify(paper):
        services.propose_verification(paper_id=pk, grade=grade, officer_id=officer_id)
        messages.success(request, _("Proposed. A second officer of the province confirms it."))
        return redirect("producers:officer_paper", pk)
    services.verify_paper(paper_id=pk, grade=grade, officer_id=officer_id)
    messages.success(request, _("Verified. It counts in matching from now on."))
    return redirect("producers:officer_papers")


@officer_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper_decide(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Ask for a reason, then return, suspend or revoke."""
    if step not in STEPS:
        raise Http404
    chosen, paper = STEPS[step], _decidable(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, officer_id = form.cleaned_data["reason"], officer_of(request)
        decided = attempt(
            form,
            lambda: chosen.service(paper_id=pk, reason=reason, officer_id=officer_id),
        )
        if decided is not None:
            messages.success(request, str(chosen.done))
            return redirect("producers:officer_papers")
    context = {
        "title": str(chosen.title) % {"paper": paper},
        "text": chosen.text,
        "action": chosen.action,
        "form": form,
        "cancel_url": reverse("producers:officer_paper", args=[pk]),
        "danger": step != "return",
    }
    return render(request, "components/confirm_page.html", context)


def _detail(request: HttpRequest, paper: Paper, form: VerifyForm) -> HttpResponse:
    history = selectors.paper_revisions(paper.pk)[:20]
    actor, proposal = acting(request), selectors.waiting_proposal(paper.pk)
    context = {
        "paper": paper,
        "form": form,
        "revisions": history,
        "is_picture": str(paper.evidence.name).endswith((".jpg", ".png")),
        "can_decide": rules.can_decide_on_paper(actor, paper),
        "doubts": services.doubts_of(paper),
        "origins": imports.origins_of(("papers", "papers_of_province"), ref=paper.pk)[:3],
        "needs_two": services.needs_two_to_verify(paper),
        "proposal": proposal,
        "is_own_proposal": proposal is not None and proposal.proposed_by_id == actor.user_id,
        "others": selectors.papers_of(paper.producer_id).exclude(pk=paper.pk)[:10],
    }
    return render(request, "producers/officer_paper.html", context)


def _paper(request: HttpRequest, pk: int) -> Paper:
    actor = acting(request)
    papers = selectors.papers_visible_to(actor).select_related(
        "producer__organisation__province", "producer__organisation__commune", "decided_by"
    )
    if not actor.is_administrator:
        papers = papers.filter(producer__organisation__province_id__in=actor.province_ids)
    return get_object_or_404(papers, pk=pk)


def _decidable(request: HttpRequest, pk: int) -> Paper:
    paper = _paper(request, pk)
    if not rules.can_decide_on_paper(acting(request), paper):
        raise PermissionDenied
    return paper
