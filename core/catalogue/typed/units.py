"""The units people write, by every name they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from core.catalogue.typed.tokens import Token, words_of
from core.kernel.quantity import Dimension, Measure, measure_of
from core.kernel.reference import read_rows, split_list

PERCENT: Final = "%"
_FILE: Final = Path(__file__).resolve().parents[1] / "data" / "units.csv"
# Written alike in every language.
_SYMBOLS: Final = {"kg", "g", "ml", "m", "m2", "ha"}
_PACKED: Final = {Dimension.PACK, Dimension.LOAD}
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedUnit:
    """A unit as it is read and written: the first synonym means this unit and no other."""

    code: str
    label_vi: str
    label_en: str
    dimension: Dimension
    to_base: Decimal | None
    names: tuple[str, ...]

    @property
    def is_pack(self) -> bool:
        """Whether its content has to be named before it compares."""
        return self.dimension in _PACKED

    @property
    def region(self) -> str:
        """Region whose custom it follows, "" where it is the same everywhere."""
        return self.code.partition("_")[2] if self.dimension == Dimension.AREA else ""

    def label(self, language: str) -> str:
        """Return the name a text of this language is written with and read back from."""
        return self.label_en if language == "en" else self.label_vi

    def measure(self) -> Measure | None:
        """Return how it is measured, None for packs."""
        return measure_of(dimension=self.dimension, to_base=self.to_base)


class Vocabulary:
    """Finds units in tokens, the longest name first."""

    def __init__(self, units: Iterable[TypedUnit]) -> None:
        self.by_code: Final = {unit.code: unit for unit in units}
        self._accented: Final[defaultdict[Key, dict[str, None]]] = defaultdict(dict)
        self._folded: Final[defaultdict[Key, dict[str, None]]] = defaultdict(dict)
        self._english: Final[defaultdict[Key, dict[str, None]]] = defaultdict(dict)
        for unit in self.by_code.values():
            self._learn(unit)
        known = [*self._accented, *self._english]
        self._longest: Final = max((len(key) for key in known), default=0)

    def _learn(self, unit: TypedUnit) -> None:
        for name in unit.names:
            words = words_of(name)
            self._accented[_accented(words)][unit.code] = None
            self._folded[_folded(words)][unit.code] = None
        english = _accented(words_of(unit.label_en))
        *firsts, last = english
        for form in (last, f"{last}s", f"{last}es"):
            self._english[(*firsts, form)][unit.code] = None

    def at(self, tokens: tuple[Token, ...], at: int, *, language: str) -> tuple[list[str], int]:
        """Return the codes of the units whose name begins at a place, and where it ends.

        A word without accents stands for every unit it may be: "ta" for tạ and tá, "can" for
        can and cân. With its accents it stands for those of that very name; "sào" has two.
        """
        for end in range(min(len(tokens), at + self._longest), at, -1):
            if codes := self._codes(tokens[at:end], language=language):
                return codes, end
        return [], at

    def _codes(self, words: tuple[Token, ...], *, language: str) -> list[str]:
        exact = self._accented.get(_accented(words), {})
        is_plain = all(word.is_plain or word.is_number for word in words)
        loose = self._folded.get(_folded(words), {}) if is_plain else {}
        if language == "en" and (english := self._english.get(_accented(words))):
            return list(english | exact)
        return list(exact | loose)

    def named(self, text: str, *, language: str = "vi") -> list[str]:
        """Return the codes a whole text may mean."""
        words = words_of(text)
        codes, end = self.at(words, 0, language=language)
        return codes if end == len(words) else []


def _accented(words: tuple[Token, ...]) -> Key:
    return tuple(word.accented for word in words)


def _folded(words: tuple[Token, ...]) -> Key:
    return tuple(word.folded for word in words)


@cache
def vocabulary() -> Vocabulary:
    """Return the units of the reference file."""
    return Vocabulary(_unit(row) for row in read_rows(_FILE))


def _unit(row: dict[str, str]) -> TypedUnit:
    synonyms = split_list(row["synonyms"])
    english = row["name_en"].partition(" (")[0]
    return TypedUnit(
        code=row["code"],
        label_vi=synonyms[0],
        label_en=synonyms[0] if row["code"] in _SYMBOLS else english,
        dimension=Dimension(row["dimension"]),
        to_base=Decimal(row["to_base"]) if row["to_base"] else None,
        names=(row["name_vi"], *synonyms),
    )
