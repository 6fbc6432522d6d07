"""The calendar of fairs and the page of one fair, open to everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.accounts.actors import Actor
from core.kernel import clock
from core.web.actor import acting
from fairs import rules, selectors
from fairs.enums import FairPhase
from fairs.filters import FairFilter
from fairs.models import Fair
from fairs.views.asking import PER_PAGE, page_of

EXHIBITORS_SHOWN: Final = 60


@require_safe
def fair_list(request: HttpRequest) -> HttpResponse:
    """List public fairs by month: those to come, or with `?when=past` those over."""
    actor = acting(request)
    is_past = request.GET.get("when") == "past"
    public = selectors.calendar_of(selectors.announced_fairs(), is_past=is_past)
    wanted = FairFilter(request.GET, queryset=selectors.with_places(public))
    page = Paginator(wanted.rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "months": [] if wanted.found else by_month(page.object_list),
        "filter": wanted,
        "is_past": is_past,
        "is_opened": any(request.GET.get(name) for name in wanted.filters if name != "q"),
        "is_narrowed": any(request.GET.get(name) for name in wanted.filters),
        "today": clock.today(),
        **_doors(actor),
    }
    return render(request, "fairs/fair_list.html", context)


@require_safe
def fair_detail(request: HttpRequest, fair_id: int) -> HttpResponse:
    """Show one fair: what, when, where, who comes, and how to apply."""
    actor = acting(request)
    visible = selectors.visible_to(actor).select_related(
        "organiser__province", "province", "commune"
    )
    fair = get_object_or_404(visible, pk=fair_id)
    reads_dossier = rules.can_read_dossier(actor, fair)
    exhibitors = selectors.exhibitors_of(fair.pk)
    context = {
        "fair": fair,
        "co_provinces": fair.co_provinces.order_by("name_folded"),
        "page_obj": page_of(request, exhibitors.prefetch_related("products")),
        "exhibitor_count": exhibitors.count(),
        "is_host": fair.organiser_id == actor.organisation_id,
        "deadlines": selectors.checklist(fair) if reads_dossier else [],
        "is_cancelled": fair.phase == FairPhase.CANCELLED,
        "today": clock.today(),
        **_standing(actor, fair),
    }
    return render(request, "fairs/fair_detail.html", context)


def by_month(fairs: Iterable[Fair]) -> list[tuple[dt.date | None, list[Fair]]]:
    """Group fairs by the month they open in; None stands for those that run today."""
    today = clock.today()

    def month(fair: Fair) -> dt.date | None:
        if fair.opens_on <= today <= fair.closes_on:
            return None
        return fair.opens_on.replace(day=1)

    return [(key, list(group)) for key, group in groupby(fairs, key=month)]


def _doors(actor: Actor) -> dict[str, Any]:
    """Return which own lists the actor has."""
    organisation = actor.organisation
    organises = organisation is not None and organisation.is_organiser and organisation.is_approved
    return {
        "organises": organises,
        "can_host": rules.can_host(actor),
        "sells": organisation is not None and organisation.is_producer,
        "serves": (actor.is_officer or actor.is_administrator) and actor.has_second_factor,
    }


def _standing(actor: Actor, fair: Fair) -> dict[str, Any]:
    """Return how the actor's organisation stands to this fair."""
    own = selectors.own_participations(actor).filter(fair=fair).first()
    return {
        "own": own if actor.organisation_id is not None else None,
        "is_call_open": fair.is_call_open_on(clock.today()),
        "can_apply": rules.can_apply_to(actor, fair),
    }
