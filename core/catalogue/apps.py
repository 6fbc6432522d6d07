"""Registers the catalogue with Django."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """Product categories, units of measure and the reading of product names."""

    name = "core.catalogue"
    label = "catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from django.core.checks import register

        from core.catalogue import events  # noqa: F401 -- its types are known once imported
        from core.catalogue.checks import reference_files_agree

        register(reference_files_agree, "catalogue")
