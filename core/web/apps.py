"""The web edge: what every page and every API answer shares."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "core.web"
    label = "web"

    def ready(self) -> None:
        """Teach the API description our ways to sign in."""
        from core.web import schema  # noqa: F401 -- importing registers the extensions
