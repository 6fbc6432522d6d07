"""What was understood of a text, said while it is typed."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.web.typed_fields import (
    TypedDateField,
    TypedField,
    TypedMoneyField,
    TypedQuantityField,
)
from core.web.typed_input import below

_FIELDS: Final[dict[str, TypedField]] = {
    "quantity": TypedQuantityField(),
    "quantity-ha": TypedQuantityField(unit="ha"),
    "money": TypedMoneyField(),
    "day": TypedDateField(),
    "day-first": TypedDateField(end="first"),
    "day-last": TypedDateField(end="last"),
}


@require_safe
@login_required
def understood(request: HttpRequest) -> HttpResponse:
    """Answer what is understood of the one text sent; `?as=` says what it should be."""
    field = _FIELDS.get(request.GET.get("as", ""))
    names = [name for name in request.GET if name != "as"]
    if field is None or not names:
        return render(request, "components/typed_reading.html", {})
    typed = request.GET[names[0]]
    context = below(field.shown(typed), name=names[0], element_id=f"id_{names[0]}")
    return render(request, "components/typed_reading.html", context)
