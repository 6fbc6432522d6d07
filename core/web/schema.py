"""What the OpenAPI page says of our two ways to sign in."""

from __future__ import annotations

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """An organisation's key as a Bearer token."""

    target_class = "core.web.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Describe the header."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key of your organisation, made under “API keys”: `nc_…`.",
        }


class PortalSessionScheme(OpenApiAuthenticationExtension):
    """The portal's session cookie."""

    target_class = "core.web.authentication.PortalSessionAuthentication"
    name = "portalSession"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Describe the cookie."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "Signed in on the portal; unsafe methods need its CSRF token.",
        }
