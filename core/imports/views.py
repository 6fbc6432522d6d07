"""The pages of lists: choose, hand in, see what would happen, take over, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.actors import Actor
from core.accounts.doors import acting, actor_required
from core.imports import registry, selectors, services
from core.imports.enums import RowOutcome, RowState
from core.imports.forms import UploadForm
from core.imports.models import Import
from core.imports.registry import Context, Kind
from core.imports.wording import figures_of, problem_of, shown_rows
from core.imports.workbooks import export_of, refused_of, template_of
from core.kernel import clock
from core.kernel.errors import DomainError, InvalidInputError
from core.kernel.text import fold
from core.places import selectors as places
from core.places.models import AdminUnit

ROWS_PER_PAGE: Final = 50
IMPORTS_PER_PAGE: Final = 20
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
lister_required = actor_required(
    lambda actor: bool(registry.kinds_for(actor)), otherwise="web:dashboard"
)


@lister_required
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """Offer the kinds of lists and show what was handed in."""
    actor = acting(request)
    found = Paginator(selectors.imports_visible_to(actor), IMPORTS_PER_PAGE)
    page = found.get_page(request.GET.get("page"))
    names = {kind.code: kind.name for kind in registry.kinds_for(actor)}
    rows = [(one, names.get(one.kind, one.kind)) for one in page.object_list]
    context = {
        "kinds": registry.kinds_for(actor),
        "page_obj": page,
        "rows": rows,
        "provinces": _provinces(actor),
    }
    return render(request, "imports/import_list.html", context)


@lister_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_create(request: HttpRequest, code: str) -> HttpResponse:
    """Take a list in; what it would do is shown before anything is done."""
    actor, kind = acting(request), _kind(request, code)
    form = UploadForm(request.POST or None, request.FILES or None, actor=actor, kind=kind)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, actor=actor, kind=kind)
        if form.is_valid() and (found := _uploaded(form, kind)):
            return redirect("imports:import_detail", import_id=found.pk)
    context = {"kind": kind, "form": form, "columns": kind.columns}
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "imports/import_form.html", context, status=status)


@lister_required
@require_safe
def template(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the empty list of a kind."""
    kind = _kind(request, code)
    return _file(template_of(kind), name=_("%(list)s template") % {"list": kind.name})


@lister_required
@require_safe
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out what is stored, as XLSX or CSV."""
    actor, kind = acting(request), _kind(request, code)
    as_csv = request.GET.get("as") == "csv"
    province = _province(request, actor) if kind.is_for_officers else None
    context = Context(
        organisation_id=None if province else actor.organisation_id,
        province_id=province.pk if province else None,
        user_id=actor.user_id,
        as_of=clock.today(),
    )
    content = export_of(kind, context=context, as_csv=as_csv)
    name = f"{kind.name} {province or ''} {clock.today():%Y-%m-%d}"
    return _file(content, name=name, ending="csv" if as_csv else "xlsx")


@lister_required
@require_safe
def import_detail(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show how far an import is, what its rows would do or did; asked anew while it works."""
    found, kind = _own(request, import_id)
    outcome = request.GET.get("outcome", "")
    state = request.GET.get("state", "")
    context: dict[str, Any] = {
        "found": found,
        "kind": kind,
        "problem": problem_of(found),
        "outcome": outcome if outcome in RowOutcome.values else "",
        "row_state": state if state in RowState.values else "",
        "figures": figures_of(found),
        "may_change": kind.may_use(acting(request)),
    }
    if not found.is_busy:
        rows = selectors.rows_of(found.pk, outcome=outcome, state=state)
        page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
        context["page_obj"] = page
        context["rows"] = shown_rows(list(page.object_list), found=found, kind=kind)
    is_part = bool(getattr(request, "htmx", False))
    name = "imports/_import.html" if is_part else "imports/import_detail.html"
    return render(request, name, context)


@lister_required
@require_safe
def refused_rows(request: HttpRequest, import_id: int) -> HttpResponse:
    """Hand out the refused rows with their reasons."""
    found, kind = _own(request, import_id)
    return _file(refused_of(found, kind=kind), name=_("refused rows"))


@lister_required
@require_POST
def import_apply(request: HttpRequest, import_id: int) -> HttpResponse:
    """Take the checked rows over."""
    return _step(request, import_id, services.confirm_import)


@lister_required
@require_POST
def import_stop(request: HttpRequest, import_id: int) -> HttpResponse:
    """Stop an import."""
    return _step(request, import_id, services.stop_import)


@lister_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: HttpRequest, import_id: int) -> HttpResponse:
    """Ask, then undo what an import did."""
    found, _found_kind = _own(request, import_id)
    if request.method == "POST":
        return _step(request, import_id, services.recall_import)
    context = {
        "title": _("Undo this import?"),
        "text": _(
            "What it added is taken back and what it changed becomes as it was. What somebody "
            "has changed since stays, and is listed."
        ),
        "action": _("Undo the import"),
        "cancel_url": reverse("imports:import_detail", args=[found.pk]),
        "danger": True,
    }
    return render(request, "components/confirm_page.html", context)


def _step(request: HttpRequest, import_id: int, step: Callable[..., Import]) -> HttpResponse:
    _found, kind = _own(request, import_id)
    if not kind.may_use(acting(request)):
        raise Http404
    try:
        step(import_id=import_id)
    except DomainError as error:
        messages.warning(request, str(error))
    return redirect("imports:import_detail", import_id=import_id)


def _uploaded(form: UploadForm, kind: Kind) -> Import | None:
    try:
        return services.upload_list(
            kind=kind,
            upload=form.cleaned_data["file"],
            context=form.context(),
            sheet=form.cleaned_data["sheet"],
        )
    except InvalidInputError as error:
        for name, sentences in error.field_errors.items():
            form.add_error(name if name in form.fields else None, list(sentences))
    except DomainError as error:
        form.add_error(None, str(error))
    return None


def _kind(request: HttpRequest, code: str) -> Kind:
    kind = registry.kind_named(code)
    if kind is None or not kind.may_use(acting(request)):
        raise Http404
    return kind


def _own(request: HttpRequest, import_id: int) -> tuple[Import, Kind]:
    found = get_object_or_404(selectors.imports_visible_to(acting(request)), pk=import_id)
    kind = registry.kind_named(found.kind)
    if kind is None:
        raise Http404
    return found, kind


def _provinces(actor: Actor) -> list[AdminUnit]:
    """Return the provinces an officer serves."""
    return list(places.provinces().filter(pk__in=actor.province_ids).order_by("name"))


def _province(request: HttpRequest, actor: Actor) -> AdminUnit:
    """Return the province an officer asks for, the first of theirs where none is named."""
    mine = _provinces(actor)
    asked = request.GET.get("province", "")
    found = [one for one in mine if not asked or str(one.pk) == asked]
    if not found:
        raise Http404
    return found[0]


def _file(content: IO[bytes], *, name: str, ending: str = "xlsx") -> HttpResponse:
    plain = slugify(fold(name)) or "list"
    content_type = _XLSX if ending == "xlsx" else "text/csv; charset=utf-8"
    answer = HttpResponse(content.read(), content_type=content_type)
    content.close()
    answer["Content-Disposition"] = f'attachment; filename="{plain}.{ending}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
