"""What several pages of accounts need."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import HttpRequest

from core.accounts.doors import acting
from core.accounts.models import Organisation, User
from core.kernel.errors import InvalidInputError


def person_of(request: HttpRequest) -> User:
    """Return the signed-in person; only behind a door that asked for one."""
    return cast("User", request.user)


def own_organisation(request: HttpRequest) -> Organisation:
    """Return the organisation acted for; only behind `member_required`."""
    return cast("Organisation", acting(request).organisation)


def add_errors(form: forms.Form, error: InvalidInputError) -> None:
    """Show what a service refused beside the fields it names, or above the form."""
    for name, messages in error.field_errors.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)


def bound(form_class: type[Any], request: HttpRequest, **kwargs: Any) -> Any:  # noqa: ANN401 -- any form
    """Return the form with what was posted, or with its initial values on GET."""
    if request.method == "POST":
        return form_class(request.POST, **kwargs)
    return form_class(**kwargs)
