"""Pages of readiness: a producer's products, a chain's suppliers, a province's blockers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from buyers import rules as buyer_rules
from buyers import selectors as buyers
from buyers import services as buyer_services
from core.accounts.actors import Actor
from core.web.actor import acting, buyer_required, officer_required, producer_required
from matchmaking import selectors, wording
from matchmaking.engine import readiness
from matchmaking.selectors import Blocker, Readiness
from producers import selectors as producers
from producers.enums import PaperStatus

ROWS_PER_PAGE: Final = 20
SHOWN_DROP_OUTS: Final = 50
SHOWN_BLOCKERS: Final = 6


@require_GET
@producer_required
def own_products(request: HttpRequest) -> HttpResponse:
    """Show every own product beside every chain that asks for its kind."""
    actor = acting(request)
    found = selectors.own_readiness(actor)
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    first = selectors.first_of(found)
    context = {
        "page_obj": page,
        "rows": [_product_row(one) for one in page.object_list],
        "first": _product_row(first) if first else None,
        "product_count": len(found),
        "ready_count": sum(len(one.ready) for one in found),
        "pair_count": sum(len(one.cells) for one in found),
        "is_approved": actor.organisation is not None and actor.organisation.is_approved,
    }
    return render(request, "matchmaking/readiness.html", context)


@require_GET
@producer_required
def product_detail(request: HttpRequest, product_id: int) -> HttpResponse:
    """Show what one own product lacks, what closing it takes, and what it opens."""
    actor = acting(request)
    found = selectors.product_readiness(actor, product_id=product_id)
    if found is None:
        raise Http404
    line = wording.headline(found)
    signals = selectors.signals_of(actor, product_id=product_id)
    lost = selectors.lost_over(found, signals, requests=selectors.wanted_by(signals))
    by_buyer: dict[str, int] = {}
    for one in signals:
        by_buyer[one.buyer_name] = by_buyer.get(one.buyer_name, 0) | lost[one.match_id]
    lines = wording.gap_lines(found, papers=_papers_by_kind(found), lost=by_buyer)
    context = {
        "item": found.item,
        "line": line,
        "sentence": wording.headline_sentence(line) if line else "",
        "lines": [(one, wording.cost(one.effort)) for one in lines],
        "has_later": any(not one.is_next for one in lines),
        "cells": [_cell(cell) for cell in found.cells],
        "all_days": max((one.days for one in lines), default=0),
        "all_demand": _all_demand(found),
        "signals": [(one, ", ".join(wording.named_papers(one.missing))) for one in signals],
        "is_approved": actor.organisation is not None and actor.organisation.is_approved,
    }
    return render(request, "matchmaking/readiness_product.html", context)


@require_GET
@buyer_required
def supplier_list(request: HttpRequest) -> HttpResponse:
    """Show a chain which products are ready for it, and which nearly are."""
    actor = acting(request)
    has_profile = any(one.group_id == actor.organisation_id for one in buyers.published_profiles())
    found = selectors.suppliers_of(actor)
    ready = [one for one in found if one.cell.is_ready]
    nearly = [one for one in found if not one.cell.is_ready]
    close = [one for one in nearly if one.cell.gaps.bit_count() == 1]
    often = Counter(one.cell.gaps for one in close).most_common(1)
    is_ready_shown = request.GET.get("show") == "ready"
    page = Paginator(ready if is_ready_shown else nearly, ROWS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page_obj": page,
        "rows": [
            {
                "supplier": one,
                "chain": wording.chain_name(one.cell),
                "gaps": wording.gap_names(one.cell.gaps, profile=one.cell.profile),
                "wanted": wording.amounts(selectors.demand_of(one.cell.wanted)),
            }
            for one in page.object_list
        ],
        "ready_count": len(ready),
        "nearly_count": len(nearly),
        "close_count": len(close),
        "often": [(wording.gap_name(*readiness.codes_of(gap)), many) for gap, many in often],
        "has_several_chains": len({one.cell.chain.key for one in found}) > 1,
        "is_ready_shown": is_ready_shown,
        "has_profile": has_profile,
        "can_prepare": buyer_rules.can_prepare(actor),
    }
    return render(request, "matchmaking/suppliers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def profile_publish(request: HttpRequest, profile_id: int) -> HttpResponse:
    """Show who would drop out if a draft held, then let it hold."""
    actor = acting(request)
    own = buyers.profiles_of(actor)
    profile = get_object_or_404(own, pk=profile_id)
    if not buyer_rules.can_prepare(actor):
        raise Http404
    if profile.status != "draft":
        return redirect("buyers:profile_detail", profile.pk)
    (draft,) = buyers.profile_facts(own.filter(pk=profile.pk))
    if request.method == "POST":
        if not buyer_rules.can_publish(actor):
            messages.error(request, _("You can publish once your organisation is approved."))
            return redirect("buyers:profile_detail", profile.pk)
        buyer_services.publish_profile(profile_id=profile.pk, user_id=actor.user_id)
        messages.success(request, _("Published. Producers see from now on what you ask for."))
        return redirect("buyers:profile_detail", profile.pk)
    change = selectors.change_by(draft)
    context = {
        "profile": profile,
        "change": change,
        "rows": [
            {"one": one, "gaps": wording.gap_names(one.gaps, profile=draft)}
            for one in change.dropped[:SHOWN_DROP_OUTS]
        ],
        "dropped_count": len(change.dropped),
        "in_talks": sum(one.matches > 0 for one in change.dropped),
        "can_publish": buyer_rules.can_publish(actor),
    }
    return render(request, "matchmaking/profile_publish.html", context)


@require_GET
@officer_required
def officer_blockers(request: HttpRequest) -> HttpResponse:
    """Show an officer which missing papers keep most demand away, by commune and category."""
    actor = acting(request)
    is_all_shown = request.GET.get("show") == "all"
    every = selectors.blockers_of(actor)
    found = [one for one in every if is_all_shown or wording.is_paper(one.code)]
    communes = sorted({one.commune for one in found if one.commune})
    commune = request.GET.get("commune", "")
    shown = [one for one in found if commune in {"", one.commune}]
    page = Paginator(shown, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    papers = _by_paper(shown)[:SHOWN_BLOCKERS]
    context = {
        "papers": papers,
        "worst": papers[0] if papers else None,
        "waiting": _waiting_on_desk(actor, papers[0]) if papers else 0,
        "is_all_shown": is_all_shown,
        "is_anything_blocked": bool(every),
        "rows": [_blocker_row(one) for one in page.object_list],
        "page_obj": page,
        "communes": communes,
        "commune": commune if commune in communes else "",
    }
    return render(request, "matchmaking/blockers.html", context)


def _product_row(one: Readiness) -> dict[str, Any]:
    line = wording.headline(one)
    return {
        "item": one.item,
        "cells": [_cell(cell) for cell in one.cells],
        "ready": len(one.ready),
        "sentence": wording.headline_sentence(line) if line else "",
        "papers": line.papers if line else (),
        "gap_count": len(set().union(*(readiness.codes_of(cell.gaps) for cell in one.cells))),
    }


def _cell(cell: selectors.Cell) -> dict[str, Any]:
    return {
        "cell": cell,
        "name": wording.chain_name(cell),
        "gaps": wording.gap_names(cell.gaps, profile=cell.profile),
        "welcome": wording.gap_names(cell.welcome, profile=cell.profile),
        "wanted": wording.amounts(selectors.demand_of(cell.wanted)),
        "terms": wording.terms(cell.profile),
        "is_verified": cell.profile.is_verified,
    }


def _papers_by_kind(found: Readiness) -> dict[str, Any]:
    """Return the newest paper of each kind that is the producer's or the product's."""
    of_product = {None, found.item.product_id}
    papers = producers.papers_of(found.item.producer_id)
    return {one.kind: one for one in papers.order_by("pk") if one.product_id in of_product}


def _all_demand(found: Readiness) -> str:
    mask = 0
    for cell in found.cells:
        mask |= cell.gaps
    return wording.amounts(selectors.demand_of(selectors.opened_by(found, closing=mask)))


def _waiting_on_desk(actor: Actor, row: dict[str, Any]) -> int:
    """Return how many papers of the worst kind wait for an officer: the nearest remedy."""
    kind = wording.paper_kind(row["one"].code)
    return producers.papers_on_desk(actor, status=PaperStatus.SUBMITTED).filter(kind=kind).count()


def _by_paper(found: Iterable[Blocker]) -> list[dict[str, Any]]:
    """Return the papers over all communes and categories, most demand first."""
    sums: dict[str, Blocker] = {}
    for one in found:
        total = sums.setdefault(one.code, Blocker(code=one.code, commune="", category=""))
        total.products |= one.products
        total.producers |= one.producers
        total.alone |= one.alone
        total.together |= one.together
        total.refused |= one.refused
    return [_blocker_row(one) for one in sorted(sums.values(), key=selectors.blocked_most)]


def _blocker_row(one: Blocker) -> dict[str, Any]:
    return {
        "one": one,
        "name": wording.gap_name(one.code),
        "products": len(one.products),
        "producers": len(one.producers),
        "alone": wording.amounts(selectors.demand_of(one.alone.values())),
        "together": wording.amounts(selectors.demand_of(one.together.values())),
        "value": wording.about_vnd(selectors.value_of(one.together.values())),
        "requests": len(one.together),
        "refused": len(one.refused),
        "effort": selectors.effort_of(one.code),
    }
