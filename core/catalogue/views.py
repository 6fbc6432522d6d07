"""Search of the catalogue while a form is filled in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from core.catalogue import selectors
from core.catalogue.models import ProductCategory

_LONGEST_QUERY = 200
_HITS = 20


@require_safe
@vary_on_headers("Accept")
def search(request: HttpRequest) -> HttpResponse:
    """Answer the categories that `?q=` means: JSON where it is asked for, options otherwise.

    `?leaves=1` leaves out groups, for forms that need one kind of product.
    """
    found = selectors.search_categories(
        request.GET.get("q", "")[:_LONGEST_QUERY],
        limit=_HITS,
        leaves_only=request.GET.get("leaves") == "1",
    )
    if request.accepts("text/html"):
        return render(request, "catalogue/_category_options.html", {"categories": found})
    return JsonResponse({"results": [_as_json(category) for category in found]})


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Answer, as a piece of a form, the kinds that a product's `?name=` may be."""
    name = request.GET.get("name", "")[:_LONGEST_QUERY]
    context = {"suggestions": selectors.suggested_kinds(name)}
    return render(request, "catalogue/_kinds.html", context)


def _as_json(category: ProductCategory) -> dict[str, object]:
    unit = category.default_unit
    return {
        "id": category.pk,
        "code": category.code,
        "name": category.name,
        "group": category.parent.name if category.parent else "",
        "unit": unit.code if unit else None,
        "storage": category.storage or None,
    }
