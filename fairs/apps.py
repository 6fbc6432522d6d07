"""The fairs app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FairsConfig(AppConfig):
    name = "fairs"
    verbose_name = _("Fairs")

    def ready(self) -> None:
        """Subscribe the consumers, name the kinds of messages and offer the panels."""
        from core.notifications import registry as kinds
        from core.outbox import registry as consumers
        from fairs import panels
        from fairs.handlers import CONSUMERS
        from fairs.notices import KINDS

        consumers.subscribe(CONSUMERS)
        for kind in KINDS:
            kinds.register(kind)
        panels.register()
        panels.register_dossiers()
