"""Pages on which a producer applies to a fair and follows its applications."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.kernel import clock
from core.kernel.errors import NotAllowedError
from core.web.actor import acting, producer_required
from fairs import rules, selectors, services
from fairs.enums import BEFORE_RUNNING, WITHOUT_PRODUCTS, ParticipationStatus
from fairs.filters import OwnApplicationFilter
from fairs.forms import ApplicationForm
from fairs.models import Fair, Participation
from fairs.views.asking import attempt, page_of
from producers import selectors as producers

WITHDRAWABLE: Final = (
    ParticipationStatus.SUBMITTED,
    ParticipationStatus.APPROVED,
    ParticipationStatus.RETURNED,
)


@require_safe
@producer_required
def my_applications(request: HttpRequest) -> HttpResponse:
    """List the organisation's own applications."""
    own = selectors.own_participations(acting(request))
    wanted = OwnApplicationFilter(request.GET, queryset=own)
    page = page_of(request, wanted.rows)
    context = {
        "filter": wanted,
        "page_obj": page,
        "withdrawable": WITHDRAWABLE,
        "before_running": BEFORE_RUNNING,
        "can_apply": rules.can_apply(acting(request)),
    }
    return render(request, "fairs/my_applications.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@producer_required
def apply(request: HttpRequest, fair_id: int) -> HttpResponse:
    """Apply to a fair, or change an application nobody has decided on."""
    actor = acting(request)
    visible = selectors.visible_to(actor).select_related("organiser", "province")
    fair = get_object_or_404(visible, pk=fair_id)
    organisation_id = _applying(request, fair)
    stored = selectors.own_participations(actor).filter(fair=fair).first()
    form = ApplicationForm(
        request.POST or None, fair=fair, organisation_id=organisation_id, stored=stored
    )
    if request.method == "POST" and form.is_valid():
        place = attempt(
            form,
            lambda: services.apply_to_fair(
                fair_id=fair.pk,
                organisation_id=organisation_id,
                application=form.application(),
            ),
        )
        if place is not None:
            messages.success(
                request, _("Your application is with the organiser. We tell you the answer.")
            )
            return redirect("fairs:fair_detail", fair.pk)
    context = {
        "fair": fair,
        "form": form,
        "stored": stored,
        "is_open": _is_open(fair, stored),
        "has_products": producers.products_of(organisation_id).exists(),
        "needs_products": fair.kind not in WITHOUT_PRODUCTS,
    }
    return render(request, "fairs/apply.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@producer_required
def application_withdraw(request: HttpRequest, participation_id: int) -> HttpResponse:
    """Take an application back, after asking."""
    actor = acting(request)
    place = get_object_or_404(selectors.own_participations(actor), pk=participation_id)
    if not rules.can_apply(actor):
        raise NotAllowedError(_("You may look, but not change. Ask an owner or an editor."))
    if request.method == "POST":
        services.withdraw_participation(participation_id=place.pk)
        messages.success(request, _("Withdrawn. While the call is open you can apply again."))
        return redirect("fairs:my_applications")
    context = {
        "title": _("Withdraw from “%(fair)s”?") % {"fair": place.fair.name},
        "text": _("The organiser is told, and booths you were given go to others."),
        "action": _("Withdraw the application"),
        "cancel_url": reverse("fairs:my_applications"),
        "danger": True,
    }
    return render(request, "components/confirm_page.html", context)


def _applying(request: HttpRequest, fair: Fair) -> int:
    """Return the organisation that applies, or say why it may not."""
    actor = acting(request)
    if actor.organisation_id is None or not rules.can_apply(actor):
        raise NotAllowedError(
            _("Owners and editors of an approved producer apply to fairs. Ask one of them.")
        )
    if not rules.can_apply_to(actor, fair):
        raise NotAllowedError(_("You organise this fair; you need not apply."))
    return actor.organisation_id


def _is_open(fair: Fair, stored: Participation | None) -> bool:
    if stored is not None and stored.status == ParticipationStatus.RETURNED:
        return fair.phase in {"calling", "reviewing"}
    decided = {ParticipationStatus.APPROVED, ParticipationStatus.DECLINED}
    if stored is not None and stored.status in decided:
        return False
    return fair.is_call_open_on(clock.today())
