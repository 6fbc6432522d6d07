"""What the pages of this app share: who may write, and how a service's "no" comes back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.accounts.models import Organisation
from core.kernel.errors import InvalidInputError, NotAllowedError
from core.search import Hits
from core.web.actor import acting, producer_required
from producers import rules
from producers.forms import add_domain_errors

PAGE_SIZE = 20
_LONGEST_PATH = 300
T = TypeVar("T")
View = Callable[..., HttpResponseBase]


def seller_required(view: View) -> View:
    """Open a view to owners and editors of a selling organisation; viewers are told why not."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not rules.can_sell(acting(request)):
            raise NotAllowedError(
                _("You may look, but not change. Ask an owner of your organisation.")
            )
        return view(request, *args, **kwargs)

    return producer_required(guarded)


def seller(request: HttpRequest) -> Organisation:
    """Return the organisation acted for, behind `producer_required`."""
    organisation = acting(request).organisation
    if organisation is None:
        raise NotAllowedError(_("Choose the organisation you act for."))
    return organisation


def officer_of(request: HttpRequest) -> int:
    """Return the id of the deciding person, behind `officer_required`."""
    user_id = acting(request).user_id
    if user_id is None:
        raise NotAllowedError(_("Sign in as an officer."))
    return user_id


def attempt(form: forms.Form, call: Callable[[], T]) -> T | None:
    """Call a service for a valid form; what it refuses is shown at the form's fields."""
    try:
        return call()
    except InvalidInputError as error:
        add_domain_errors(form, error)
        return None


def way_back(request: HttpRequest) -> str:
    """Return the page of this portal that a form was opened from; "" where none is named."""
    asked = request.GET.get("next", "")
    is_ours = asked.startswith("/") and len(asked) <= _LONGEST_PATH
    return asked if is_ours and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""


def page_of(request: HttpRequest, rows: QuerySet[Any] | Hits[Any]) -> Page[Any]:
    """Return the asked page of a list; a page that does not exist is the nearest one."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
