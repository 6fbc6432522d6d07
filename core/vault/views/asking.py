"""What the pages of the vault ask of whoever comes."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from core.accounts.models import Organisation
from core.kernel.errors import NotAllowedError
from core.vault import rules, selectors
from core.vault.models import Document
from core.web.actor import acting


def own(request: HttpRequest) -> Organisation:
    """Return the organisation acted for.

    Raises:
        NotAllowedError: None is.
    """
    organisation = acting(request).organisation
    if organisation is None:
        raise NotAllowedError(_("Choose the organisation you act for."))
    return organisation


def mine(request: HttpRequest, pk: int) -> Document:
    """Return one of its documents, or answer 404."""
    return get_object_or_404(selectors.visible_to(acting(request)), pk=pk)


def must_keep(request: HttpRequest) -> None:
    """Refuse who may not add documents.

    Raises:
        NotAllowedError: A viewer may not.
    """
    if not rules.can_keep(acting(request)):
        raise NotAllowedError(_("You may look, but not change. Ask an owner or an editor."))


def must_change(request: HttpRequest, document: Document) -> None:
    """Refuse who may not change a document.

    Raises:
        NotAllowedError: A viewer may not.
    """
    if not rules.can_change(acting(request), document):
        raise NotAllowedError(_("You may look, but not change. Ask an owner or an editor."))
