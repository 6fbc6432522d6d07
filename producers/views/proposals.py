"""What one officer proposed and a second one answers."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.web.actor import acting, officer_required
from producers import rules, selectors, services
from producers.enums import ProposalStep
from producers.forms import ReasonForm
from producers.models import PaperProposal
from producers.views.asking import attempt, officer_of, page_of


@officer_required
@require_safe
def proposal_queue(request: HttpRequest) -> HttpResponse:
    """List what waits for a second officer, the longest waiting first."""
    actor = acting(request)
    page = page_of(request, selectors.proposals_on_desk(actor))
    rows = [
        {
            "proposal": proposal,
            "is_own": proposal.proposed_by_id == actor.user_id,
            "can_answer": rules.can_answer_proposal(actor, proposal),
        }
        for proposal in page
    ]
    return render(request, "producers/officer_proposals.html", {"page_obj": page, "rows": rows})


@officer_required
@require_POST
def proposal_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out what another officer proposed."""
    proposal = _answerable(request, pk)
    services.confirm_proposal(proposal_id=pk, officer_id=officer_of(request))
    if proposal.step == ProposalStep.REVOKE:
        messages.success(
            request, _("Revoked. Matches that rest on it are stopped and both sides are told.")
        )
    else:
        messages.success(request, _("Verified. It counts in matching from now on."))
    return redirect("producers:officer_proposals")


@officer_required
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a reason, then say no to what another officer proposed."""
    proposal = _answerable(request, pk)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].help_text = _("The officer who proposed this reads it.")
    if request.method == "POST" and form.is_valid():
        reason, officer_id = form.cleaned_data["reason"], officer_of(request)
        refused = attempt(
            form,
            lambda: services.refuse_proposal(proposal_id=pk, reason=reason, officer_id=officer_id),
        )
        if refused is not None:
            messages.success(request, _("Refused. The paper stays as it is."))
            return redirect("producers:officer_proposals")
    context = {
        "title": _("Refuse the proposal for %(paper)s?") % {"paper": proposal.paper},
        "text": _("The paper stays as it is."),
        "action": _("Refuse the proposal"),
        "form": form,
        "cancel_url": reverse("producers:officer_paper", args=[proposal.paper_id]),
        "danger": True,
    }
    return render(request, "components/confirm_page.html", context)


@officer_required
@require_POST
def proposal_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own proposal."""
    proposal = _of_province(request, pk)
    if proposal.proposed_by_id != officer_of(request):
        raise PermissionDenied
    services.undo_proposal(proposal_id=pk, officer_id=officer_of(request))
    messages.success(request, _("Taken back. Nothing has changed for the paper."))
    return redirect("producers:officer_paper", proposal.paper_id)


def _of_province(request: HttpRequest, pk: int) -> PaperProposal:
    proposal = get_object_or_404(selectors.proposals_visible_to(acting(request)), pk=pk)
    if not rules.can_decide_on_paper(acting(request), proposal.paper):
        raise PermissionDenied
    return proposal


def _answerable(request: HttpRequest, pk: int) -> PaperProposal:
    proposal = _of_province(request, pk)
    if not rules.can_answer_proposal(acting(request), proposal):
        raise PermissionDenied
    return proposal
