"""Pages on which a buyer posts and keeps its requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buyers import rules, selectors, services
from buyers.enums import RequestStatus
from buyers.filters import OwnRequestFilter
from buyers.forms import AmountsForm, RepeatForm, RequestForm
from buyers.forms.requests import suggestions
from buyers.models import DemandRequest
from core.accounts.models import Organisation
from core.kernel.errors import DomainError, InvalidInputError, NotAllowedError
from core.web.actor import acting, buyer_required

PER_PAGE: Final = 20


@require_safe
@buyer_required
def request_list(request: HttpRequest) -> HttpResponse:
    """List the organisation's own requests."""
    actor = acting(request)
    own = selectors.with_words(selectors.own_requests(actor)).order_by("-pk")
    wanted = OwnRequestFilter(request.GET, queryset=own)
    page = Paginator(wanted.rows, PER_PAGE).get_page(request.GET.get("page"))
    counts = selectors.counts_by_status(actor)
    context = {
        "page_obj": page,
        "filter": wanted,
        "states": [(value, label, counts.get(value, 0)) for value, label in RequestStatus.choices],
        "chosen": request.GET.get("status", ""),
        "total": sum(counts.values()),
        "can_prepare": rules.can_prepare(actor),
    }
    return render(request, "buyers/request_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def request_create(request: HttpRequest) -> HttpResponse:
    """Post a request: one page, published or kept as a draft."""
    organisation = _preparing(request)
    profile = request.GET.get("profile", "")[:18]
    profile_id = int(profile) if profile.isascii() and profile.isdigit() else None
    usual = selectors.profile_for_request(acting(request), profile_id=profile_id)
    form = RequestForm(request.POST or None, organisation=organisation, usual=usual)
    if request.method == "POST" and form.is_valid():
        group = services.register_buyer_group(organisation_id=organisation.pk)
        saved = _saved(
            form, lambda: services.save_request_draft(group_id=group.pk, terms=form.terms())
        )
        if saved is not None:
            return _after_saving(request, form, saved)
    return _form_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def request_edit(request: HttpRequest, request_id: int) -> HttpResponse:
    """Revise a draft or an open request."""
    organisation = _preparing(request)
    stored = _own(request, request_id)
    if stored.status not in {RequestStatus.DRAFT, RequestStatus.PUBLISHED}:
        messages.info(request, _("This request is closed. Reopen it, copy it or repeat it."))
        return redirect("buyers:request_detail", stored.pk)
    form = RequestForm(request.POST or None, organisation=organisation, stored=stored)
    if request.method == "POST" and form.is_valid():
        saved = _saved(
            form,
            lambda: services.revise_demand_request(request_id=stored.pk, terms=form.terms()),
        )
        if saved is not None:
            return _after_saving(request, form, saved)
    return _form_page(request, form)


@require_safe
@buyer_required
def request_detail(request: HttpRequest, request_id: int) -> HttpResponse:
    """Show one own request with its history."""
    actor = acting(request)
    stored = _own(request, request_id)
    context = {
        "demand": stored,
        "reckoning": services.reckoning_of(stored),
        "outlets": stored.outlets.select_related("banner", "province", "commune"),
        "entries": selectors.history_of(stored),
        "can_prepare": rules.can_prepare(actor),
        "can_publish": rules.can_publish(actor),
        "is_own": True,
    }
    return render(request, "buyers/request_detail.html", context)


@require_POST
@buyer_required
def request_publish(request: HttpRequest, request_id: int) -> HttpResponse:
    """Put a draft on the market."""
    _preparing(request)
    stored = _own(request, request_id)
    _publish(request, stored)
    return redirect("buyers:request_detail", stored.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def request_close(request: HttpRequest, request_id: int) -> HttpResponse:
    """Take a request off the market, after asking."""
    _preparing(request)
    stored = _own(request, request_id)
    if request.method == "POST":
        services.close_demand_request(request_id=stored.pk)
        messages.success(request, _("The request is closed. You can reopen it at any time."))
        return redirect("buyers:request_detail", stored.pk)
    context = {
        "title": _("Close “%(words)s”?") % {"words": stored.words},
        "text": _("Producers no longer see it and its matches end. You can reopen it later."),
        "action": _("Close the request"),
        "cancel_url": reverse("buyers:request_detail", args=[stored.pk]),
    }
    return render(request, "components/confirm_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def request_reopen(request: HttpRequest, request_id: int) -> HttpResponse:
    """Put a closed request back on the market, after asking."""
    _preparing(request)
    stored = _own(request, request_id)
    if request.method == "POST":
        services.reopen_demand_request(request_id=stored.pk)
        messages.success(request, _("The request is open again. We are looking for matches."))
        return redirect("buyers:request_detail", stored.pk)
    context = {
        "title": _("Reopen “%(words)s”?") % {"words": stored.words},
        "text": _("Producers see it again, and matching starts at once."),
        "action": _("Reopen the request"),
        "cancel_url": reverse("buyers:request_detail", args=[stored.pk]),
    }
    return render(request, "components/confirm_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def request_discard(request: HttpRequest, request_id: int) -> HttpResponse:
    """Delete a draft, after asking."""
    _preparing(request)
    stored = _own(request, request_id)
    if request.method == "POST":
        services.discard_request_draft(request_id=stored.pk)
        messages.success(request, _("The draft is gone."))
        return redirect("buyers:request_list")
    context = {
        "title": _("Discard the draft “%(words)s”?") % {"words": stored.words},
        "text": _("It is deleted for good. Nobody but your organisation has seen it."),
        "action": _("Discard the draft"),
        "cancel_url": reverse("buyers:request_detail", args=[stored.pk]),
        "danger": True,
    }
    return render(request, "components/confirm_page.html", context)


@require_POST
@buyer_required
def request_copy(request: HttpRequest, request_id: int) -> HttpResponse:
    """Make a draft that asks for the same."""
    _preparing(request)
    draft = services.copy_request(request_id=_own(request, request_id).pk)
    messages.success(request, _("This is the copy, still a draft. Change it, or publish it as is."))
    return redirect("buyers:request_detail", draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def request_repeat(request: HttpRequest, request_id: int) -> HttpResponse:
    """Make a draft for the next period."""
    _preparing(request)
    stored = _own(request, request_id)
    form = RepeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        draft = services.repeat_request(request_id=stored.pk, after=form.cleaned_data["after"])
        messages.success(
            request, _("The same again for the next period, still a draft. Publish it as is.")
        )
        return redirect("buyers:request_detail", draft.pk)
    context = {
        "title": _("Repeat “%(words)s”") % {"words": stored.words},
        "text": _("Everything stays the same; only the days move on."),
        "action": _("Make the draft"),
        "form": form,
        "cancel_url": reverse("buyers:request_detail", args=[stored.pk]),
    }
    return render(request, "components/confirm_page.html", context)


@require_safe
@buyer_required
def category_choices(request: HttpRequest) -> HttpResponse:
    """Answer the categories that words may mean, while they are typed."""
    words = request.GET.get("words", "")
    context = {
        "found": suggestions(words),
        "asked": bool(words.strip()),
        "chosen": request.GET.get("category", ""),
    }
    return render(request, "buyers/_category_choices.html", context)


@require_safe
@buyer_required
def request_total(request: HttpRequest) -> HttpResponse:
    """Answer what the typed amounts come to over the whole window."""
    form = AmountsForm(request.GET)
    context = {"reckoning": form.reckoning(), "form": form}
    return render(request, "buyers/_request_total.html", context)


def _own(request: HttpRequest, request_id: int) -> DemandRequest:
    requests = selectors.with_words(selectors.own_requests(acting(request)))
    return get_object_or_404(requests, pk=request_id)


def _preparing(request: HttpRequest) -> Organisation:
    """Return the organisation acted for, or refuse those who only look on."""
    actor = acting(request)
    if actor.organisation is None or not rules.can_prepare(actor):
        raise NotAllowedError(
            _("You can look at requests, not change them. Ask an owner for the editor's role.")
        )
    return actor.organisation


def _saved(form: RequestForm, save: Callable[[], DemandRequest]) -> DemandRequest | None:
    """Run the service; what it refuses is shown in the form."""
    try:
        return save()
    except InvalidInputError as error:
        form.refuse(error)
        return None


def _after_saving(request: HttpRequest, form: RequestForm, saved: DemandRequest) -> HttpResponse:
    if understood := form.understood():
        messages.info(request, understood)
    if form.is_filed_by_name:
        sentence = _("Filed under “%(category)s”. Change it if you mean something else.")
        messages.info(request, sentence % {"category": saved.category})
    if saved.status == RequestStatus.DRAFT and "publish" in request.POST:
        _publish(request, saved)
    elif saved.status == RequestStatus.DRAFT:
        messages.success(request, _("The draft is saved. Only your organisation sees it."))
    else:
        messages.success(request, _("The change is saved and being matched."))
    return redirect("buyers:request_detail", saved.pk)


def _publish(request: HttpRequest, stored: DemandRequest) -> None:
    try:
        services.publish_demand_request(request_id=stored.pk)
    except InvalidInputError as error:
        reasons = " ".join(s for found in error.field_errors.values() for s in found)
        messages.error(request, _("Not published: %(why)s") % {"why": reasons})
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Published. Offers that fit appear under Matches in a minute."))


def _form_page(request: HttpRequest, form: RequestForm) -> HttpResponse:
    actor = acting(request)
    reckoning = form.reckoning()
    if reckoning is None and form.stored and not form.is_bound:
        reckoning = services.reckoning_of(form.stored)
    context = {
        "form": form,
        "stored": form.stored,
        "reckoning": reckoning,
        "can_publish": rules.can_publish(actor),
        "has_outlets": selectors.outlets_of(actor.organisation_id).exists(),
    }
    return render(request, "buyers/request_form.html", context)
