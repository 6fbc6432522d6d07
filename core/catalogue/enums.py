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


class ProposalState(TextChoices):
    """What became of words a person used for a kind of product."""

    WAITING = "waiting", _("Waiting")  # -> approved, rejected
    APPROVED = "approved", _("Approved")  # -> waiting
    REJECTED = "rejected", _("Rejected")  # -> waiting


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


class PaperKind(TextChoices):
    """What a paper proves. The order is the order on pages; the engine's bits follow it."""

    OCOP_AWARD = "ocop_award", _("OCOP award")
    FOOD_SAFETY = "food_safety", _("Food-safety certificate")
    SELF_DECLARATION = "self_declaration", _("Product self-declaration")
    VIETGAP = "vietgap", _("VietGAP")
    GLOBALGAP = "globalgap", _("GlobalG.A.P.")
    ORGANIC = "organic", _("Organic")
    HACCP = "haccp", _("HACCP")
    ISO_22000 = "iso_22000", _("ISO 22000")
    HALAL = "halal", _("Halal")
    GROWING_AREA_CODE = "growing_area_code", _("Growing-area code")
    PACKING_FACILITY_CODE = "packing_facility_code", _("Packing-facility code")
    TRACE_LINK = "trace_link", _("Traceability link")
    CNNT = "cnnt", _("Typical rural industrial product")
    FOOD_SAFETY_EXEMPTION = "food_safety_exemption", _("Exemption from the food-safety certificate")
    SAFE_COMMITMENT = "safe_commitment", _("Safe-production commitment of households")
    STOREFRONT = "storefront", _("Shop on an e-commerce platform")


class Market(TextChoices):
    """Where goods under a growing-area or packing code may go."""

    DOMESTIC = "VN", _("Việt Nam")
    CHINA = "CN", _("China")
    JAPAN = "JP", _("Japan")
    KOREA = "KR", _("Korea")
    EU = "EU", _("European Union")
    USA = "US", _("United States")
    AUSTRALIA = "AU", _("Australia and New Zealand")
