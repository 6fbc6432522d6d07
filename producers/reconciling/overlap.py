"""What two lists have in common: the same product or the same holder in both, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from producers.reconciling.index import parent
from producers.reconciling.names import organisation_name, product_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One row of a list, as far as other lists can know it too; names folded."""

    entry_id: int
    title: str = ""
    name: str
    holder: str
    tax_code: str = ""
    gtin: str = ""
    stars: int | None = None
    stage: str = ""
    organisation_id: int | None = None
    product_id: int | None = None

    @property
    def holder_key(self) -> str:
        """What the holder is counted by: the business's tax code, else its name."""
        return parent(self.tax_code) or organisation_name(self.holder).core


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Rows of two lists that speak of one thing, and how many stand in one list only."""

    pairs: tuple[tuple[Listed, Listed], ...]
    only_left: int
    only_right: int

    @property
    def both(self) -> int:
        """How many rows of the left list have a counterpart."""
        return len(self.pairs)

    @property
    def other_stars(self) -> list[tuple[Listed, Listed]]:
        """The pairs to which the two lists give different stars."""
        return [
            (left, right)
            for left, right in self.pairs
            if left.stars and right.stars and left.stars != right.stars
        ]


def overlap(left: Sequence[Listed], right: Sequence[Listed]) -> Overlap:
    """Pair rows of two lists of products: by what they are linked to, by barcode, by names.

    No row is paired twice.
    """
    waiting = {one.entry_id: one for one in right}
    pairs: list[tuple[Listed, Listed]] = []
    unpaired = list(left)
    for key_of in _KEYS:
        keyed = {said: one for one in waiting.values() if (said := key_of(one))}
        rest = []
        for one in unpaired:
            key = key_of(one)
            other = keyed.pop(key, None) if key else None
            if other is None:
                rest.append(one)
            else:
                del waiting[other.entry_id]
                pairs.append((one, other))
        unpaired = rest
    return Overlap(pairs=tuple(pairs), only_left=len(unpaired), only_right=len(waiting))


def holders_of(listed: Iterable[Listed]) -> set[str]:
    """Return the holders of rows, each once; rows without one count for nobody."""
    return {key for one in listed if (key := one.holder_key)}


def shared_holders(left: Iterable[Listed], right: Iterable[Listed]) -> int:
    """Return how many holders of the left rows stand among the right ones, by code or name."""
    known = set(_all_names(right))
    found = {one.holder_key for one in left if not known.isdisjoint(_names_of(one))}
    return len(found - {""})


def _all_names(listed: Iterable[Listed]) -> Iterator[str]:
    for one in listed:
        yield from _names_of(one)


def _names_of(one: Listed) -> list[str]:
    return [key for key in (parent(one.tax_code), organisation_name(one.holder).core) if key]


_Key = str | int | tuple[str, str] | None


def _by_name(one: Listed) -> _Key:
    return (organisation_name(one.holder).core, product_name(one.name).core)


def _by_tax_code(one: Listed) -> _Key:
    return (parent(one.tax_code), product_name(one.name).core) if one.tax_code else None


_KEYS: Final[tuple[Callable[[Listed], _Key], ...]] = (
    lambda one: one.product_id,
    lambda one: one.gtin,
    _by_tax_code,
    _by_name,
)
