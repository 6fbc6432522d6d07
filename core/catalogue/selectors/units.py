"""Reading units of measure."""

from __future__ import annotations

from django.db.models import QuerySet

from core.catalogue.models import Unit
from core.catalogue.typed.units import vocabulary


def units() -> QuerySet[Unit]:
    """Return all units of measure, the usual ones first."""
    return Unit.objects.all()


def units_by_text(text: str) -> list[Unit]:
    """Return the units a text may mean, as `Vocabulary.at` reads them.

    "ta" may be tạ (100 kg) or tá (12), so it returns both; "tạ" returns one, "sào" one a region.
    """
    codes = vocabulary().named(text)
    found = {unit.code: unit for unit in units().filter(code__in=codes)}
    return [found[code] for code in codes if code in found]


def unit_by_text(text: str) -> Unit | None:
    """Return the one unit a text means, None when it means none or several."""
    found = units_by_text(text)
    return found[0] if len(found) == 1 else None
