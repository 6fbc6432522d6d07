"""API keys of one's organisation: owners only, each secret shown once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts import selectors, services
from core.accounts.enums import ApiScope
from core.accounts.forms.people import ApiKeyForm
from core.accounts.views.members import owner_required
from core.accounts.views.shared import add_errors, bound, own_organisation, person_of
from core.kernel.errors import DomainError, InvalidInputError


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
def api_key_list(request: HttpRequest) -> HttpResponse:
    """List the keys; a new one's secret stands on the answer to the POST and nowhere else."""
    own = own_organisation(request)
    form = bound(ApiKeyForm, request)
    created = None
    if request.method == "POST" and form.is_valid():
        created = _create(request, form)
        form = ApiKeyForm() if created else form
    context = {
        "organisation": own,
        "keys": selectors.api_keys_of(own.pk),
        "scope_labels": dict(ApiScope.choices),
        "form": form,
        "created": created,
    }
    return render(request, "accounts/api_key_list.html", context)


def _create(request: HttpRequest, form: ApiKeyForm) -> services.CreatedKey | None:
    try:
        return services.create_api_key(
            organisation_id=own_organisation(request).pk,
            name=form.cleaned_data["name"],
            scopes=[ApiScope(scope) for scope in form.cleaned_data["scopes"]],
            created_by_id=person_of(request).pk,
        )
    except InvalidInputError as error:
        add_errors(form, error)
    except DomainError as error:
        form.add_error(None, str(error))
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
def api_key_revoke(request: HttpRequest, api_key_id: int) -> HttpResponse:
    """Ask, then revoke a key for good."""
    key = get_object_or_404(selectors.api_keys_of(own_organisation(request).pk), pk=api_key_id)
    if request.method == "POST":
        services.revoke_api_key(api_key_id=key.pk)
        messages.success(request, _("The key no longer works."))
        return redirect("accounts:api_key_list")
    context = {
        "title": _("Revoke the key “%(name)s”?") % {"name": key.name},
        "text": _("Programs that use it are refused from now on. This cannot be undone."),
        "action": _("Revoke the key"),
        "cancel_url": reverse("accounts:api_key_list"),
        "danger": True,
    }
    return render(request, "components/confirm_page.html", context)
