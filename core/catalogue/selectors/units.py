"""Reading units of measure."""

from __future__ import annotations

from django.db.models import QuerySet

from core.catalogue.models import Unit
from core.catalogue.selectors.spelling import Word, words_of


def units() -> QuerySet[Unit]:
    """Return all units of measure, the usual ones first."""
    return Unit.objects.all()


def units_by_text(text: str) -> list[Unit]:
    """Return the units a text may mean: those with its very accents, else those without.

    "ta" may be tạ (100 kg) or tá (12), so it returns both; "tạ" returns one.
    """
    typed = words_of(text)
    if not typed:
        return []
    named = [(unit, words_of(name)) for unit in units() for name in (unit.name_vi, *unit.synonyms)]
    exact = [unit for unit, words in named if _accented(words) == _accented(typed)]
    if exact or not all(word.is_plain for word in typed):
        return _once(exact)
    return _once([unit for unit, words in named if _folded(words) == _folded(typed)])


def unit_by_text(text: str) -> Unit | None:
    """Return the one unit a text means, None when it means none or several."""
    found = units_by_text(text)
    return found[0] if len(found) == 1 else None


def _accented(words: tuple[Word, ...]) -> list[str]:
    return [word.accented for word in words]


def _folded(words: tuple[Word, ...]) -> list[str]:
    return [word.folded for word in words]


def _once(found: list[Unit]) -> list[Unit]:
    return list({unit.pk: unit for unit in found}.values())
