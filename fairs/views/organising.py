"""Pages on which an organiser plans a fair and moves it on."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Organisation
from core.kernel.errors import NotAllowedError
from core.web.actor import acting, organiser_required
from fairs import rules, selectors, services
from fairs.enums import FairPhase
from fairs.filters import OwnFairFilter
from fairs.forms import CancelForm, DeadlineForm, FairForm
from fairs.models import Fair
from fairs.views.asking import attempt, page_of
from fairs.views.wording import MOVE_WORDS


@require_safe
@organiser_required
def own_fairs(request: HttpRequest) -> HttpResponse:
    """List the organisation's own fairs."""
    actor = acting(request)
    wanted = OwnFairFilter(request.GET, queryset=selectors.own_fairs(actor))
    context = {
        "filter": wanted,
        "page_obj": page_of(request, wanted.rows),
        "can_host": rules.can_host(actor),
    }
    return render(request, "fairs/own_fairs.html", context)


@require_safe
@organiser_required
def fair_manage(request: HttpRequest, fair_id: int) -> HttpResponse:
    """Show one own fair: what is next, its checklist, its applications, what happened."""
    actor = acting(request)
    fair = own_fair(request, fair_id)
    context = {
        "fair": fair,
        "co_provinces": fair.co_provinces.order_by("name_folded"),
        "steps": selectors.next_steps(fair),
        "deadlines": selectors.checklist(fair),
        "places": selectors.places_of(fair.pk, quota=fair.booth_quota),
        "counts": selectors.counts_by_status(fair.pk),
        "entries": selectors.history_of(fair),
        "can_edit": rules.can_edit(actor, fair),
        "can_move": rules.can_move(actor, fair),
        "can_cancel": rules.can_cancel(actor, fair),
        "can_host": rules.can_host(actor),
    }
    return render(request, "fairs/fair_manage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def fair_create(request: HttpRequest) -> HttpResponse:
    """Plan a fair."""
    organisation = hosting(request)
    return _create(request, FairForm(request.POST or None, organisation=organisation))


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def fair_copy(request: HttpRequest, fair_id: int) -> HttpResponse:
    """Plan the next edition from an earlier fair."""
    organisation = hosting(request)
    source = own_fair(request, fair_id)
    pattern = services.next_edition(services.terms_of(source))
    form = FairForm(request.POST or None, organisation=organisation, pattern=pattern)
    return _create(request, form, source=source)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def fair_edit(request: HttpRequest, fair_id: int) -> HttpResponse:
    """Change what an own fair says."""
    organisation = hosting(request)
    fair = own_fair(request, fair_id)
    if not rules.can_edit(acting(request), fair):
        messages.info(request, _("This fair is over. Use it as the pattern of a new one."))
        return redirect("fairs:fair_manage", fair.pk)
    form = FairForm(request.POST or None, organisation=organisation, stored=fair)
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, lambda: services.revise_fair(fair_id=fair.pk, terms=form.terms()))
        if saved is not None:
            messages.success(request, _("The change is saved."))
            _warn_of_late_change(request, fair, saved)
            return redirect("fairs:fair_manage", saved.pk)
    return render(request, "fairs/fair_form.html", {"form": form, "fair": fair})


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def fair_move(request: HttpRequest, fair_id: int, phase: str) -> HttpResponse:
    """Move an own fair to another phase, after saying what that means."""
    hosting(request)
    fair = own_fair(request, fair_id)
    words = MOVE_WORDS.get(phase)
    if words is None:
        raise Http404
    target = FairPhase(phase)
    back = reverse("fairs:fair_manage", args=[fair.pk])
    if request.method == "POST":
        services.move_fair(fair_id=fair.pk, target=target)
        messages.success(request, str(words.done))
        return redirect(back)
    unmet = selectors.unmet(fair, target)
    if unmet or target not in selectors.MOVES[fair.phase]:
        messages.warning(request, " ".join(unmet) or _("This step does not come next."))
        return redirect(back)
    context = {
        "title": str(words.title) % {"fair": fair.name},
        "text": words.text,
        "action": words.action,
        "cancel_url": back,
    }
    return render(request, "components/confirm_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def fair_cancel(request: HttpRequest, fair_id: int) -> HttpResponse:
    """Call an own fair off, with a reason."""
    hosting(request)
    fair = own_fair(request, fair_id)
    back = reverse("fairs:fair_manage", args=[fair.pk])
    if not rules.can_cancel(acting(request), fair):
        raise NotAllowedError(_("Only an owner cancels a fair, and only before it opens."))
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.cancel_fair(fair_id=fair.pk, reason=reason)):
            messages.success(request, _("The fair is cancelled. Everybody who applied is told."))
            return redirect(back)
    context = {
        "title": _("Cancel “%(fair)s”?") % {"fair": fair.name},
        "text": _("This cannot be undone. Everybody who applied gets a message with your reason."),
        "action": _("Cancel the fair"),
        "cancel_url": back,
        "danger": True,
        "form": form,
    }
    return render(request, "components/confirm_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def deadline_record(request: HttpRequest, fair_id: int, code: str) -> HttpResponse:
    """Record that a duty was met, correct that, or take it back."""
    hosting(request)
    fair = own_fair(request, fair_id)
    deadline = next((d for d in selectors.checklist(fair) if d.rule.code == code), None)
    if deadline is None or not deadline.can_be_marked:
        raise Http404
    back = reverse("fairs:fair_manage", args=[fair.pk])
    if request.method == "POST" and "clear" in request.POST:
        services.clear_deadline(fair_id=fair.pk, code=code)
        messages.success(request, _("The record is taken back."))
        return redirect(back)
    mark = deadline.mark
    kept = {"initial": {"done_on": mark.done_on, "reference": mark.reference}} if mark else {}
    form = DeadlineForm(request.POST or None, **kept)
    if request.method == "POST" and form.is_valid():
        recorded = attempt(
            form,
            lambda: services.record_deadline(
                fair_id=fair.pk, code=code, user_id=acting(request).user_id, **form.cleaned_data
            ),
        )
        if recorded is not None:
            messages.success(request, _("Recorded."))
            return redirect(back)
    context = {"fair": fair, "deadline": deadline, "form": form}
    return render(request, "fairs/deadline_form.html", context)


def own_fair(request: HttpRequest, fair_id: int) -> Fair:
    """Return an own fair; of other organisers 404."""
    return get_object_or_404(selectors.fairs_of(acting(request).organisation_id), pk=fair_id)


def hosting(request: HttpRequest) -> Organisation:
    """Return the organiser acted for, or refuse those who only look on."""
    actor = acting(request)
    if actor.organisation is None or not rules.can_host(actor):
        raise NotAllowedError(_("You may look, but not change. Ask an owner or an editor."))
    return actor.organisation


def _create(request: HttpRequest, form: FairForm, *, source: Fair | None = None) -> HttpResponse:
    organisation = hosting(request)
    if request.method == "POST" and form.is_valid():
        fair = attempt(
            form,
            lambda: services.open_fair(
                organiser_id=organisation.pk,
                terms=form.terms(),
                copied_from_id=source.pk if source else None,
            ),
        )
        if fair is not None:
            messages.success(
                request, _("The plan is saved. Nobody outside sees it until you open the call.")
            )
            return redirect("fairs:fair_manage", fair.pk)
    return render(request, "fairs/fair_form.html", {"form": form, "source": source})


def _warn_of_late_change(request: HttpRequest, before: Fair, after: Fair) -> None:
    """Say so when the law's last day for changes has passed."""
    same_days = (before.opens_on, before.closes_on) == (after.opens_on, after.closes_on)
    if same_days and before.venue_name == after.venue_name:
        return
    fence = next((d for d in selectors.checklist(before) if d.rule.code == "change"), None)
    if fence is not None and fence.days_left < 0:
        messages.warning(
            request,
            _("The law's last day for changes has passed. Call the department before you go on."),
        )
