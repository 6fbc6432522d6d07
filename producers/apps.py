"""The producers app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProducersConfig(AppConfig):
    name = "producers"
    verbose_name = _("Producers")

    def ready(self) -> None:
        """Subscribe to events, make messages known and offer panels of the role home."""
        from core.outbox import heartbeats, registry
        from core.vault import registry as vault
        from producers import handlers, notices, panels, resources, selectors, services

        registry.subscribe(handlers.CONSUMERS)
        heartbeats.expect(services.HEARTBEAT)
        panels.register()
        notices.register()
        vault.used_by("producers.papers", uses_of=selectors.papers_resting_on)
        panels.register_dossiers()
        resources.register()
