"""How the desk did in the last 90 days, and what it promises."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.kernel import clock, workdays
from core.web.actor import acting, officer_required
from producers.selectors import desk, desk_figures


@officer_required
@require_safe
def desk_figures_page(request: HttpRequest) -> HttpResponse:
    """Show how long answers took, how many were in time, why papers went back, what is promised."""
    actor = acting(request)
    whole, by_kind = desk_figures.answers_of(actor)
    ahead = [one for day, one in sorted(workdays.special_days().items()) if day >= clock.today()]
    context = {
        "days": desk_figures.FIGURE_DAYS,
        "whole": whole,
        "by_kind": by_kind,
        "clock": desk.clock_counts(actor),
        "reasons": desk_figures.reasons_of(actor),
        "deadlines": desk_figures.deadlines_today(),
        "special_days": ahead[:8],
        "last_year": workdays.last_known_year(),
    }
    return render(request, "producers/officer_figures.html", context)
