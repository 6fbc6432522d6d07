"""What the pages of the desk share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from core.freight.forms import PlaceFilterForm, add_domain_errors
from core.freight.selectors import Entry
from core.kernel.errors import InvalidInputError

ROWS_PER_PAGE: Final = 25


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """Return the asked page of a list; a page that does not exist is the nearest one."""
    return Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))


def filters_of(
    request: HttpRequest, *, asks: Sequence[str]
) -> tuple[PlaceFilterForm, dict[str, Any]]:
    """Return the filter form and what was chosen; what cannot be meant narrows nothing."""
    form = PlaceFilterForm(request.GET, asks=tuple(asks))
    form.is_valid()
    return form, {name: form.cleaned_data.get(name) for name in asks}


def asked_back(request: HttpRequest, states: Sequence[Entry]) -> Any | None:  # noqa: ANN401 -- pghistory's models have no types
    """Return the former state that ``?state=`` names, for somebody who wants to go back to it."""
    typed = request.GET.get("state", "")
    return next((one.state for one in states if str(one.state.pgh_id) == typed), None)


def must(*, allowed: bool) -> None:
    """Answer 403 where a rule says no."""
    if not allowed:
        raise PermissionDenied


def attempt(form: forms.Form, call: Callable[[], object]) -> bool:
    """Call a service for a valid form; what it refuses is shown at the form's fields."""
    try:
        call()
    except InvalidInputError as error:
        add_domain_errors(form, error)
        return False
    return True
