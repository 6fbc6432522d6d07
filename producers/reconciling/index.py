"""What of ours is worth comparing with an entry: found by exact keys and by rare trigrams."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from producers.reconciling.facts import EntryFacts, OursFacts
from producers.reconciling.names import organisation_name, product_name

K = TypeVar("K", str, int)
_LOOKED_UP: Final = 8
"""So many of the rarest trigrams of a name are looked up …"""
_MOST_READ: Final = 1_500
"""… but no more names than this are read, after the first three trigrams."""
_FIRST: Final = 3
_NEAREST: Final = 12
"""So many of the names that share most of them are compared."""
_FEWEST_SHARED: Final = 2
_MOST_OF_ONE_NAME: Final = 24
_MOST_OF_ONE_HOLDER: Final = 300


class Trigrams:
    """Rows by the trigrams of their names; rows of one name are held together."""

    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        self._rows = _grouped(names)
        self._names: dict[str, list[str]] = defaultdict(list)
        for name in self._rows:
            for part in trigrams(name):
                self._names[part].append(name)

    def near(self, name: str) -> list[int]:
        """Return rows of this name, and of names that share most of its rarest trigrams."""
        shared: Counter[str] = Counter()
        parts = [part for part in trigrams(name) if part in self._names]
        rarest = sorted(parts, key=lambda part: len(self._names[part]))[:_LOOKED_UP]
        read = 0
        for looked_up, part in enumerate(rarest):
            read += len(self._names[part])
            if looked_up >= _FIRST and read > _MOST_READ:
                break
            shared.update(self._names[part])
        fewest = min(_FEWEST_SHARED, len(rarest))
        near = [one for one, times in shared.most_common(_NEAREST) if times >= fewest]
        names = dict.fromkeys([name, *near])
        return [at for one in names for at in self._rows.get(one, ())[:_MOST_OF_ONE_NAME]]


class OursIndex:
    """Our organisations and products of one province, ready to be asked."""

    def __init__(self, ours: Sequence[OursFacts]) -> None:
        self.ours = ours
        self._by_tax = _grouped((at, one.tax_code) for at, one in enumerate(ours))
        self._by_parent = _grouped((at, parent(one.tax_code)) for at, one in enumerate(ours))
        self._by_gtin = _grouped((at, one.gtin) for at, one in enumerate(ours))
        self._by_decision = _grouped(
            (at, decision) for at, one in enumerate(ours) for decision, _stars in one.awards
        )
        self._by_organisation = _grouped((at, one.organisation_id) for at, one in enumerate(ours))
        self._holders = Trigrams(
            (at, organisation_name(one.holder).core)
            for at, one in enumerate(ours)
            if one.product_id is None
        )
        self._products = Trigrams(
            (at, product_name(one.name).core)
            for at, one in enumerate(ours)
            if one.product_id is not None
        )

    def worth_comparing(self, entry: EntryFacts) -> list[OursFacts]:
        """Return what shares a key with an entry, or much of its name."""
        holders = {
            *self._by_tax.get(entry.tax_code, ()),
            *self._by_parent.get(parent(entry.tax_code), ()),
            *self._holders.near(organisation_name(entry.holder).core),
        }
        if entry.is_shop:
            return [self.ours[at] for at in sorted(holders) if self.ours[at].product_id is None]
        goods = {
            *holders,
            *self._by_gtin.get(entry.gtin, ()),
            *self._by_decision.get(entry.decision, ())[:_MOST_OF_ONE_HOLDER],
            *self._products.near(product_name(entry.name).core),
        }
        for organisation_id in {self.ours[at].organisation_id for at in holders}:
            goods.update(self._by_organisation[organisation_id][:_MOST_OF_ONE_HOLDER])
        return [self.ours[at] for at in sorted(goods)]


def trigrams(name: str) -> set[str]:
    """Return the trigrams of the words of a name; each word has an edge on both sides."""
    return {
        padded[at : at + 3]
        for word in name.split()
        for padded in (f" {word} ",)
        for at in range(max(1, len(padded) - 2))
    }


def parent(tax_code: str) -> str:
    """Return the code of the business a branch belongs to."""
    return tax_code.partition("-")[0]


def _grouped(pairs: Iterable[tuple[int, K]]) -> dict[K, list[int]]:
    found: dict[K, list[int]] = defaultdict(list)
    for at, key in pairs:
        if key != "":
            found[key].append(at)
    return dict(found)
