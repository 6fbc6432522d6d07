"""Which units a piece of text may name within a province or district, and how well it fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol, TypeVar

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


class Named(Protocol):
    """A name in the gazetteer."""

    @property
    def marked(self) -> str:
        """The key with marks."""


N = TypeVar("N", bound=Named)


def price_of_marks(
    reading: Reading, name: Named, *, row_has_marks: bool, is_slip: bool = False
) -> float:
    """Return the cost of accents that differ from the name's; one letter may, in a slip."""
    if reading.marked == name.marked:
        return 0.0
    if not reading.has_marks:
        return SOME_MARKS_MISSING if row_has_marks and not is_slip else 0.0
    is_one_mark = OSA.distance(reading.marked, name.marked, score_cutoff=1) <= 1
    if is_slip:
        return 0.0 if is_one_mark else OTHER_MARKS
    return OTHER_MARKS if is_one_mark else VERY_OTHER_MARKS


def price_of_kind(written: str | None, kind: str) -> float:
    """Return the cost of a kind that differs from the unit's; towns grow into cities."""
    if written is None or written == kind:
        return 0.0
    return SIMILAR_KIND if written in URBAN and kind in URBAN else OTHER_KIND


def best(fits: Iterable[tuple[float, N]]) -> list[tuple[float, N]]:
    """Return those that fit about as well as the best."""
    found = list(fits)
    if len(found) < 2:  # noqa: PLR2004 -- nothing to compare
        return found
    limit = min(price for price, _ in found) + AS_GOOD
    return [(price, name) for price, name in found if price <= limit]


def with_one_slip(
    reading: Reading, names: Mapping[str, Sequence[N]], *, many: bool = False
) -> list[N]:
    """Return the names one missing, extra, swapped or wrong letter away.

    Digits never slip. Accents choose among several names where they are written, unless there
    are so `many` names that one would always fit.
    """
    key = reading.key
    if len(key) < _SHORTEST_WITH_SLIP or key.isdigit():
        return []
    near = _near(key, names)
    if not near and "y" in key:
        key = key.replace("y", "i")  # a slip beside "Mỹ" hides that it is "Mi"
        near = _near(key, names)
    found = [
        name
        for other, distance, _ in near
        if distance == 1 and len(other) >= _SHORTEST_WITH_SLIP and _digits(other) == _digits(key)
        for name in names[other]
    ]
    if many or len(near) < 2 or not reading.has_marks:  # noqa: PLR2004 -- one name needs no choice
        return found
    distances = [OSA.distance(reading.marked, name.marked) for name in found]
    closest = min(distances, default=0)
    return [name for name, d in zip(found, distances, strict=True) if d == closest]


def _near(key: str, names: Mapping[str, Sequence[N]]) -> list[tuple[str, float, int]]:
    return process.extract(
        key, names.keys(), scorer=OSA.distance, score_cutoff=1, limit=None, processor=None
    )


def _digits(key: str) -> str:
    return "".join([c for c in key if c.isdigit()])
