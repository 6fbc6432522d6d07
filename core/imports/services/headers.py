"""Finding the header of a list and which column is which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import override

from core.imports.registry import Column
from core.kernel.text import fold
from core.sheets.cells import Cell, text_of

LOOKED_AT: Final = 10
_LANGUAGES: Final = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands.

    `missing` are required columns without a header; `double` a column that two headers claim.
    """

    places: dict[str, int]
    ignored: list[str]
    missing: list[str]
    double: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether rows can be read below it."""
        return not self.missing and not self.double


def header_in(cells: Sequence[Cell], *, columns: Sequence[Column]) -> Header:
    """Read one row as a header; marks, accents and capitals do not matter."""
    known = _names(columns)
    places: dict[str, int] = {}
    ignored: list[str] = []
    double = ""
    for at, cell in enumerate(cells):
        written = text_of(cell)
        if not written:
            continue
        key = known.get(fold(written))
        if key is None:
            ignored.append(written[:60])
        elif key in places:
            double = written
        else:
            places[key] = at
    missing = [str(c.header) for c in columns if c.is_required and c.key not in places]
    return Header(places, ignored[:20], missing, double)


def _names(columns: Sequence[Column]) -> dict[str, str]:
    """Return the key by folded header; the column's own header wins over another's alias."""
    names: dict[str, str] = {}
    for column in columns:
        for alias in (*column.aliases, column.key):
            names.setdefault(fold(alias), column.key)
    for language in _LANGUAGES:
        with override(language):
            names |= {fold(str(column.header)): column.key for column in columns}
    return names
