"""The desk of roads, gates and pacts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FreightConfig(AppConfig):
    name = "core.freight"
    label = "freight"
    verbose_name = _("Roads and gates")
