"""Wiring of the notifications."""

from __future__ import annotations

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "core.notifications"
    label = "notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        from core.notifications import (
            handlers,
            notices,
            registry,
        )
        from core.outbox.registry import subscribe

        subscribe(handlers.CONSUMERS)
        for kind in notices.KINDS:
            registry.register(kind)
