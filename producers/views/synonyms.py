"""The officer's desk for words: what people call their products, and what that shall mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from core.catalogue import selectors as catalogue
from core.catalogue import services as catalogue_services
from core.catalogue.enums import ProposalState
from core.catalogue.models import SynonymProposal
from core.kernel.errors import InvalidInputError
from core.web.actor import acting, officer_required
from producers import rules
from producers.views.asking import page_of

_LONGEST_TERM: Final = 500
_DONE: Final[dict[str, Promise]] = {
    "approve": _("From now on “%(term)s” means %(kind)s."),
    "reject": _("“%(term)s” goes on meaning what it meant."),
    "reopen": _("“%(term)s” waits for a decision again."),
}


@officer_required
@require_safe
def synonym_list(request: HttpRequest) -> HttpResponse:
    """List the words people of one's provinces used, those chosen most often first."""
    try:
        state = ProposalState(request.GET.get("state", ProposalState.WAITING))
    except ValueError:
        state = ProposalState.WAITING
    return _list(request, state)


@officer_required
@require_POST
def synonym_decide(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Approve with the words as typed, reject, or take a decision back."""
    if step not in _DONE:
        raise Http404
    actor = acting(request)
    proposal = get_object_or_404(_visible(request), pk=pk)
    if not rules.can_decide_on_synonym(actor, proposal):
        raise PermissionDenied
    term = request.POST.get("term", "")[:_LONGEST_TERM]
    calls: dict[str, Callable[[], SynonymProposal]] = {
        "approve": lambda: catalogue_services.approve_synonym(
            proposal_id=pk, term=term, officer_id=actor.user_id
        ),
        "reject": lambda: catalogue_services.reject_synonym(
            proposal_id=pk, officer_id=actor.user_id
        ),
        "reopen": lambda: catalogue_services.reopen_synonym(
            proposal_id=pk, officer_id=actor.user_id
        ),
    }
    state = proposal.state
    try:
        decided = calls[step]()
    except InvalidInputError as error:
        wrong = {"pk": pk, "term": term, "message": str(error)}
        return _list(request, ProposalState.WAITING, wrong=wrong)
    words = {"term": decided.term, "kind": decided.category.name}
    messages.success(request, str(_DONE[step]) % words)
    return redirect(f"{reverse('producers:officer_synonyms')}?state={state}")


def _visible(request: HttpRequest) -> catalogue.Proposals:
    actor = acting(request)
    provinces = None if actor.is_administrator else actor.province_ids
    return catalogue.proposals(province_ids=provinces)


def _list(
    request: HttpRequest, state: ProposalState, *, wrong: dict[str, object] | None = None
) -> HttpResponse:
    actor = acting(request)
    page = page_of(request, _visible(request).filter(state=state))
    for proposal in page.object_list:
        proposal.may_be_decided = rules.can_decide_on_synonym(actor, proposal)
    context = {"page_obj": page, "chosen": state, "tabs": ProposalState, "wrong": wrong}
    return render(request, "catalogue/officer_synonyms.html", context)
