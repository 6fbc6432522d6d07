"""The buyers app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BuyersConfig(AppConfig):
    name = "buyers"
    verbose_name = _("Buyers")

    def ready(self) -> None:
        """Subscribe to events and offer panels of the role home."""
        from buyers import handlers, panels, resources
        from core.outbox import registry

        registry.subscribe(handlers.CONSUMERS)
        panels.register()
        resources.register()
