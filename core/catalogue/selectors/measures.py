"""How much one unit of goods holds, whether sold by weight or by the pack."""

from __future__ import annotations

from decimal import Decimal

from core.catalogue.models import Unit
from core.kernel.quantity import Dimension, Measure, measure_of


def measure_for(
    unit: Unit, *, pack_size: Decimal | None = None, pack_unit: Unit | None = None
) -> Measure | None:
    """Return how one `unit` is measured, or None when a pack's content is not known.

    Args:
        unit: The unit as typed: tấn, lít, thùng …
        pack_size: How many `pack_unit` one pack holds; for units that are not packs it is ignored.
        pack_unit: What the content is counted in; itself never a pack.
    """
    content = None
    if pack_unit is not None and pack_unit.to_base is not None:
        content = Measure(dimension=Dimension(pack_unit.dimension), to_base=pack_unit.to_base)
    return measure_of(
        dimension=Dimension(unit.dimension),
        to_base=unit.to_base,
        pack_size=pack_size,
        pack_measure=content,
    )
