"""Quantities in the units of the market, compared in base units."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

MAX_QUANTITY_BASE = Decimal(1_000_000_000)


class Dimension(StrEnum):
    """What a quantity measures; only equal dimensions compare. The base unit stands beside it."""

    MASS = "mass"  # kg
    VOLUME = "volume"  # litre
    COUNT = "count"  # each
    AREA = "area"  # m²
    BOOTH = "booth"  # m²
    LENGTH = "length"  # m
    PACK = "pack"  # becomes mass, volume or count through its content
    LOAD = "load"  # a container: becomes mass through its content
    SERVICE = "service"  # each


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How much one unit holds: `to_base` base units of `dimension`."""

    dimension: Dimension
    to_base: Decimal

    def base_of(self, quantity: Decimal) -> Decimal:
        """Return `quantity` units in base units."""
        return quantity * self.to_base

    def price_per_base(self, price_vnd_per_unit: int) -> int:
        """Return the price of one base unit, rounded to the đồng."""
        return round(Decimal(price_vnd_per_unit) / self.to_base)


def measure_of(
    *,
    dimension: Dimension,
    to_base: Decimal | None,
    pack_size: Decimal | None = None,
    pack_measure: Measure | None = None,
) -> Measure | None:
    """Return how a unit is measured, or None when a pack's content is not known.

    Args:
        dimension: Dimension of the unit as typed (a pack stays a pack until its content is known).
        to_base: Base units in one unit; None for packs and loads.
        pack_size: How many `pack_measure` units one pack holds.
        pack_measure: Measure of the pack's content (kg, litre or piece).
    """
    if to_base is not None:
        return Measure(dimension=dimension, to_base=to_base)
    if pack_size is None or pack_measure is None:
        return None
    return Measure(dimension=pack_measure.dimension, to_base=pack_size * pack_measure.to_base)
