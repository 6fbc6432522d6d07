"""Border gates: how they open today, and setting other hours."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.doors import acting, officer_required
from core.freight import rules, selectors
from core.freight.forms import GateForm
from core.freight.views.shared import asked_back, attempt, filters_of, must, page_of
from core.kernel import clock
from core.places import selectors as places
from core.places import services


@require_safe
@officer_required
def gate_list(request: HttpRequest) -> HttpResponse:
    """List the gates with the hours of today."""
    form, chosen = filters_of(request, asks=("province",))
    page = page_of(request, selectors.gates(chosen["province"]))
    today = clock.today()
    hours = {one.node_id: one for one in places.schedules_on(today)}
    context = {
        "page_obj": page,
        "rows": [(gate, hours.get(gate.pk)) for gate in page.object_list],
        "form": form,
        "today": today,
        "is_narrowed": any(chosen.values()),
    }
    return render(request, "freight/gate_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required
def gate_detail(request: HttpRequest, gate_id: int) -> HttpResponse:
    """Show a gate's hours, past and to come; set others on POST."""
    gate = get_object_or_404(selectors.gates(), pk=gate_id)
    may_change = rules.can_change_gate(acting(request), gate)
    today, history = clock.today(), selectors.gate_history(gate.pk)
    shown = asked_back(request, history) or places.schedules_on(today).filter(node=gate).first()
    form = GateForm(
        request.POST if request.method == "POST" else None, initial=GateForm.initial_of(shown)
    )
    if request.method == "POST":
        must(allowed=may_change)
        if form.is_valid() and attempt(
            form,
            lambda: services.set_gate_hours(
                gate_id=gate.pk,
                hours=form.hours(),
                reason=form.cleaned_data["reason"],
                source=form.cleaned_data["source"],
            ),
        ):
            messages.success(request, _("Saved. Trips to this gate are planned with these hours."))
            return redirect("freight:gate_detail", gate_id=gate.pk)
    context = {
        "gate": gate,
        "form": form,
        "may_change": may_change,
        "schedules": places.schedules_of(gate.pk),
        "history": history,
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "freight/gate_detail.html", context, status=status)
