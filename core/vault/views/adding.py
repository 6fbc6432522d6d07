"""The page that takes files in: each good one is kept, each other one is named."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.kernel import text
from core.kernel.errors import InvalidInputError
from core.vault import services
from core.vault.enums import ContentKind
from core.vault.forms import UploadForm
from core.vault.models import Document
from core.vault.services import Description
from core.vault.views.asking import must_keep, own
from core.web.actor import acting, member_required

_LONGEST_NAME: Final = 80


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def document_add(request: HttpRequest) -> HttpResponse:
    """Take in several files; each good one is kept, each other one is named with its reason."""
    must_keep(request)
    form = UploadForm(initial=_wanted_kind(request))
    kept: list[Document] = []
    refused: list[tuple[str, str]] = []
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
    if request.method == "POST" and form.is_valid():
        kept, refused = _take_in(request, form)
        for name, reason in refused:
            form.add_error("uploads", f"{_file_name(name)}: {reason}")
        if not refused:
            return redirect("vault:document_list")
    context = {
        "form": form,
        "kept": kept,
        "refused_count": len(refused),
        "room": services.room_of(own(request).pk),
    }
    return render(request, "vault/document_add.html", context)


def _file_name(name: str) -> str:
    """Return what a file was called, fit to be read; a phone may call several the same."""
    return text.clean(name[: 4 * _LONGEST_NAME])[:_LONGEST_NAME] or _("A file without a name")


def _wanted_kind(request: HttpRequest) -> dict[str, str]:
    """Return what a dossier's link says is missing; nothing where it names no kind."""
    kind = request.GET.get("kind", "")
    return {"kind": kind} if kind in ContentKind.values else {}


def _take_in(
    request: HttpRequest, form: UploadForm
) -> tuple[list[Document], list[tuple[str, str]]]:
    """Keep each good file, say so, and return what was kept and what was refused with why."""
    organisation = own(request)
    kept: list[Document] = []
    known: list[str] = []
    refused: list[tuple[str, str]] = []
    for name, file in form.sent():
        if isinstance(file, ValidationError):
            refused.append((name, " ".join(file.messages)))
            continue
        try:
            found = services.add_document(
                organisation_id=organisation.pk,
                file=file,
                said=Description(kind=form.cleaned_data["kind"]),
                user_id=acting(request).user_id,
            )
        except InvalidInputError as error:
            reasons = [one for words in error.field_errors.values() for one in words]
            refused.append((name, " ".join(reasons)))
            continue
        if found.is_new:
            kept.append(found.document)
        else:
            known.append(found.document.title)
    if kept and not refused:  # beside refused files the page lists those that are kept
        words = ngettext("%(n)d document is kept.", "%(n)d documents are kept.", len(kept))
        messages.success(request, words % {"n": len(kept)})
    for title in known:
        messages.info(request, _("You keep this file already, as “%(title)s”.") % {"title": title})
    return kept, refused
