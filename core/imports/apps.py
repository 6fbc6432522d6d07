"""The app of imports and exports."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "core.imports"
    label = "imports"
    verbose_name = _("Imports")

    def ready(self) -> None:
        """Subscribe to events and make the message known."""
        from core.imports import handlers, notices
        from core.outbox import registry

        registry.subscribe(handlers.CONSUMERS)
        notices.register()
