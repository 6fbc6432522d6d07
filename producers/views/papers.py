"""The pages of one's own papers, and the door to their scans."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.kernel import clock
from core.vault.models import Document
from core.vault.views import answers
from core.web.actor import acting, producer_required
from producers import rules, selectors, services
from producers.enums import PaperKind
from producers.filters import PaperFilter
from producers.forms import PaperForm
from producers.forms.base import remind_of_files
from producers.models import Paper
from producers.views.asking import attempt, page_of, seller, seller_required


@producer_required
@require_safe
def paper_list(request: HttpRequest) -> HttpResponse:
    """List one's own papers with status and validity."""
    today = clock.today()
    papers = selectors.papers_of(seller(request).pk)
    found = PaperFilter(request.GET, queryset=papers, request=request)
    context = {
        "filter": found,
        "page_obj": page_of(request, found.rows),
        "today": today,
        "soon": today + dt.timedelta(days=selectors.EXPIRING_WITHIN_DAYS),
        "can_edit": rules.can_sell(acting(request)),
    }
    return render(request, "producers/paper_list.html", context)


@seller_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper_create(request: HttpRequest) -> HttpResponse:
    """Hand in a paper: first its kind, then the fields that matter for it."""
    try:
        kind = PaperKind(request.GET.get("kind", ""))
    except ValueError:
        return render(request, "producers/paper_kinds.html", {"kinds": PaperKind})
    producer_id = seller(request).pk
    if request.method != "POST":
        return _form_page(request, PaperForm(producer_id=producer_id, kind=kind), None)
    form = PaperForm(request.POST, request.FILES, producer_id=producer_id, kind=kind)
    if form.is_valid():
        paper = attempt(
            form,
            lambda: services.submit_paper(producer_id=producer_id, values=form.values()),
        )
        if paper is not None:
            messages.success(request, _("Handed in. An officer of your province looks at it."))
            _say_doubts(request, paper)
            return redirect("producers:paper_list")
    return _form_page(request, form, None)


@seller_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a paper that is not decided on, was returned or has run out, and hand it in again."""
    paper = _own(request, pk)
    kind, producer_id = PaperKind(paper.kind), paper.producer_id
    if request.method != "POST":
        form = PaperForm(producer_id=producer_id, kind=kind, paper=paper)
        return _form_page(request, form, paper)
    form = PaperForm(request.POST, request.FILES, producer_id=producer_id, kind=kind, paper=paper)
    if form.is_valid():
        saved = attempt(form, lambda: services.resubmit_paper(paper_id=pk, values=form.values()))
        if saved is not None:
            messages.success(request, _("Handed in again."))
            _say_doubts(request, saved)
            return redirect("producers:paper_list")
    return _form_page(request, form, paper)


@seller_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take back a paper nobody has verified."""
    paper = _own(request, pk)
    if request.method == "POST":
        services.remove_paper(paper_id=pk)
        messages.success(request, _("The paper is taken back."))
        return redirect("producers:paper_list")
    context = {
        "title": _("Take back %(paper)s?") % {"paper": paper},
        "text": _("The paper is deleted; its scan stays among your documents."),
        "action": _("Take back the paper"),
        "cancel_url": reverse("producers:paper_list"),
        "danger": True,
    }
    return render(request, "components/confirm_page.html", context)


@require_safe
def paper_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the scan to the holder or an officer of its province, as a download only."""
    return answers.download(_evidence(request, pk))


@require_safe
def paper_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a scanned picture, made anew so that nothing but pixels is left of it."""
    return answers.preview(_evidence(request, pk))


def _evidence(request: HttpRequest, pk: int) -> Document:
    papers = selectors.papers_visible_to(acting(request)).select_related("document")
    document = get_object_or_404(papers, pk=pk).document
    if document is None:
        raise Http404
    return document


def _say_doubts(request: HttpRequest, paper: Paper) -> None:
    for doubt in services.doubts_of(paper):
        messages.warning(request, doubt)


def _own(request: HttpRequest, pk: int) -> Paper:
    return get_object_or_404(selectors.papers_of(seller(request).pk), pk=pk)


def _form_page(request: HttpRequest, form: PaperForm, paper: Paper | None) -> HttpResponse:
    remind_of_files(form)
    context = {"form": form, "paper": paper, "kind": form.kind}
    return render(request, "producers/paper_form.html", context)
