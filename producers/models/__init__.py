"""Who sells: producers, their products, the papers behind them, and what they offer."""

from __future__ import annotations

from producers.models.desk import DeskBatch, DeskItem, DeskTake
from producers.models.goods import Producer, Product
from producers.models.offers import DIMENSIONS, SupplyOffer
from producers.models.papers import Paper, PaperProposal
from producers.models.registry import (
    Registry,
    RegistryCandidate,
    RegistryDecision,
    RegistryEntry,
    RegistryList,
    RegistryTakeover,
)

__all__ = [
    "DIMENSIONS",
    "DeskBatch",
    "DeskItem",
    "DeskTake",
    "Paper",
    "PaperProposal",
    "Producer",
    "Product",
    "Registry",
    "RegistryCandidate",
    "RegistryDecision",
    "RegistryEntry",
    "RegistryList",
    "RegistryTakeover",
    "SupplyOffer",
]
