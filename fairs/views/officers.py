"""What officers of a province see of its fairs; they read, organisers act."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.web.actor import acting, officer_required
from fairs import selectors
from fairs.filters import FairFilter
from fairs.views.asking import page_of


@officer_required
@require_safe
def province_fairs(request: HttpRequest) -> HttpResponse:
    """List the fairs one's provinces host or co-host, in every phase."""
    found = selectors.fairs_of_provinces(acting(request))
    wanted = FairFilter(request.GET, queryset=found)
    context = {
        "page_obj": page_of(request, wanted.rows),
        "filter": wanted,
        "is_opened": any(request.GET.get(name) for name in wanted.filters if name != "q"),
        "is_narrowed": any(request.GET.get(name) for name in wanted.filters),
    }
    return render(request, "fairs/province_fairs.html", context)
