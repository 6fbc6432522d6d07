"""The administrators' site: our own sign-in, and never without a second factor."""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect


class PortalAdminSite(AdminSite):
    """Open to staff who have a second factor; the others are led to where they get one."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether this person may use the site now."""
        return super().has_permission(request) and is_mfa_enabled(request.user)

    def login(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Send visitors to the portal's sign-in with its limits, staff to set up TOTP."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or request.get_full_path())
        if not request.user.is_staff:
            raise Http404
        return redirect("mfa_activate_totp")
