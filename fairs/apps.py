"""The fairs app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FairsConfig(AppConfig):
    name = "fairs"
    verbose_name = _("Fairs")

    def ready(self) -> None:
        """Subscribe the consumers, name the kinds of messages and offer the panels."""
        from core.notifications import registry as kinds  # noqa: PLC0415 -- models must be loaded
        from core.outbox import registry as consumers  # noqa: PLC0415 -- as above
        from fairs import panels  # noqa: PLC0415 -- as above
        from fairs.handlers import CONSUMERS  # noqa: PLC0415 -- as above
        from fairs.notices import KINDS  # noqa: PLC0415 -- as above

        consumers.subscribe(CONSUMERS)
        for kind in KINDS:
            kinds.register(kind)
        panels.register()
