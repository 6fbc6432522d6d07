"""One entry of a register beside its candidates: the decision, its way back, taking over."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.kernel.errors import DomainError, InvalidInputError
from core.web.actor import acting
from producers import services, wording
from producers.enums import RegistryTake, RegistryVerdict
from producers.forms import VerdictForm
from producers.models import RegistryDecision, RegistryEntry
from producers.selectors import registry as registers
from producers.services.registry_rows import changed_key_fields
from producers.views.asking import attempt, officer_of
from producers.views.registry import (
    entries_asked_for,
    number_in,
    reconciler_required,
    tab_asked_for,
)
from producers.views.registry_side import raw_of, said_of, side_of, sides_of


@reconciler_required
@require_safe
def entry_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an entry beside what it may stand for, or what it was linked to."""
    return _detail(request, _entry(request, pk), VerdictForm())


@reconciler_required
@require_POST
def entry_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what an entry is, and go on to the next one."""
    entry, form = _entry(request, pk), VerdictForm(request.POST)
    if not form.is_valid():
        return _detail(request, entry, form)
    officer_id = officer_of(request)
    decided = attempt(
        form,
        lambda: services.decide_entry(entry_id=pk, said=form.said(), officer_id=officer_id),
    )
    if decided is None:
        return _detail(request, entry, form)
    return redirect(_onwards(request, entry, decided))


@reconciler_required
@require_POST
def decision_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back."""
    decision = get_object_or_404(registers.decisions_visible_to(acting(request)), pk=pk)
    services.undo_decision(decision_id=pk, officer_id=officer_of(request))
    messages.success(request, _("Taken back. The entry waits for a decision again."))
    return redirect("producers:registry_entry", decision.entry_id)


@reconciler_required
@require_POST
def entry_take(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Hand in one value of a linked entry as a claim of the producer."""
    if kind not in RegistryTake.values:
        raise Http404
    entry = _entry(request, pk)
    decision = registers.standing_decision(entry.pk)
    if decision is None:
        raise Http404
    try:
        taken = services.take_over(
            decision_id=decision.pk, kind=RegistryTake(kind), officer_id=officer_of(request)
        )
    except InvalidInputError as error:
        said = [one for errors in error.field_errors.values() for one in errors]
        messages.error(request, " ".join(dict.fromkeys(said)) or str(error))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        words = _("%(paper)s now waits on the desk for papers, like any other claim.")
        messages.success(request, words % {"paper": taken.paper})
    return redirect("producers:registry_entry", pk)


def _entry(request: HttpRequest, pk: int) -> RegistryEntry:
    found: RegistryEntry = get_object_or_404(registers.entries_visible_to(acting(request)), pk=pk)
    return found


def _detail(request: HttpRequest, entry: RegistryEntry, form: VerdictForm) -> HttpResponse:
    decision = registers.standing_decision(entry.pk)
    tab = registers.tab_of(entry.outlook, decision.verdict if decision else None)
    earlier = registers.earlier_entry(entry)
    following = registers.next_entry(entries_asked_for(request), tab=tab, after=entry)
    context = {
        "entry": entry,
        "said": said_of(entry),
        "raw": raw_of(entry),
        "flaws": wording.words_of(entry.flaws, wording.FLAWS),
        "form": form,
        "decision": decision,
        "tab": tab,
        "tab_label": wording.TABS[tab],
        "earlier": earlier,
        "changed": _changed(entry, earlier),
        "history": registers.decision_history(entry.pk)[:20],
        "next": following,
        "query": _query(request),
        "chosen_list": number_in(request, "list"),
        "done": _just_done(request),
    }
    return render(request, "producers/registry_entry.html", context | _sides(entry, decision))


def _sides(entry: RegistryEntry, decision: RegistryDecision | None) -> dict[str, Any]:
    """Return the candidates of an open entry; of a linked one what it is, and what to take."""
    if decision is None:
        candidates = registers.candidates_of([entry]).get(entry.pk, [])
        return {"sides": sides_of(entry, candidates)}
    taken = decision.takeovers.select_related("paper").order_by("pk")
    if decision.organisation is None:
        return {"taken": taken}
    return {
        "linked": side_of(entry, decision.organisation, decision.product),
        "takes": services.open_takes(decision),
        "taken": taken,
    }


def _changed(entry: RegistryEntry, earlier: RegistryEntry | None) -> list[wording.Words]:
    if earlier is None:
        return []
    names = [name.removesuffix("_folded") for name in changed_key_fields(entry, earlier)]
    return wording.words_of(names, wording.FIELDS)


def _just_done(request: HttpRequest) -> RegistryDecision | None:
    """Return what one decided on the page before, to offer the way back."""
    decided = registers.decisions_visible_to(acting(request))
    return decided.filter(
        pk=number_in(request, "done"), undone_at=None, decided_by=acting(request).user_id
    ).first()


def _onwards(request: HttpRequest, entry: RegistryEntry, decided: RegistryDecision) -> str:
    """Return the next entry that waits in the same part of the queue, with the way back.

    A linked entry with something to take over stays on the screen.
    """
    asked = {"list": number_in(request, "list") or "", "done": decided.pk}
    if decided.verdict == RegistryVerdict.SAME and services.open_takes(decided):
        return f"{reverse('producers:registry_entry', args=[entry.pk])}?{urlencode(asked)}"
    tab = tab_asked_for(request)
    following = registers.next_entry(entries_asked_for(request), tab=tab, after=entry)
    asked |= {"tab": tab}
    if following is None:
        return f"{reverse('producers:registry_queue')}?{urlencode(asked)}"
    return f"{reverse('producers:registry_entry', args=[following.pk])}?{urlencode(asked)}"


def _query(request: HttpRequest) -> str:
    list_id = number_in(request, "list")
    return urlencode({"tab": tab_asked_for(request), **({"list": list_id} if list_id else {})})
