"""The document vault."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VaultConfig(AppConfig):
    name = "core.vault"
    label = "vault"
    verbose_name = _("Document vault")

    def ready(self) -> None:
        """Subscribe the consumers and name the kinds of messages."""
        from core.notifications import registry as kinds
        from core.outbox import registry as consumers
        from core.vault.handlers import CONSUMERS
        from core.vault.notices import KINDS

        consumers.subscribe(CONSUMERS)
        for kind in KINDS:
            kinds.register(kind)
