"""Pages on which an organiser reads applications and answers them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.kernel.errors import NotAllowedError
from core.web.actor import acting, organiser_required
from fairs import rules, selectors, services
from fairs.enums import FairPhase, ParticipationStatus
from fairs.filters import ApplicationFilter
from fairs.forms import ApproveForm, ReasonForm
from fairs.forms.applications import VersionForm
from fairs.models import Participation
from fairs.views.asking import attempt, page_of
from fairs.views.organising import own_fair
from fairs.views.papers import shared_by
from fairs.views.wording import DECISION_WORDS
from producers import selectors as producers

POSSIBLE: Final = {
    ParticipationStatus.SUBMITTED.value: ("approve", "return", "decline"),
    ParticipationStatus.APPROVED.value: ("decline",),
    ParticipationStatus.DECLINED.value: ("approve",),
}
ANSWERS: Final[dict[str, Callable[..., Participation]]] = {
    "approve": services.approve_participation,
    "return": services.return_participation,
    "decline": services.decline_participation,
}


@require_safe
@organiser_required
def application_list(request: HttpRequest, fair_id: int) -> HttpResponse:
    """List the applications to an own fair, waiting ones first."""
    fair = own_fair(request, fair_id)
    found = selectors.applications_to_fair(fair.pk)
    wanted = ApplicationFilter(request.GET, queryset=found)
    counts = selectors.counts_by_status(fair.pk)
    context = {
        "fair": fair,
        "filter": wanted,
        "page_obj": page_of(request, wanted.rows),
        "states": [(v, label, counts[v]) for v, label in ParticipationStatus.choices],
        "chosen": request.GET.get("status", ""),
        "total": sum(counts.values()),
        "places": selectors.places_of(fair.pk, quota=fair.booth_quota),
    }
    return render(request, "fairs/application_list.html", context)


@require_safe
@organiser_required
def application(request: HttpRequest, fair_id: int, participation_id: int) -> HttpResponse:
    """Show one application with the answers that are possible."""
    place = _place(request, fair_id, participation_id)
    is_open = place.fair.phase in {FairPhase.CALLING, FairPhase.REVIEWING}
    can_decide = is_open and rules.can_decide(acting(request), place)
    context = {
        "place": place,
        "fair": place.fair,
        "products": place.products.select_related("category").order_by("name_folded", "pk"),
        "papers": producers.valid_papers(place.organisation_id)[:20],
        "places": selectors.places_of(place.fair_id, quota=place.fair.booth_quota),
        "possible": POSSIBLE.get(place.status, ()) if can_decide else (),
        "is_open": is_open,
        "shared": shared_by(place),
    }
    return render(request, "fairs/application.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def application_decide(
    request: HttpRequest, fair_id: int, participation_id: int, answer: str
) -> HttpResponse:
    """Ask for booths or a reason, then answer."""
    place = _place(request, fair_id, participation_id)
    if answer not in ANSWERS:
        raise Http404
    if not rules.can_decide(acting(request), place):
        raise NotAllowedError(_("You may look, but not decide. Ask an owner or an editor."))
    form_class = ApproveForm if answer == "approve" else ReasonForm
    form: VersionForm = form_class(request.POST or None, place=place)
    words = DECISION_WORDS[answer]
    if request.method == "POST" and form.is_valid():
        decided = attempt(
            form,
            lambda: ANSWERS[answer](
                participation_id=place.pk, user_id=acting(request).user_id, **form.cleaned_data
            ),
        )
        if decided is not None:
            messages.success(request, str(words.done))
            return redirect("fairs:application_list", fair_id)
    context = {
        "title": str(words.title) % {"applicant": place.organisation.name},
        "text": words.text,
        "action": words.action,
        "form": form,
        "cancel_url": reverse("fairs:application", args=[fair_id, place.pk]),
        "danger": answer == "decline",
    }
    return render(request, "components/confirm_page.html", context)


def _place(request: HttpRequest, fair_id: int, participation_id: int) -> Participation:
    fair = own_fair(request, fair_id)
    places = selectors.with_details(selectors.applications_to_fair(fair.pk))
    return get_object_or_404(places, pk=participation_id)
