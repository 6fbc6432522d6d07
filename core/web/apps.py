"""The web edge: what every page and every API answer shares."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "core.web"
    label = "web"

    def ready(self) -> None:
        """Teach the API description our ways to sign in, and offer the officer's panel."""
        from core.web import desk_panel, schema  # noqa: F401 -- importing schema registers it

        desk_panel.register()
