"""The document vault."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VaultConfig(AppConfig):
    name = "core.vault"
    label = "vault"
    verbose_name = _("Document vault")
