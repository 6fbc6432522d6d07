"""Lists of places that forms ask for, and the reading of addresses."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import PurePath

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.places import selectors
from core.places.forms import AddressForm, AddressListForm
from core.places.resolver import ADDED, Table
from core.places.resolver.tables import added_cells, cells_of_bad_row

_LONGEST_ID = 9


@require_safe
def commune_options(request: HttpRequest) -> HttpResponse:
    """Answer the communes of `?province=ID` as options; of an unknown province none."""
    typed = request.GET.get("province", "")
    is_id = typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_ID
    communes = selectors.communes_of(int(typed)) if is_id else ()
    context = {"communes": communes, "selected": request.GET.get("commune", "")}
    return render(request, "places/_commune_options.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def addresses(request: HttpRequest) -> HttpResponse:
    """Read one address: what was understood, and the communes to choose from."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    list_form = AddressListForm(prefix="list")
    context: dict[str, object] = {"form": form, "list_form": list_form, "read": None}
    if form.is_bound and form.is_valid():
        read = selectors.addresses_of([selectors.resolve_address(form.cleaned_data["address"])])[0]
        chosen = request.POST.get("choose", "")
        context["read"] = read
        context["chosen"] = next((one for one in read.candidates if one.code == chosen), None)
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "places/addresses.html", context, status=status)


@require_POST
@login_required
def address_list(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Answer an uploaded list with the same list and the five columns beside it."""
    form = AddressListForm(request.POST, request.FILES, prefix="list")
    if not form.is_valid():
        context = {"form": AddressForm(), "list_form": form, "read": None}
        return render(request, "places/addresses.html", context, status=400)
    name = slugify(PurePath(form.cleaned_data["file"].name or "").stem)[:60] or "addresses"
    response = StreamingHttpResponse(
        _resolved_lines(form.table), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}-resolved.csv"'
    return response


def _resolved_lines(table: Table) -> Iterator[bytes]:
    """Yield the result line by line; the mark in front lets Excel read it as UTF-8."""
    resolver = selectors.resolver()
    yield "\ufeff".encode()
    yield _csv_line(table, [*table.header, *ADDED])
    for line in table.lines:
        if line.problem:
            yield _csv_line(table, [*line.cells, *cells_of_bad_row(line.problem)])
        else:
            resolution = table.resolve(line.cells, resolver)
            yield _csv_line(table, [*line.cells, *added_cells(resolution)])


def _csv_line(table: Table, cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=table.delimiter, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode("utf-8", errors="replace")
