"""Lists of producers that can be imported and exported."""

from __future__ import annotations

from core.imports import registry
from producers.resources.offers import OfferList
from producers.resources.papers import PaperList, ProvincePaperList
from producers.resources.products import ProductList
from producers.resources.registries import KINDS as REGISTERS

KINDS = (ProductList(), OfferList(), PaperList(), ProvincePaperList(), *REGISTERS)


def register() -> None:
    """Make the kinds known; called once the apps are ready."""
    for kind in KINDS:
        registry.register(kind)
