"""Wiring of the outbox."""

from __future__ import annotations

from django.apps import AppConfig

from core.kernel.calendar import DayBegan
from core.outbox import registry


class OutboxConfig(AppConfig):
    name = "core.outbox"
    label = "outbox"
    verbose_name = "Events and duties"

    def ready(self) -> None:
        from core.outbox import outbox

        def purge_old(_event: DayBegan) -> None:
            outbox.purge()

        registry.subscribe([registry.Consumer("outbox.purge", (DayBegan,), purge_old)])
