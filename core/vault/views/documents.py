"""The holder's own pages: the vault, one document, and what was shared."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.models import Organisation
from core.kernel.errors import InvalidInputError, NotAllowedError
from core.vault import doors, registry, rules, selectors, services
from core.vault.filters import DocumentFilter
from core.vault.forms import DescribeForm, ReplaceForm, show_refusal
from core.vault.models import Document
from core.vault.views.asking import mine, must_change, own
from core.web.actor import acting, member_required

PER_PAGE: Final = 20
_LONGEST_ID: Final = 18
_LONGEST_PATH: Final = 500


@require_safe
@member_required
def document_list(request: HttpRequest) -> HttpResponse:
    """List one's own documents with what rests on each, or those put away."""
    organisation = own(request)
    is_archive = request.GET.get("state") == "archived"
    found = selectors.documents_of(organisation.pk, archived=is_archive)
    wanted = DocumentFilter(request.GET, queryset=found, request=request)
    page = Paginator(wanted.rows, PER_PAGE).get_page(request.GET.get("page"))
    uses = registry.uses_of([one.pk for one in page.object_list])
    context = {
        "filter": wanted,
        "page_obj": page,
        "rows": [(one, uses.get(one.pk, [])) for one in page.object_list],
        "is_archive": is_archive,
        "archived_count": selectors.documents_of(organisation.pk, archived=True).count(),
        "room": services.room_of(organisation.pk),
        "can_keep": rules.can_keep(acting(request)),
        "undo": _undo(request, organisation),
    }
    return render(request, "vault/document_list.html", context)


def _undo(request: HttpRequest, organisation: Organisation) -> Document | None:
    """Return the document put away just now, so that the page offers to take it back."""
    number = request.GET.get("undo", "")
    if not number.isascii() or not number.isdecimal() or len(number) > _LONGEST_ID:
        return None
    archived = selectors.documents_of(organisation.pk, archived=True)
    return archived.filter(pk=int(number)).first()


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one document and say anew what it is."""
    document = mine(request, pk)
    form = DescribeForm(initial=_described(document))
    if request.method == "POST":
        must_change(request, document)
        form = DescribeForm(request.POST)
        if form.is_valid():
            try:
                services.describe_document(document_id=pk, said=form.said())
            except InvalidInputError as error:
                show_refusal(form, error)
            else:
                messages.success(request, _("Saved."))
                return redirect("vault:document_detail", pk)
    return _detail(request, document, form, ReplaceForm())


@require_POST
@member_required
def document_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in a newer version."""
    document = mine(request, pk)
    must_change(request, document)
    form = ReplaceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            new = services.replace_document(
                document_id=pk, file=form.cleaned_data["file"], user_id=acting(request).user_id
            )
        except InvalidInputError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request,
                _("The newer version is kept. What rests on the old one keeps it."),
            )
            return redirect("vault:document_detail", new.pk)
    return _detail(request, document, DescribeForm(initial=_described(document)), form)


@require_POST
@member_required
def document_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a document away; the list offers to take it back."""
    document = mine(request, pk)
    must_change(request, document)
    services.archive_document(document_id=pk)
    return redirect(f"{reverse('vault:document_list')}?undo={pk}")


@require_POST
@member_required
def document_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a document out of the archive."""
    document = mine(request, pk)
    must_change(request, document)
    services.restore_document(document_id=selectors.newest_of(document).pk)
    messages.success(request, _("“%(title)s” is back.") % {"title": document.title})
    return redirect(_way_back(request) or "vault:document_list")


def _way_back(request: HttpRequest) -> str:
    """Return the page of ours that asked for something to be mended; empty where none did."""
    path = request.POST.get("back", "")[:_LONGEST_PATH]
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def document_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete an archived document for good."""
    document = mine(request, pk)
    must_change(request, document)
    if request.method == "POST":
        services.delete_document(document_id=pk)
        messages.success(request, _("Deleted for good."))
        return redirect("vault:document_list")
    context = {
        "title": _("Delete “%(title)s” for good?") % {"title": document.title},
        "text": _("The file and its earlier versions are gone afterwards; nobody can undo this."),
        "action": _("Delete the document"),
        "cancel_url": reverse("vault:document_detail", args=[pk]),
        "danger": True,
    }
    return render(request, "components/confirm_page.html", context)


@require_safe
@member_required
def document_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a document to its holder, as a download only."""
    return doors.download(mine(request, pk))


@require_safe
@member_required
def document_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a picture to its holder, made anew."""
    return doors.preview(mine(request, pk))


@require_safe
@member_required
def packet_list(request: HttpRequest) -> HttpResponse:
    """List the dossiers one can make, and what is shared with whom until when."""
    actor = acting(request)
    context = {
        "kinds": registry.packets_for(actor),
        "shares": selectors.shares_visible_to(actor)[:50],
        "can_keep": rules.can_keep(actor),
    }
    return render(request, "vault/packet_list.html", context)


@require_POST
@member_required
def share_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take consent back."""
    actor = acting(request)
    share = get_object_or_404(selectors.shares_visible_to(actor), pk=pk)
    if not rules.can_withdraw(actor, share):
        raise NotAllowedError(_("You may look, but not change. Ask an owner or an editor."))
    services.withdraw_share(share_id=pk)
    messages.success(request, _("Taken back. From now on nobody fetches these files any more."))
    return redirect("vault:packet_list")


def _detail(
    request: HttpRequest, document: Document, form: DescribeForm, replacing: ReplaceForm
) -> HttpResponse:
    versions = selectors.versions_of(document)
    uses = registry.uses_of([document.pk, *(one.pk for one in versions)])
    context = {
        "document": document,
        "form": form,
        "replacing": replacing,
        "uses": uses.get(document.pk, []),
        "versions": [(one, uses.get(one.pk, [])) for one in versions],
        "is_used": bool(uses),
        "can_change": rules.can_change(acting(request), document) and document.is_current,
    }
    return render(request, "vault/document_detail.html", context)


def _described(document: Document) -> dict[str, str]:
    names = ("title", "kind", "valid_until")
    return {name: getattr(document, name) for name in names}
