"""Which units a piece of text may name within a province or district, and how well it fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, Generic, Protocol, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.places.resolver.kinds import URBAN
from core.places.resolver.pieces import Reading

# What each flaw costs, beside the 3 points a matched level earns.
OTHER_MARKS: Final = 0.3
VERY_OTHER_MARKS: Final = 0.6
SOME_MARKS_MISSING: Final = 0.1
OTHER_KIND: Final = 0.35
SIMILAR_KIND: Final = 0.2
FORMER_NAME: Final = 0.05
ONE_SLIP: Final = 0.9
OTHER_COLUMN: Final = 0.5
WEAK_PLACE: Final = 0.8
PART_OF_MORE: Final = 1.5
# Fits that differ by less than this are equally good.
AS_GOOD: Final = 0.12
_SHORTEST_WITH_SLIP: Final = 3
_SOUNDS: Final = (("tr", "ch"), ("gi", "d"), ("r", "d"), ("s", "x"), ("l", "n"), ("ng", "n"))


class Named(Protocol):
    """A name in the gazetteer."""

    @property
    def marked(self) -> str:
        """The key with marks."""


N_co = TypeVar("N_co", bound=Named, covariant=True)
N = TypeVar("N", bound=Named)


class Fit(Generic[N_co]):
    """A name a reading may mean, and whether a letter had to be put right."""

    __slots__ = ("is_slip", "name")

    def __init__(self, name: N_co, *, is_slip: bool) -> None:
        self.name = name
        self.is_slip = is_slip


def fits_of(
    reading: Reading,
    names: Mapping[str, Sequence[N]],
    labels: Mapping[str, Sequence[N]] | None,
    *,
    slips: bool,
    many: bool = False,
) -> list[Fit[N]]:
    """Return the names of a reading; slips count only where none has the very marks written.

    Args:
        reading: What is written.
        names: The names of the place it is looked up in.
        labels: The same names behind their kinds in full, for a slip in the word of kind.
        slips: A missing, extra, swapped or wrong letter is thought of.
        many: There are so many names that accents alone do not choose among misspelt ones.
    """
    exact = [Fit(name, is_slip=False) for name in names.get(reading.key, ())]
    if not slips or reading.marked in [fit.name.marked for fit in exact]:
        return exact
    if exact and not reading.has_marks:
        return exact
    near = _with_one_slip(reading, names, many=many)
    if not near and not exact and reading.kind is None and labels is not None:
        near = _with_one_slip(reading, labels, many=many)
    return exact + [Fit(name, is_slip=True) for name in dict.fromkeys(near)]


def price_of_text(reading: Reading, fit: Fit[Named], *, row_has_marks: bool) -> float:
    """Return the cost of letters and accents that differ; a slip may take one accent along."""
    slip = ONE_SLIP if fit.is_slip else 0.0
    marked = fit.name.marked
    if reading.marked == marked:
        return slip
    if not reading.has_marks:
        return SOME_MARKS_MISSING if row_has_marks and not fit.is_slip else slip
    is_one_mark = OSA.distance(reading.marked, marked, score_cutoff=1) <= 1
    if fit.is_slip:
        return slip if is_one_mark else slip + OTHER_MARKS
    return OTHER_MARKS if is_one_mark else VERY_OTHER_MARKS


def price_of_kind(written: str | None, kind: str) -> float:
    """Return the cost of a kind that differs from the unit's; towns grow into cities."""
    if written is None or written == kind:
        return 0.0
    return SIMILAR_KIND if written in URBAN and kind in URBAN else OTHER_KIND


def _with_one_slip(reading: Reading, names: Mapping[str, Sequence[N]], *, many: bool) -> list[N]:
    """Return the names one missing, extra, swapped or wrong letter away; digits never slip."""
    key = reading.key
    if len(key) < _SHORTEST_WITH_SLIP or key.isdigit():
        return []
    near = _near(key, names)
    if not near and "y" in key:
        key = key.replace("y", "i")  # a slip beside "Mỹ" hides that it is "Mi"
        near = _near(key, names)
    found = [
        name
        for other in near
        if other != key and len(other) >= _SHORTEST_WITH_SLIP and _digits(other) == _digits(key)
        for name in names[other]
    ]
    if many or not reading.has_marks:
        return found
    distances = [OSA.distance(reading.marked, name.marked) for name in found]
    closest = min(distances, default=0)
    return [name for name, d in zip(found, distances, strict=True) if d == closest]


def _near(key: str, names: Mapping[str, Sequence[N]]) -> list[str]:
    """Return the keys one slip away, or two where these only write another sound alike."""
    near = process.extract(key, names.keys(), scorer=OSA.distance, score_cutoff=2, limit=None)
    return [other for other, distance, _ in near if distance <= 1 or _sound(other) == _sound(key)]


@lru_cache(maxsize=20_000)
def _sound(key: str) -> str:
    """Return a key in which sounds that dialects confuse are one."""
    for written, heard in _SOUNDS:
        key = key.replace(written, heard)
    return key


def _digits(key: str) -> str:
    return "".join([c for c in key if c.isdigit()])
