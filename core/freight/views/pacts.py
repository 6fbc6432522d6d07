"""Cooperation pacts: the list, entering one, changing or ending it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.doors import acting, officer_required
from core.freight import registry, rules, selectors
from core.freight.forms import PactForm
from core.freight.views.shared import asked_back, attempt, filters_of, must, page_of
from core.kernel import clock
from core.places import services
from core.places.models import ProvincePact


@require_safe
@officer_required
def pact_list(request: HttpRequest) -> HttpResponse:
    """List the pacts with those that have ended."""
    form, chosen = filters_of(request, asks=("province",))
    context = {
        "page_obj": page_of(request, selectors.pacts(chosen["province"])),
        "form": form,
        "today": clock.today(),
        "is_narrowed": any(chosen.values()),
    }
    return render(request, "freight/pact_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required
def pact_create(request: HttpRequest) -> HttpResponse:
    """Enter a pact."""
    form = PactForm(request.POST if request.method == "POST" else None, actor=acting(request))
    if form.is_valid() and attempt(
        form,
        lambda: services.enter_pact(terms=form.terms(), reason=form.cleaned_data["reason"]),
    ):
        messages.success(request, _("The pact is entered. Matches follow within a minute."))
        return redirect("freight:pact_list")
    status = 400 if form.is_bound else 200
    return render(request, "freight/pact_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required
def pact_detail(request: HttpRequest, pact_id: int) -> HttpResponse:
    """Show a pact with its history; change or end it on POST."""
    pact = get_object_or_404(selectors.pacts(), pk=pact_id)
    actor = acting(request)
    may_change = rules.can_change_pact(actor, pact)
    history = selectors.pact_history(pact.pk)
    form = PactForm(
        request.POST if request.method == "POST" else None,
        initial=PactForm.initial_of(asked_back(request, history) or pact),
        actor=actor,
    )
    if request.method == "POST":
        must(allowed=may_change)
        if form.is_valid() and attempt(form, lambda: _change(pact, form)):
            messages.success(request, _("Saved. Matches follow within a minute."))
            return redirect("freight:pact_detail", pact_id=pact.pk)
    context = {
        "pact": pact,
        "form": form,
        "may_change": may_change,
        "stakes": registry.stakes_of(
            registry.Change(pacts_after=((int(pact.a.code), int(pact.b.code)),))
        ),
        "history": history,
        "today": clock.today(),
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "freight/pact_detail.html", context, status=status)


def _change(pact: ProvincePact, form: PactForm) -> None:
    services.change_pact(pact_id=pact.pk, terms=form.terms(), reason=form.cleaned_data["reason"])
