"""What the pages of this app share: pages of lists, and how a service's "no" comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from core.kernel.errors import InvalidInputError
from core.search import Hits
from fairs.forms.base import RefusableForm

PER_PAGE: Final = 20
T = TypeVar("T")


def attempt(form: RefusableForm, call: Callable[[], T]) -> T | None:
    """Call a service for a valid form; what it refuses is shown at the form's fields."""
    try:
        return call()
    except InvalidInputError as error:
        form.refuse(error)
        return None


def page_of(request: HttpRequest, rows: QuerySet[Any] | Hits[Any]) -> Page[Any]:
    """Return the asked page of a list; a page that does not exist is the nearest one."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
