"""Registers the catalogue with Django."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """Product categories and units of measure."""

    name = "core.catalogue"
    label = "catalogue"
    verbose_name = _("Catalogue")
