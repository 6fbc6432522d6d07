"""Pages of matches: the list, one match with its reasons, the answers, and "why not"."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.web.actor import acting, member_required
from matchmaking import rules, selectors, wording
from matchmaking.engine.exposure import Move
from matchmaking.enums import Channel, DeclineReason, MatchStatus, ShownBy, Side, Verdict
from matchmaking.filters import STATES, MatchFilter
from matchmaking.forms import BuyerDeclineForm, DeclineForm, OneSideForm, PairForm
from matchmaking.models import FULL_SCORE, Decision, Match
from matchmaking.services import decisions
from matchmaking.services.exposure import note_shown
from matchmaking.views.dossiers import shared_with_buyer

ROWS_PER_PAGE = 20


@require_GET
@member_required
def match_list(request: HttpRequest) -> HttpResponse:
    """List the organisation's matches."""
    actor = acting(request)
    filtered = MatchFilter(request.GET, queryset=selectors.listed(actor), request=request)
    placed = selectors.placed_for(actor)
    found = selectors.best_first(filtered.rows, placed=placed)
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    matches = list(page.object_list)
    moves = {} if filtered.found else placed.moves(match.pk for match in matches)
    note_shown(
        matches,
        organisation_id=actor.organisation_id,
        channel=ShownBy.PORTAL,
        first_place=page.start_index(),
    )
    context = {
        "page": page,
        "rows": [_row(one, actor.organisation_id, move=moves.get(one.pk)) for one in matches],
        "filter": filtered,
        "states": [(code, label) for code, label in STATES if code != MatchStatus.ENDED],
        "state": request.GET.get("state", ""),
        "waiting": selectors.waiting_for(actor).count(),
        "most_moved": placed.points * 100 / FULL_SCORE,
    }
    return render(request, "matchmaking/match_list.html", context)


def _row(match: Match, organisation_id: int | None, *, move: Move | None) -> dict[str, Any]:
    side = selectors.side_of(match, organisation_id)
    other = match.group if side == Side.PRODUCER else match.producer
    return {
        "match": match,
        "side": side,
        "other": other.organisation,
        "said": match.verdict_of(side) if side else Verdict.PENDING,
        "share": match.share,
        "move": move,
        "unit": wording.base_unit(str(match.supply["dimension"])),
        "reasons": wording.short_refusals(match.refusals),
    }


@require_GET
@member_required
@never_cache
def match_detail(request: HttpRequest, match_id: int) -> HttpResponse:
    """Show one match with its reasons."""
    match = _mine(request, match_id)
    return render(request, "matchmaking/match_detail.html", _detail(request, match))


@require_POST
@member_required
def accept(request: HttpRequest, match_id: int) -> HttpResponse:
    """Accept a match."""
    match = _mine(request, match_id)
    _must(rules.can_answer(acting(request), match))
    match = decisions.accept_match(match_id=match.pk, voice=_voice(request, match))
    messages.success(request, _said_yes(match))
    return redirect("matchmaking:match_detail", match_id=match.pk)


@require_http_methods(["GET", "POST"])
@member_required
def decline(request: HttpRequest, match_id: int) -> HttpResponse:
    """Decline a match, with a reason."""
    match = _mine(request, match_id)
    _must(rules.can_answer(acting(request), match))
    form = _decline_form(request.POST or None, match, side=_voice(request, match).side)
    if form.is_valid():
        decisions.decline_match(match_id=match.pk, voice=_voice(request, match), **_reason(form))
        messages.success(request, _("You declined. You can take this back on this page."))
        return redirect("matchmaking:match_detail", match_id=match.pk)
    context = {**_detail(request, match), "form": form}
    return render(request, "matchmaking/match_decline.html", context)


@require_POST
@member_required
def take_back(request: HttpRequest, match_id: int) -> HttpResponse:
    """Undo the organisation's own answer."""
    match = _mine(request, match_id)
    _must(rules.can_take_back(acting(request), match))
    decisions.take_back_decision(match_id=match.pk, voice=_voice(request, match))
    messages.success(request, _("Your answer was taken back. The match is open again."))
    return redirect("matchmaking:match_detail", match_id=match.pk)


@require_GET
@member_required
def why(request: HttpRequest) -> HttpResponse:
    """Explain any pair in which the actor owns one side and may see the other."""
    form = PairForm(request.GET)
    if not form.is_valid():
        raise Http404
    pair = selectors.pair_for(
        acting(request),
        offer_id=form.cleaned_data["offer"],
        request_id=form.cleaned_data["request"],
    )
    if pair is None:
        raise Http404
    context = {
        "pair": pair,
        "score": pair.explanation.score / FULL_SCORE,
        "parts": wording.part_lines(pair.explanation, dimension=pair.dimension),
        "gains": wording.gain_lines(pair.explanation),
        "refusals": wording.refusal_lines(pair.explanation, dimension=pair.dimension),
    }
    return render(request, "matchmaking/why.html", context)


@require_GET
@member_required
def check(request: HttpRequest) -> HttpResponse:
    """Hold one offer or request against the other side: what fits, and what comes close."""
    form = OneSideForm(request.GET)
    if not form.is_valid():
        raise Http404
    actor = acting(request)
    if form.cleaned_data["offer"]:
        pairs = selectors.pairs_of_offer(actor, offer_id=form.cleaned_data["offer"])
    else:
        pairs = selectors.pairs_of_request(actor, request_id=form.cleaned_data["request"])
    if pairs is None:
        raise Http404
    rows = [
        {
            "pair": pair,
            "share": pair.explanation.score / FULL_SCORE,
            "refusals": wording.refusal_lines(pair.explanation, dimension=pair.dimension),
        }
        for pair in pairs
    ]
    context = {"rows": rows, "lead": _compared(rows)}
    return render(request, "matchmaking/check.html", context)


def _compared(rows: list[dict[str, Any]]) -> str:
    fitting = sum(not row["refusals"] for row in rows)
    return _("%(fitting)d of %(all)d fit today; the others say what would make them fit.") % {
        "fitting": fitting,
        "all": len(rows),
    }


@require_http_methods(["GET", "POST"])
@never_cache
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Answer by the link of a mail, without signing in.

    GET only shows the question: mail scanners open links. Contact data never shows here, since
    a forwarded mail must not give it away.
    """
    link = selectors.mail_link(token)
    if link is None:
        return render(request, "matchmaking/link_ended.html", status=410)
    declines = request.POST if request.POST.get("answer") == "decline" else None
    form = _decline_form(declines, link.match, side=link.side)
    if request.method == "POST" and link.is_open:
        if request.POST.get("answer") == "accept":
            decisions.accept_match(match_id=link.match.pk, voice=_link_voice(link))
            return redirect(request.path)
        if form.is_valid():
            decisions.decline_match(
                match_id=link.match.pk, voice=_link_voice(link), **_reason(form)
            )
            return redirect(request.path)
    context = {**_facts(link.match, link.side), "link": link, "form": form}
    return render(request, "matchmaking/answer.html", context)


def _mine(request: HttpRequest, match_id: int) -> Match:
    visible = selectors.visible_to(acting(request))
    return get_object_or_404(
        selectors.with_parties().filter(pk__in=visible.values("pk")), pk=match_id
    )


def _must(allowed: bool) -> None:  # noqa: FBT001 -- reads as a sentence
    if not allowed:
        raise Http404


def _detail(request: HttpRequest, match: Match) -> dict[str, Any]:
    actor = acting(request)
    side = selectors.side_of(match, actor.organisation_id)
    if side is None:
        raise Http404
    return {
        **_facts(match, side),
        "shared": shared_with_buyer(match) if side == Side.BUYER else None,
        "contact": selectors.contact_of(match, selectors.other_side(side)),
        "can_answer": rules.can_answer(actor, match),
        "can_take_back": rules.can_take_back(actor, match),
        "history": [(said, _named(said)) for said in selectors.history_of(match)],
    }


def _facts(match: Match, side: Side) -> dict[str, Any]:
    explanation = selectors.explanation_of(match)
    dimension = str(match.supply["dimension"])
    other = match.group if side == Side.PRODUCER else match.producer
    return {
        "match": match,
        "is_producer": side == Side.PRODUCER,
        "other": other.organisation,
        "my_verdict": match.verdict_of(side),
        "other_verdict": match.verdict_of(selectors.other_side(side)),
        "score": match.share,
        "unit": wording.base_unit(dimension),
        "rhythm": selectors.rhythm_of(match),
        "parts": wording.part_lines(explanation, dimension=dimension),
        "gains": wording.gain_lines(explanation),
        "refusals": wording.refusal_lines(explanation, dimension=dimension),
        "short_refusals": wording.short_refusals(match.refusals),
    }


def _voice(request: HttpRequest, match: Match) -> decisions.Voice:
    actor = acting(request)
    side = selectors.side_of(match, actor.organisation_id)
    if side is None:
        raise Http404
    return decisions.Voice(side=side, channel=Channel.PORTAL, user_id=actor.user_id)


def _link_voice(link: selectors.MailLink) -> decisions.Voice:
    return decisions.Voice(side=link.side, channel=Channel.MAIL_LINK, user_id=link.user_id)


def _decline_form(data: QueryDict | None, match: Match, *, side: Side) -> DeclineForm:
    """Return the form of a side; a buyer's asks which papers are missing."""
    if side == Side.PRODUCER:
        return DeclineForm(data)
    return BuyerDeclineForm(data, papers=wording.paper_choices(selectors.nameable(match)))


def _reason(form: DeclineForm) -> dict[str, Any]:
    return {
        "reason": DeclineReason(form.cleaned_data["reason"]),
        "comment": form.cleaned_data["comment"],
        "missing": form.cleaned_data.get("missing", []),
    }


def _named(said: Decision) -> str:
    return ", ".join(wording.named_papers(said.missing))


def _said_yes(match: Match) -> str:
    if match.status == MatchStatus.AGREED:
        return _("Both sides have accepted. The contact data is open now.")
    return _("You accepted. As soon as the other side accepts too, you both see the contact data.")
