"""One's own organisation: what it says of itself, and for whom one acts."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts import doors, rules, selectors, services
from core.accounts.doors import acting, member_required
from core.accounts.forms.organisations import IdentityForm, OwnContactForm, OwnIdentityForm
from core.accounts.views.shared import add_errors, bound, own_organisation, person_of
from core.kernel.errors import InvalidInputError


@require_safe
@member_required
def organisation(request: HttpRequest) -> HttpResponse:
    """Show what the organisation says of itself."""
    own = own_organisation(request)
    context = {
        "organisation": own,
        "is_registering": own.status in selectors.REGISTERING,
        "can_edit": rules.can_edit_organisation(acting(request), own),
    }
    return render(request, "accounts/organisation_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def organisation_contact(request: HttpRequest) -> HttpResponse:
    """Change contact and address; nobody has to be asked."""
    own = own_organisation(request)
    if not rules.can_edit_organisation(acting(request), own):
        raise Http404
    initial = OwnContactForm.initial_of(own) | {"commune": own.commune_id, "address": own.address}
    form = bound(OwnContactForm, request, initial=initial, province=own.province)
    if request.method == "POST" and form.is_valid():
        services.change_contact(
            organisation_id=own.pk,
            contact=form.contact(),
            commune_id=form.cleaned_data["commune"].pk,
            address=form.cleaned_data["address"],
        )
        messages.success(request, _("Saved."))
        return redirect("accounts:organisation")
    context = {"form": form, "organisation": own}
    return render(request, "accounts/organisation_contact.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def organisation_identity(request: HttpRequest) -> HttpResponse:
    """Change who the organisation is; the officer has to look again."""
    own = own_organisation(request)
    if not rules.can_edit_organisation(acting(request), own):
        raise Http404
    if own.status in selectors.REGISTERING:
        return redirect("accounts:join")
    initial = IdentityForm.initial_of(own) | {"tax_code": own.tax_code}
    form = bound(OwnIdentityForm, request, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.change_identity(
                organisation_id=own.pk,
                identity=form.identity(),
                tax_code=form.cleaned_data["tax_code"],
            )
        except InvalidInputError as error:
            add_errors(form, error)
        else:
            return _after_identity(request, needs_commune=changed.commune_id is None)
    context = {"form": form, "organisation": own}
    return render(request, "accounts/organisation_identity.html", context)


@require_POST
@login_required
def switch_organisation(request: HttpRequest) -> HttpResponse:
    """Act for another of one's organisations from now on."""
    chosen = request.POST.get("organisation", "")
    memberships = selectors.memberships_of(person_of(request))
    found = next((m for m in memberships if str(m.organisation_id) == chosen), None)
    if found is None:
        raise Http404
    doors.act_for(request, organisation_id=found.organisation_id)
    request.session.cycle_key()
    messages.success(request, _("You now act for %(name)s.") % {"name": found.organisation.name})
    return redirect("web:dashboard")


def _after_identity(request: HttpRequest, *, needs_commune: bool) -> HttpResponse:
    if needs_commune:
        messages.warning(request, _("Saved. Now choose your commune in the new province."))
        return redirect("accounts:organisation_contact")
    messages.success(request, _("Saved."))
    return redirect("accounts:organisation")
