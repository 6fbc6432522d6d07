"""The queue of registers: what waits, page by page, and confirming what is certain at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.web.actor import acting, officer_required
from producers import rules, services, wording
from producers.filters import RegistryEntryFilter
from producers.models import RegistryEntry
from producers.selectors import registry as registers
from producers.views.asking import PAGE_SIZE, officer_of, page_of
from producers.views.registry_side import shown_code

_LONGEST_ID: Final = 18
_LONGEST_KEPT: Final = 100
View = Callable[..., HttpResponseBase]


def reconciler_required(view: View) -> View:
    """Open a view to officers of a province with a second factor; nobody else knows of it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not rules.can_reconcile(acting(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return officer_required(guarded)


@reconciler_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """List entries by what their comparison came to, with the likeliest candidate of each."""
    entries = entries_asked_for(request)
    counts = registers.tab_counts(entries)
    tab = tab_asked_for(request, counts)
    shown = registers.entries_of_tab(entries, tab)
    found = RegistryEntryFilter(request.GET, queryset=shown, request=request)
    page = page_of(request, found.rows)
    lists = registers.lists_visible_to(acting(request)).filter(withdrawn_at=None)
    context = {
        "filter": found,
        "page_obj": page,
        "rows": _rows(list(page.object_list)),
        "chosen": tab,
        "tabs": [(one, wording.TABS[one], counts[one]) for one in _tabs(counts, tab)],
        "lists": lists,
        "chosen_list": number_in(request, "list"),
        "progress": registers.standing_counts(entries),
        "undo_url": _undo_url(request),
        "page_size": PAGE_SIZE,
    }
    return render(request, "producers/registry_queue.html", context)


@reconciler_required
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Link the marked entries to their certain candidates."""
    typed = request.POST.getlist("entry")[:PAGE_SIZE]
    ids = [int(one) for one in typed if _is_id(one)]
    entries = registers.entries_visible_to(acting(request)).filter(pk__in=ids)
    mine = list(entries.values_list("pk", flat=True))
    if not mine:
        messages.error(request, _("Nothing is ticked, so nothing was linked. Tick the rows first."))
        return redirect(_certain_again(request, "list", "q", "page"))
    batch, count = services.confirm_certain(entry_ids=mine, officer_id=officer_of(request))
    again = _certain_again(request, "list", "q")
    if not count:
        messages.warning(request, _("Nothing was linked: these rows were decided meanwhile."))
        return redirect(again)
    words = ngettext("%(count)d entry linked.", "%(count)d entries linked.", count)
    messages.success(request, words % {"count": count})
    return redirect(f"{again}&{urlencode({'done': batch})}")


@reconciler_required
@require_POST
def undo_confirmed(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Take back what one confirmed at once."""
    count = services.undo_confirmed(batch=batch, officer_id=officer_of(request))
    words = ngettext("%(count)d entry waits again.", "%(count)d entries wait again.", count)
    messages.success(request, words % {"count": count})
    return redirect(f"{reverse('producers:registry_queue')}?tab=certain")


def entries_asked_for(request: HttpRequest) -> QuerySet[Any]:
    """Return the entries of the list asked for, else of the newest list of each register."""
    actor, list_id = acting(request), number_in(request, "list")
    entries = registers.entries_visible_to(actor)
    if list_id:
        return entries.filter(list=list_id)
    latest = registers.latest_lists_visible_to(actor).order_by().values("pk")
    return entries.filter(list__in=latest)


def tab_asked_for(request: HttpRequest, counts: dict[str, int] | None = None) -> str:
    """Return the part of the queue asked for, else the first in which something waits."""
    asked = request.GET.get("tab", "")
    if asked in registers.TABS:
        return asked
    waiting = [one for one in registers.TABS if counts and counts[one]]
    return waiting[0] if waiting else registers.TABS[0]


def number_in(request: HttpRequest, name: str) -> int:
    """Return a number of the address, 0 where there is none."""
    typed = request.GET.get(name, "")
    return int(typed) if _is_id(typed) else 0


def _is_id(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_ID


def _tabs(counts: dict[str, int], chosen: str) -> list[str]:
    return [one for one in registers.TABS if one != "pending" or counts[one] or chosen == one]


def _rows(entries: list[RegistryEntry]) -> list[dict[str, Any]]:
    candidates = registers.candidates_of(entries)
    decisions = registers.standing_decisions(entries)
    return [
        {
            "entry": entry,
            "tax_code": shown_code(entry.tax_code),
            "decision": decisions.get(entry.pk),
            "best": best,
            "more": max(0, len(candidates[entry.pk]) - 1),
            "basis": wording.words_of(best.basis, wording.BASIS) if best else [],
            "clashes": wording.words_of(best.clashes, wording.CLASHES) if best else [],
            "flaws": wording.words_of(
                [flaw for flaw in entry.flaws if flaw != "address"], wording.FLAWS
            ),
        }
        for entry in entries
        for best in (next(iter(candidates[entry.pk]), None),)
    ]


def _certain_again(request: HttpRequest, *names: str) -> str:
    """Return the part of the queue the rows were ticked on, narrowed as it was."""
    kept = {name: request.POST.get(name, "")[:_LONGEST_KEPT] for name in names}
    asked = {"tab": "certain", **{name: said for name, said in kept.items() if said}}
    return f"{reverse('producers:registry_queue')}?{urlencode(asked)}"


def _undo_url(request: HttpRequest) -> str:
    try:
        batch = uuid.UUID(request.GET.get("done", "")[:36])
    except ValueError:
        return ""
    decided = registers.decisions_visible_to(acting(request))
    mine = decided.filter(batch=batch, undone_at=None, decided_by=acting(request).user_id)
    return reverse("producers:registry_undo_confirmed", args=[batch]) if mine.exists() else ""
