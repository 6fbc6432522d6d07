"""Who calls the API: an organisation's key, or a person signed in on the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from core.accounts import services
from core.accounts.actors import Actor
from core.accounts.enums import ApiScope
from core.web.actor import acting, actor_of

if TYPE_CHECKING:
    # rest_framework.views loads this module while it is itself half loaded.
    from rest_framework.views import APIView


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer nc_…`; acts for the key's organisation within its scopes."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Actor] | None:
        """Return the key's actor; None where no key was sent.

        Raises:
            AuthenticationFailed: The key is unknown or revoked.
        """
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != self.keyword.lower():
            return None
        actor = services.actor_of_api_key(token.strip())
        if actor is None:
            raise AuthenticationFailed("This API key is unknown or revoked.")
        request._request.actor = actor  # type: ignore[attr-defined]  # -- views read the actor there
        return AnonymousUser(), actor

    def authenticate_header(self, request: Request) -> str:
        """Make DRF answer 401, not 403, to a missing key."""
        return self.keyword


class PortalSessionAuthentication(SessionAuthentication):
    """The portal's own session, with its CSRF check."""

    def authenticate(self, request: Request) -> tuple[object, Actor] | None:
        """Return the signed-in person and the actor behind the request."""
        found = super().authenticate(request)
        if found is None:
            return None
        return found[0], actor_of(request._request)  # DRF wraps the request


class ActorRequired(BasePermission):
    """Signed in, and within the key's scopes: read for safe methods, write for the others."""

    message = "Send an API key as a Bearer token, or sign in."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether the actor may call this view with this method."""
        actor = acting(request._request)  # DRF wraps the request
        if not actor.is_signed_in:
            return False
        needed = cast("ApiScope", getattr(view, "write_scope", ApiScope.WRITE))
        return actor.has_scope(ApiScope.READ if request.method in SAFE_METHODS else needed)
