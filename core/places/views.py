"""Lists of places that forms ask for while they are filled in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.places import selectors

_LONGEST_ID = 9


@require_safe
def commune_options(request: HttpRequest) -> HttpResponse:
    """Answer the communes of `?province=ID` as options; of an unknown province none."""
    typed = request.GET.get("province", "")
    is_id = typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_ID
    communes = selectors.communes_of(int(typed)) if is_id else ()
    context = {"communes": communes, "selected": request.GET.get("commune", "")}
    return render(request, "places/_commune_options.html", context)
