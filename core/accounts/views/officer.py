"""The officer's desk: who asks to be let in, and everything needed to decide."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts import rules, selectors, services
from core.accounts.doors import acting, officer_required
from core.accounts.enums import OrganisationStatus
from core.accounts.forms.people import ClaimReasonForm, DeskFilterForm, ReasonForm
from core.accounts.models import Organisation
from core.kernel import clock
from core.kernel.errors import DomainError

ROWS_PER_PAGE: Final = 25
_LONGEST_VERSION: Final = 9


def _provinces(request: HttpRequest) -> frozenset[int] | None:
    actor = acting(request)
    return None if actor.is_administrator else actor.province_ids


@require_safe
@officer_required
def officer_organisations(request: HttpRequest) -> HttpResponse:
    """List what waits, oldest first; filters show what was decided."""
    filters = DeskFilterForm(request.GET)
    status = filters.chosen_status()
    shown = selectors.desk_organisations(province_ids=_provinces(request), status=status)
    text = filters.search()
    found = selectors.search_desk(shown, text=text) if text else shown
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    now = clock.now()
    context = {
        "page_obj": page,
        "rows": [(row, _due(row), _is_late(row, now=now)) for row in page.object_list],
        "filters": filters,
        "chosen": status,
        "statuses": DeskFilterForm.STATUSES,
        "q": text,
        "found": getattr(found, "found", None),
        "is_filtered": bool(text) or status != OrganisationStatus.SUBMITTED,
        "waiting_count": shown.count() if status == OrganisationStatus.SUBMITTED else None,
    }
    return render(request, "accounts/officer_organisation_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required
def officer_organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Show an organisation with everything needed to decide; decide on POST."""
    organisation = _on_desk_or_404(request, organisation_id)
    form = ReasonForm()
    status = 200
    if request.method == "POST":
        _must_decide(request, organisation)
        decided, form = _decide(request, organisation)
        if decided:
            return redirect("accounts:officer_organisations")
        status = 400 if form.errors else 409
    return _detail(request, organisation, status=status, form=form)


@require_POST
@officer_required
def officer_tax_code(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Settle who holds a disputed tax code."""
    organisation = _on_desk_or_404(request, organisation_id)
    _must_decide(request, organisation)
    form = ClaimReasonForm(request.POST)
    decision = request.POST.get("decision")
    if not form.is_valid() or decision not in {"transfer", "refuse"}:
        return _detail(request, organisation, status=400, claim_form=form)
    settle = services.transfer_tax_code if decision == "transfer" else services.refuse_claim
    try:
        settle(
            organisation_id=organisation.pk,
            actor=acting(request),
            reason=form.cleaned_data["claim_reason"],
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The tax code is settled. Now decide on the organisation."))
    return redirect("accounts:officer_organisation", organisation.pk)


def _decide(request: HttpRequest, organisation: Organisation) -> tuple[bool, ReasonForm]:
    """Carry out the posted decision; return whether it was carried out, and the form."""
    version = _version(request)
    actor = acting(request)
    form = ReasonForm()
    try:
        if request.POST.get("decision") == "approve":
            services.approve_organisation(
                organisation_id=organisation.pk, actor=actor, version=version
            )
            words = _("%(name)s is approved and has been told.")
        else:
            form = ReasonForm(request.POST)
            if not form.is_valid():
                return False, form
            services.return_organisation(
                organisation_id=organisation.pk,
                actor=actor,
                version=version,
                reason=form.cleaned_data["reason"],
            )
            words = _("%(name)s was returned and has been told why.")
    except DomainError as error:
        messages.error(request, str(error))
        return False, form
    messages.success(request, words % {"name": organisation.name})
    return True, form


def _detail(
    request: HttpRequest,
    organisation: Organisation,
    *,
    status: int = 200,
    form: ReasonForm | None = None,
    claim_form: ClaimReasonForm | None = None,
) -> HttpResponse:
    organisation.refresh_from_db()
    standing = selectors.tax_code_standing(organisation)
    can_decide = rules.can_decide_on_organisation(acting(request), organisation)
    is_waiting = organisation.status == OrganisationStatus.SUBMITTED
    context: dict[str, Any] = {
        "organisation": organisation,
        "standing": standing,
        "namesakes": selectors.namesakes(organisation)[:5],
        "members": selectors.members_of(organisation.pk),
        "due_at": _due(organisation),
        "is_late": _is_late(organisation, now=clock.now()),
        "may_decide": can_decide and is_waiting,
        "may_settle": can_decide and standing.is_disputed,
        "form": form or ReasonForm(),
        "claim_form": claim_form or ClaimReasonForm(),
    }
    return render(request, "accounts/officer_organisation_detail.html", context, status=status)


def _on_desk_or_404(request: HttpRequest, organisation_id: int) -> Organisation:
    shown = selectors.desk_organisations(province_ids=_provinces(request))
    organisation = get_object_or_404(shown, pk=organisation_id)
    if not rules.can_read_on_desk(acting(request), organisation):
        raise Http404
    return organisation


def _must_decide(request: HttpRequest, organisation: Organisation) -> None:
    if not rules.can_decide_on_organisation(acting(request), organisation):
        raise PermissionDenied


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    usable = typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_VERSION
    return int(typed) if usable else 0


def _due(organisation: Organisation) -> Any:  # noqa: ANN401 -- a datetime, or None for a template
    return rules.approval_due_at(organisation.submitted_at) if organisation.submitted_at else None


def _is_late(organisation: Organisation, *, now: Any) -> bool:  # noqa: ANN401 -- a datetime
    due = _due(organisation)
    waiting = organisation.status == OrganisationStatus.SUBMITTED
    return waiting and due is not None and due < now
