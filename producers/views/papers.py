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
from core.kernel.errors import InvalidInputError
from core.vault import doors
from core.vault.enums import ContentKind
from core.vault.models import Document
from core.vault.services import Description, add_document
from core.web.actor import acting, producer_required
from producers import rules, selectors, services
from producers.enums import Market, PaperKind
from producers.filters import PaperFilter
from producers.forms import PaperForm
from producers.forms.base import remind_of_files
from producers.models import Paper
from producers.views.asking import attempt, page_of, seller, seller_required, way_back
from producers.views.paper_history import history_of_paper

_LONGEST_ID = 18


@producer_required
@require_safe
def paper_list(request: HttpRequest) -> HttpResponse:
    """List one's own papers with status and validity."""
    today = clock.today()
    papers = selectors.papers_with_renewal(seller(request).pk)
    found = PaperFilter(request.GET, queryset=papers, request=request)
    context = {
        "filter": found,
        "page_obj": page_of(request, found.rows),
        "today": today,
        "soon": today + dt.timedelta(days=selectors.EXPIRING_WITHIN_DAYS),
        "can_edit": rules.can_sell(acting(request)),
    }
    return render(request, "producers/paper_list.html", context)


@producer_required
@require_safe
def paper_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one's own paper: what it says, how it stands, and what happened to it."""
    today = clock.today()
    paper = get_object_or_404(selectors.papers_with_renewal(seller(request).pk), pk=pk)
    context = {
        "paper": paper,
        "today": today,
        "soon": today + dt.timedelta(days=selectors.EXPIRING_WITHIN_DAYS),
        "doubts": services.doubts_of(paper),
        "history": history_of_paper(paper, for_officer=False),
        "is_picture": paper.document is not None and paper.document.is_picture,
        "can_edit": rules.can_sell(acting(request)),
        "can_change": services.can_be_changed(paper),
    }
    return render(request, "producers/paper_record.html", context)


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
        earlier = _earlier(request, kind)
        form = PaperForm(
            producer_id=producer_id, kind=kind, renews=earlier, initial=_asked_for(request)
        )
        return _form_page(request, form, None, earlier=earlier)
    form = PaperForm(request.POST, request.FILES, producer_id=producer_id, kind=kind)
    if form.is_valid():
        paper = attempt(
            form,
            lambda: services.submit_paper(producer_id=producer_id, values=form.values()),
        )
        if paper is not None:
            messages.success(request, _("Handed in. An officer of your province looks at it."))
            _say_doubts(request, paper)
            return redirect(way_back(request) or reverse("producers:paper_record", args=[paper.pk]))
    return _form_page(request, _with_file_kept(request, form), None)


@seller_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a paper that is not decided on, was returned or has run out, and hand it in again."""
    paper = _own(request, pk)
    kind, producer_id = PaperKind(paper.kind), paper.producer_id
    if request.method != "POST":
        if not services.can_be_changed(paper):
            messages.info(request, _("This paper was decided on, so it stays as it is."))
            return redirect("producers:paper_record", pk)
        form = PaperForm(producer_id=producer_id, kind=kind, paper=paper)
        return _form_page(request, form, paper)
    form = PaperForm(request.POST, request.FILES, producer_id=producer_id, kind=kind, paper=paper)
    if form.is_valid():
        saved = attempt(form, lambda: services.resubmit_paper(paper_id=pk, values=form.values()))
        if saved is not None:
            _say_handed_in(request, is_changed=saved.version != paper.version)
            _say_doubts(request, saved)
            return redirect(way_back(request) or reverse("producers:paper_record", args=[pk]))
    return _form_page(request, _with_file_kept(request, form, paper), paper)


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
    return doors.download(_evidence(request, pk))


@require_safe
def paper_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a scanned picture, made anew so that nothing but pixels is left of it."""
    return doors.preview(_evidence(request, pk))


def _evidence(request: HttpRequest, pk: int) -> Document:
    papers = selectors.papers_visible_to(acting(request)).select_related("document")
    document = get_object_or_404(papers, pk=pk).document
    if document is None:
        raise Http404
    return document


def _say_handed_in(request: HttpRequest, *, is_changed: bool) -> None:
    if is_changed:
        messages.success(request, _("Handed in again."))
    else:
        messages.info(request, _("Nothing was changed: the paper keeps its place in the queue."))


def _say_doubts(request: HttpRequest, paper: Paper) -> None:
    for doubt in services.doubts_of(paper):
        messages.warning(request, doubt)


def _own(request: HttpRequest, pk: int) -> Paper:
    return get_object_or_404(selectors.papers_of(seller(request).pk), pk=pk)


def _earlier(request: HttpRequest, kind: PaperKind) -> Paper | None:
    """The own paper that a new one of the same kind is to renew."""
    asked = request.GET.get("renews", "")
    if not asked.isdecimal() or len(asked) > _LONGEST_ID:
        return None
    return selectors.papers_of(seller(request).pk).filter(pk=int(asked), kind=kind).first()


def _asked_for(request: HttpRequest) -> dict[str, object]:
    """What a link chose beforehand: an own product, a market."""
    product, market = request.GET.get("product", ""), request.GET.get("market", "")
    known: dict[str, object] = {"market": market} if market in Market.values else {}
    if product.isdecimal() and len(product) <= _LONGEST_ID:
        own = selectors.products_of(seller(request).pk).filter(pk=int(product))
        known |= {"product": int(product)} if own.exists() else {}
    return known


def _with_file_kept(request: HttpRequest, form: PaperForm, paper: Paper | None = None) -> PaperForm:
    """Return the refused form with the good file among one's documents, and chosen there."""
    file = form.cleaned_data.get("evidence")
    if file is None:
        return form
    owner = seller(request).pk
    try:
        said = Description(kind=ContentKind.PAPER)
        user_id = acting(request).user_id
        kept = add_document(organisation_id=owner, file=file, said=said, user_id=user_id).document
    except InvalidInputError:  # no room: the page asks for the file again
        return form
    typed = request.POST.copy()
    typed["document"] = str(kept.pk)
    again = PaperForm(typed, producer_id=owner, kind=form.kind, paper=paper)
    for name, errors in form.errors.as_data().items():
        if name not in again.errors:
            again.add_error(name if name in again.fields else None, errors)
    words = _("Your file is kept as “%(title)s” and already chosen. You need not send it again.")
    messages.info(request, words % {"title": kept.title})
    return again


def _form_page(
    request: HttpRequest, form: PaperForm, paper: Paper | None, *, earlier: Paper | None = None
) -> HttpResponse:
    remind_of_files(form)
    context = {
        "form": form,
        "paper": paper,
        "kind": form.kind,
        "earlier": earlier,
        "back_url": way_back(request) or reverse("producers:paper_list"),
    }
    return render(request, "producers/paper_form.html", context)
