"""Registers the geography with Django."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    """Provinces, communes, roads and pacts."""

    name = "core.places"
    label = "places"
    verbose_name = _("Places")

    def ready(self) -> None:
        from core.outbox.registry import subscribe
        from core.places import checks as _checks  # noqa: F401 -- registers the system check
        from core.places.handlers import CONSUMERS

        subscribe(CONSUMERS)
