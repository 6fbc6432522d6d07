"""Registration of a business: five short steps, each saved, then the officer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts import doors, rules, selectors, services
from core.accounts.enums import ConsentPurpose
from core.accounts.forms.organisations import (
    ConsentsForm,
    ContactForm,
    IdentityForm,
    TaxCodeForm,
)
from core.accounts.forms.place import PlaceForm
from core.accounts.models import Organisation
from core.accounts.views.shared import add_errors, bound, person_of
from core.kernel.errors import DomainError, InvalidInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page of the registration.

    `fields` are what the organisation needs before the step counts as done.
    """

    slug: str
    title: str | Promise
    lead: str | Promise
    fields: tuple[str, ...]


STEPS: Final = (
    Step(
        slug="business",
        title=gettext_lazy("Your business"),
        lead=gettext_lazy("Who you are and what brings you here."),
        fields=("name", "province"),
    ),
    Step(
        slug="tax-code",
        title=gettext_lazy("Tax code"),
        lead=gettext_lazy("It shows the officer that the business is real and that it is yours."),
        fields=("tax_code",),
    ),
    Step(
        slug="place",
        title=gettext_lazy("Place"),
        lead=gettext_lazy(
            "Distance decides much of what fits: goods travel from here, or to here."
        ),
        fields=("province", "commune"),
    ),
    Step(
        slug="contact",
        title=gettext_lazy("Contact"),
        lead=gettext_lazy("Hidden until both sides have accepted a match."),
        fields=("contact_name", "contact_phone", "contact_email"),
    ),
    Step(
        slug="consents",
        title=gettext_lazy("Check and send"),
        lead=gettext_lazy("Read it once more, choose what you agree to, and send it."),
        fields=(),
    ),
)


@require_safe
def join(request: HttpRequest) -> HttpResponse:
    """Lead everybody to where they go on: sign-up, the open step, or the list of theirs."""
    if not request.user.is_authenticated:
        return render(request, "accounts/join_welcome.html", {"here": reverse("accounts:join")})
    user_id = person_of(request).pk
    drafts = list(selectors.open_registrations(user_id=user_id))
    registered = list(selectors.registered_organisations(user_id=user_id))
    if not registered and not drafts:
        return redirect("accounts:join_start")
    if not registered and len(drafts) == 1:
        return redirect("accounts:join_step", drafts[0].pk, _resume_at(drafts[0]))
    context = {
        "drafts": [(draft, _resume_at(draft)) for draft in drafts],
        "registered": registered,
    }
    return render(request, "accounts/join_overview.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join_start(request: HttpRequest) -> HttpResponse:
    """Ask who the business is and open its draft."""
    form = bound(IdentityForm, request)
    if request.method == "POST" and form.is_valid():
        try:
            organisation = services.start_organisation(
                user_id=person_of(request).pk, identity=form.identity()
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            doors.act_for(request, organisation_id=organisation.pk)
            return redirect("accounts:join_step", organisation.pk, STEPS[1].slug)
    return _render_step(request, STEPS[0], {"form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join_step(request: HttpRequest, organisation_id: int, step: str) -> HttpResponse:
    """Show one step, keep what was typed in it, and go on to the next."""
    drafts = selectors.open_registrations(user_id=person_of(request).pk)
    organisation = get_object_or_404(drafts, pk=organisation_id)
    found = next((known for known in STEPS if known.slug == step), None)
    if found is None:
        raise Http404
    if found.slug == "consents":
        return _check_and_send(request, organisation)
    form, save = _FORMS[found.slug](request, organisation)
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except InvalidInputError as error:
            add_errors(form, error)
        else:
            after = STEPS[STEPS.index(found) + 1]
            return redirect("accounts:join_step", organisation.pk, after.slug)
    return _render_step(request, found, {"form": form, "organisation": organisation})


@login_required
@require_safe
def join_sent(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Say what comes next and by when."""
    registered = selectors.registered_organisations(user_id=person_of(request).pk)
    organisation = get_object_or_404(registered, pk=organisation_id)
    due_at = rules.approval_due_at(organisation.submitted_at) if organisation.submitted_at else None
    context = {"organisation": organisation, "due_at": due_at}
    return render(request, "accounts/join_sent.html", context)


def _resume_at(organisation: Organisation) -> str:
    """Return the first step that still misses something; the last one if none does."""
    missing = set(selectors.missing_for_submission(organisation))
    open_steps = (step.slug for step in STEPS if missing.intersection(step.fields))
    return next(open_steps, STEPS[-1].slug)


FormAndSave = tuple[Any, Callable[[], object]]


def _identity(request: HttpRequest, organisation: Organisation) -> FormAndSave:
    form = bound(IdentityForm, request, initial=IdentityForm.initial_of(organisation))
    return form, lambda: services.save_identity(
        organisation_id=organisation.pk, identity=form.identity()
    )


def _tax_code(request: HttpRequest, organisation: Organisation) -> FormAndSave:
    initial = {"tax_code": organisation.tax_code}
    form = bound(TaxCodeForm, request, initial=initial, kind=organisation.kind)
    return form, lambda: services.save_tax_code(
        organisation_id=organisation.pk, tax_code=form.cleaned_data["tax_code"]
    )


def _place(request: HttpRequest, organisation: Organisation) -> FormAndSave:
    initial = {
        "province": organisation.province_id,
        "commune": organisation.commune_id,
        "address": organisation.address,
    }
    form = bound(PlaceForm, request, initial=initial)
    return form, lambda: services.save_place(
        organisation_id=organisation.pk,
        province_id=form.cleaned_data["province"].pk,
        commune_id=form.cleaned_data["commune"].pk,
        address=form.cleaned_data["address"],
    )


def _contact(request: HttpRequest, organisation: Organisation) -> FormAndSave:
    person = person_of(request)
    initial = ContactForm.initial_of(organisation)
    if not organisation.contact_name:
        initial |= {"contact_name": person.full_name, "contact_email": person.email}
    form = bound(ContactForm, request, initial=initial)
    return form, lambda: services.save_contact(
        organisation_id=organisation.pk, contact=form.contact()
    )


_FORMS: Final[dict[str, Callable[[HttpRequest, Organisation], FormAndSave]]] = {
    "business": _identity,
    "tax-code": _tax_code,
    "place": _place,
    "contact": _contact,
}


def _check_and_send(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    user_id = person_of(request).pk
    given = frozenset(
        selectors.consents_in_force(user_id=user_id).values_list("purpose", flat=True)
    )
    form = bound(ConsentsForm, request, given=given)
    missing = selectors.missing_for_submission(organisation)
    if request.method == "POST" and form.is_valid() and not missing:
        services.give_consents(user_id=user_id, purposes=form.purposes())
        services.submit_organisation(organisation_id=organisation.pk, user_id=user_id)
        messages.success(request, _("Your registration is with the officer."))
        return redirect("accounts:join_sent", organisation.pk)
    context = {
        "form": form,
        "organisation": organisation,
        "consents": _with_texts(form),
        "missing_step": _step(_resume_at(organisation)) if missing else None,
    }
    return _render_step(request, STEPS[-1], context)


def _with_texts(form: forms.Form) -> list[tuple[forms.BoundField, services.ConsentText]]:
    return [(field, services.consent_text(ConsentPurpose(field.name))) for field in form]


def _step(slug: str) -> Step:
    return next(step for step in STEPS if step.slug == slug)


def _render_step(request: HttpRequest, step: Step, context: dict[str, Any]) -> HttpResponse:
    number = STEPS.index(step) + 1
    frame = {
        "step": step,
        "steps": [known.title for known in STEPS],
        "current": number,
        "previous": STEPS[number - 2] if number > 1 else None,
    }
    template = "accounts/join_send.html" if step is STEPS[-1] else "accounts/join_step.html"
    return render(request, template, {**frame, **context})
