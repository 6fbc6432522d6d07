"""Roads and ferries: the list, one link with its history, and what a change would touch."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.doors import acting, officer_required
from core.freight import registry, rules, selectors
from core.freight.forms import LinkForm
from core.freight.views.shared import attempt, filters_of, must, page_of
from core.places import selectors as places
from core.places import services
from core.places.enums import LinkStatus
from core.places.models import RoadLink


@require_safe
@officer_required
def link_list(request: HttpRequest) -> HttpResponse:
    """List roads and ferries by place, province and status."""
    form, chosen = filters_of(request, asks=("q", "province", "status"))
    found = selectors.links(words=chosen["q"] or "", province=chosen["province"])
    if chosen["status"]:
        found = found.filter(status=chosen["status"])
    page = page_of(request, found)
    context = {"page_obj": page, "form": form, "is_narrowed": any(chosen.values())}
    return render(request, "freight/link_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required
def link_detail(request: HttpRequest, link_id: int) -> HttpResponse:
    """Show a link; on POST show what a change would touch, or make it."""
    link = get_object_or_404(selectors.links(), pk=link_id)
    may_change = rules.can_change_link(acting(request), link)
    initial = {**LinkForm.initial_of(link), **_asked_back(request)}
    form = LinkForm(request.POST if request.method == "POST" else None, initial=initial)
    preview = None
    if request.method == "POST":
        must(allowed=may_change)
        if form.is_valid():
            if "preview" not in request.POST and attempt(form, lambda: _change(link, form)):
                messages.success(request, _("Saved. Matches follow within a minute."))
                return redirect("freight:link_detail", link_id=link.pk)
            preview = _preview(link, form)
    context = {
        "link": link,
        "form": form,
        "preview": preview,
        "may_change": may_change,
        "history": selectors.link_history(link.pk),
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "freight/link_detail.html", context, status=status)


def _asked_back(request: HttpRequest) -> dict[str, Any]:
    """Return the former state somebody wants to go back to, from the history's links."""
    status, day = request.GET.get("status", ""), request.GET.get("opens_on", "")
    if status not in LinkStatus.values:
        return {}
    try:
        opens_on = dt.date.fromisoformat(day) if day else None
    except ValueError:
        return {}
    return {"status": status, "opens_on": opens_on}


def _change(link: RoadLink, form: LinkForm) -> None:
    data = form.cleaned_data
    services.change_link_status(
        link_id=link.pk,
        status=LinkStatus(data["status"]),
        opens_on=data["opens_on"],
        reason=data["reason"],
    )


def _preview(link: RoadLink, form: LinkForm) -> dict[str, object]:
    data = form.cleaned_data
    change = places.change_of(link, status=LinkStatus(data["status"]), opens_on=data["opens_on"])
    asked = registry.Change(links_before=change.before, links_after=change.after)
    return {
        "day": change.day,
        "ways": places.ways_changed(change),
        "stakes": registry.stakes_of(asked),
    }
