"""A person's own profile, and what they agreed to."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts import selectors, services
from core.accounts.enums import ConsentPurpose
from core.accounts.forms.people import ProfileForm
from core.accounts.models import User
from core.accounts.views.shared import bound, person_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show and keep name and language; list what the person agreed to."""
    user = person_of(request)
    form = bound(ProfileForm, request, initial=ProfileForm.initial_of(user))
    if request.method == "POST" and form.is_valid():
        return _keep_profile(request, form)
    context = {"form": form, "consents": _consents_of(user)}
    return render(request, "accounts/profile.html", context)


def _keep_profile(request: HttpRequest, form: ProfileForm) -> HttpResponse:
    language = form.cleaned_data["language"]
    services.change_profile(
        user_id=person_of(request).pk,
        full_name=form.cleaned_data["full_name"],
        language=language,
    )
    messages.success(request, _("Saved."))
    response = redirect("accounts:profile")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _consents_of(user: User) -> list[dict[str, object]]:
    in_force = {
        consent.purpose: consent for consent in selectors.consents_in_force(user_id=user.pk)
    }
    return [
        {
            "purpose": purpose,
            "text": services.consent_text(purpose),
            "given": in_force.get(purpose),
            "is_required": purpose in services.REQUIRED_CONSENTS,
        }
        for purpose in ConsentPurpose
    ]


@require_safe
def consent_text(request: HttpRequest, purpose: str) -> HttpResponse:
    """Show the words of one purpose to anybody."""
    found = _purpose_or_404(purpose)
    context = {"purpose": found, "text": services.consent_text(found)}
    return render(request, "accounts/consent_text.html", context)


@require_POST
@login_required
def consent_give(request: HttpRequest, purpose: str) -> HttpResponse:
    """Record that the person agrees."""
    found = _purpose_or_404(purpose)
    services.give_consents(user_id=person_of(request).pk, purposes=[found])
    messages.success(request, _("Thank you. You can withdraw this at any time."))
    return redirect("accounts:profile")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def consent_withdraw(request: HttpRequest, purpose: str) -> HttpResponse:
    """Withdraw a consent; those the account rests on ask first, for they close it."""
    found = _purpose_or_404(purpose)
    closes = found in services.REQUIRED_CONSENTS
    if request.method == "POST":
        services.withdraw_consent(user_id=person_of(request).pk, purpose=found)
        if closes:
            logout(request)
            messages.success(request, _("Your account is closed. Thank you for your time here."))
            return redirect("web:home")
        messages.success(request, _("Withdrawn. What rested on it stops now."))
        return redirect("accounts:profile")
    closing = _(
        "Without it we cannot keep an account for you. It is closed at once, and an organisation "
        "that nobody else acts for is no longer shown."
    )
    plain = _("What rests on it stops at once. You can agree again at any time.")
    context = {
        "title": _("Withdraw: %(purpose)s?") % {"purpose": found.label},
        "text": closing if closes else plain,
        "action": _("Withdraw and close my account") if closes else _("Withdraw"),
        "cancel_url": reverse("accounts:profile"),
        "danger": closes,
    }
    return render(request, "components/confirm_page.html", context)


def _purpose_or_404(purpose: str) -> ConsentPurpose:
    if purpose not in ConsentPurpose.values:
        raise Http404
    return ConsentPurpose(purpose)
