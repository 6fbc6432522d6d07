"""Closed lists of the catalogue."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CategoryLevel(TextChoices):
    """The OCOP levels, and our own leaves below them."""

    SECTOR = "nganh", _("Sector")
    GROUP = "nhom", _("Group")
    SET = "bo_san_pham", _("Product set")
    LEAF = "leaf", _("Product kind")


class StorageClass(TextChoices):
    """How goods travel and wait."""

    LIVE = "live", _("Live")
    CHILLED = "chilled", _("Chilled")
    FROZEN = "frozen", _("Frozen")
    AMBIENT = "ambient", _("Ambient")
    SERVICE = "service", _("Service")


class Dimension(TextChoices):
    """What a unit measures; only equal dimensions compare."""

    MASS = "mass", _("Mass")
    VOLUME = "volume", _("Volume")
    COUNT = "count", _("Count")
    LENGTH = "length", _("Length")
    AREA = "area", _("Area")
    BOOTH = "booth", _("Booth")
    PACK = "pack", _("Pack")
    LOAD = "load", _("Load")
    SERVICE = "service", _("Service")
