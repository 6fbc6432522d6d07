"""The web edge: what every page and every API answer shares."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "core.web"
    label = "web"
