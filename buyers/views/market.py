"""Pages on which others read of buyers and what they look for."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from buyers import rules, selectors, services
from buyers.filters import RequestFilter
from core.web.actor import acting, actor_required

PER_PAGE: Final = 20
reader_required = actor_required(rules.can_browse_requests, otherwise="web:dashboard")


@require_safe
@reader_required
def request_browse(request: HttpRequest) -> HttpResponse:
    """List the open requests of all buyers, without contact data."""
    found = selectors.with_words(selectors.open_requests()).order_by("-pk")
    wanted = RequestFilter(request.GET, queryset=found)
    page = Paginator(wanted.rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": wanted,
        "page_obj": page,
        "is_opened": any(request.GET.get(name) for name in wanted.filters if name != "q"),
        "is_narrowed": any(request.GET.get(name) for name in wanted.filters),
    }
    return render(request, "buyers/request_browse.html", context)


@require_safe
@reader_required
def request_read(request: HttpRequest, request_id: int) -> HttpResponse:
    """Show one open request, without contact data."""
    visible = selectors.with_words(selectors.open_requests())
    demand = get_object_or_404(visible, pk=request_id)
    context = {
        "demand": demand,
        "reckoning": services.reckoning_of(demand),
        "outlets": demand.outlets.filter(is_archived=False).select_related(
            "banner", "province", "commune"
        ),
        "is_own": False,
    }
    return render(request, "buyers/request_detail.html", context)


@require_safe
def buyer_detail(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Show an approved buyer to anybody; its open requests to those who may read them."""
    group = selectors.public_buyers().filter(pk=organisation_id).first()
    if group is None:
        raise Http404
    reads = rules.can_browse_requests(acting(request))
    open_requests = selectors.open_requests().filter(group=group)
    context = {
        "group": group,
        "banners": selectors.banners_of(group.pk),
        "provinces": selectors.outlets_by_province(group.pk),
        "reads": reads,
        "open_count": open_requests.count(),
        "requests": selectors.with_words(open_requests).order_by("needed_from", "pk")[:PER_PAGE]
        if reads
        else [],
    }
    return render(request, "buyers/buyer_detail.html", context)
