"""The registers of a province: their lists, what changed between two, what they say together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from core.web.actor import acting
from producers import rules, services, wording
from producers.models import RegistryList
from producers.selectors import registry as registers
from producers.selectors.registry_changes import MOST_SHOWN, Changed, changes_of
from producers.selectors.registry_coverage import MOST_SHOWN as MOST_CONFLICTS
from producers.selectors.registry_coverage import coverage_of
from producers.views.asking import page_of
from producers.views.registry import reconciler_required
from producers.views.registry_side import shown_code


@dataclass(frozen=True, slots=True)
class Step:
    """What may be done with a whole list, asked for on a page of its own."""

    service: Callable[..., object]
    title: Promise
    text: Promise
    action: Promise
    done: Promise


STEPS: Final = {
    "compare": Step(
        services.compare_again,
        _("Compare %(list)s again?"),
        _(
            "Every entry without a decision is compared with the portal of today. What was"
            " decided stays."
        ),
        _("Compare again"),
        _("The entries are being compared. Large lists take a minute."),
    ),
    "withdraw": Step(
        services.withdraw_list,
        _("Take %(list)s back?"),
        _("It counts nowhere any more. Its rows and decisions stay on record; you can restore it."),
        _("Take the list back"),
        _("Taken back. The list before it counts again."),
    ),
    "restore": Step(
        services.restore_list,
        _("Restore %(list)s?"),
        _("It counts again, with everything that was decided about it."),
        _("Restore the list"),
        _("Restored."),
    ),
}


@reconciler_required
@require_safe
def registry_home(request: HttpRequest) -> HttpResponse:
    """Show the newest list of each register and how far it is reconciled, older ones below."""
    actor = acting(request)
    entries = registers.entries_visible_to(actor)
    newest = list(registers.latest_lists_visible_to(actor))
    latest = [
        {"list": one, "progress": registers.standing_counts(entries.filter(list=one))}
        for one in newest
    ]
    older = registers.lists_visible_to(actor).exclude(pk__in=[one.pk for one in newest])
    context = {
        "latest": latest,
        "page_obj": page_of(request, older),
        "import_url": reverse("imports:import_list"),
    }
    return render(request, "producers/registry_home.html", context)


@reconciler_required
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Show what the newest lists say together: every total is counted from rows."""
    found = coverage_of(list(registers.latest_lists_visible_to(acting(request))))
    context = {"coverage": found, "most": f":{MOST_CONFLICTS}"}
    return render(request, "producers/registry_coverage.html", context)


@reconciler_required
@require_safe
def list_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where a list comes from and what it says otherwise than the one before."""
    found = _list(request, pk)
    changes = changes_of(found)
    entries = registers.entries_visible_to(acting(request)).filter(list=found)
    context = {
        "list": found,
        "progress": registers.standing_counts(entries),
        "changes": changes,
        "changed": [_worded(one) for one in changes.changed[:MOST_SHOWN]] if changes else [],
        "list_id": str(pk),
        "most_shown": MOST_SHOWN,
        "most": f":{MOST_SHOWN}",
    }
    return render(request, "producers/registry_list.html", context)


@reconciler_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_change(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Ask, then compare a list again, take it back or restore it."""
    if step not in STEPS:
        raise Http404
    chosen, found = STEPS[step], _list(request, pk)
    if request.method == "POST":
        chosen.service(list_id=pk)
        messages.success(request, str(chosen.done))
        return redirect("producers:registry_list", pk)
    context = {
        "title": str(chosen.title) % {"list": found},
        "text": chosen.text,
        "action": chosen.action,
        "cancel_url": reverse("producers:registry_list", args=[pk]),
        "danger": step == "withdraw",
    }
    return render(request, "components/confirm_page.html", context)


def _list(request: HttpRequest, pk: int) -> RegistryList:
    found = get_object_or_404(registers.lists_visible_to(acting(request)), pk=pk)
    if not rules.can_decide_on_list(acting(request), found):
        raise PermissionDenied
    return found


def _worded(one: Changed) -> dict[str, object]:
    fields = [
        (wording.FIELDS.get(name, name), shown(old), shown(new))
        for name, old, new in one.fields
        for shown in (shown_code if name == "tax_code" else str,)
    ]
    return {"entry": one.now, "fields": fields}
