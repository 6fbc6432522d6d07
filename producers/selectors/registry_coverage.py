"""What the registers of a province say together: totals counted, never typed, with their days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Final

from django.db.models import F, FilteredRelation, Q

from producers.enums import RegistrySubject, RegistryVerdict, StorefrontStage
from producers.models import RegistryEntry, RegistryList
from producers.reconciling.overlap import Listed, Overlap, holders_of, overlap, shared_holders

MOST_SHOWN: Final = 20
_COLUMNS: Final = (
    "pk",
    "name",
    "name_folded",
    "holder_folded",
    "tax_code",
    "gtin",
    "stars",
    "stage",
    "ours_id",
    "our_product_id",
)
_LISTED: Final = (
    "entry_id",
    "title",
    "name",
    "holder",
    "tax_code",
    "gtin",
    "stars",
    "stage",
    "organisation_id",
    "product_id",
)
_STARS: Final = (5, 4, 3, 2, 1)


@dataclass(frozen=True)
class ListFigures:
    """One list in figures; every total is counted from its rows."""

    found: RegistryList
    rows: tuple[Listed, ...]

    @property
    def count(self) -> int:
        """How many rows it has."""
        return len(self.rows)

    @property
    def is_of_shops(self) -> bool:
        """Whether a row stands for a shop, not for a product."""
        return self.found.registry.subject == RegistrySubject.SHOPS

    @cached_property
    def holders(self) -> int:
        """How many holders the rows have, each counted once."""
        return len(holders_of(self.rows))

    @cached_property
    def linked(self) -> int:
        """How many rows a person linked to something on the portal."""
        return sum(1 for one in self.rows if one.organisation_id is not None)

    @cached_property
    def stars(self) -> list[tuple[int, int]]:
        """(stars, how many products), five first; what has no products is left out."""
        counted = Counter(one.stars for one in self.rows if one.stars)
        return [(stars, counted[stars]) for stars in _STARS if counted[stars]]

    @property
    def starred(self) -> int:
        """The sum of `stars`."""
        return sum(number for _stars, number in self.stars)

    @cached_property
    def funnel(self) -> list[tuple[StorefrontStage, int]]:
        """(stage, how many shops came at least so far); empty where no row says a stage."""
        counted = Counter(one.stage for one in self.rows if one.stage)
        stages = list(StorefrontStage)
        return (
            [
                (stage, sum(counted[later.value] for later in stages[at:]))
                for at, stage in enumerate(stages)
            ]
            if counted
            else []
        )

    @property
    def funnel_shares(self) -> list[tuple[StorefrontStage, int, float]]:
        """(stage, how many, share of the accounts in [0, 1])."""
        accounts = self.funnel[0][1] if self.funnel else 0
        return [
            (stage, number, round(number / accounts, 3))
            for stage, number in self.funnel
            if accounts
        ]

    @property
    def idle(self) -> int:
        """How many accounts were never activated."""
        return self.funnel[0][1] - self.funnel[1][1] if self.funnel else 0

    @property
    def operating(self) -> int:
        """How many shops operate."""
        return sum(1 for one in self.rows if one.stage == StorefrontStage.OPERATING)


@dataclass(frozen=True, slots=True)
class ProductsBeside:
    """Two lists of products beside each other."""

    left: ListFigures
    right: ListFigures
    overlap: Overlap

    @property
    def is_same_number(self) -> bool:
        """Whether both have as many rows, so that a reader may take them for the same."""
        return self.left.count == self.right.count

    @property
    def is_other_goods(self) -> bool:
        """Whether some product stands in one of the lists only."""
        return bool(self.overlap.only_left or self.overlap.only_right)


@dataclass(frozen=True, slots=True)
class ShopsBeside:
    """A list of products beside a list of shops: never the same thing, but the same holders."""

    products: ListFigures
    shops: ListFigures
    holders_with_shop: int
    holders_operating: int

    @property
    def holders_without(self) -> int:
        """Holders of products without an operating shop."""
        return self.products.holders - self.holders_operating


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everything the newest lists of a province say."""

    lists: tuple[ListFigures, ...]
    products: tuple[ProductsBeside, ...]
    shops: tuple[ShopsBeside, ...]

    @property
    def has_several_days(self) -> bool:
        """Whether the lists are of different days."""
        return len({one.found.as_of for one in self.lists}) > 1


def coverage_of(lists: Sequence[RegistryList]) -> Coverage:
    """Return what lists say together, in one query for all their rows."""
    rows: dict[int, list[Listed]] = {one.pk: [] for one in lists}
    for list_id, listed in _rows(lists):
        rows[list_id].append(listed)
    figures = tuple(ListFigures(one, tuple(rows[one.pk])) for one in lists)
    goods = [one for one in figures if not one.is_of_shops]
    shops = [one for one in figures if one.is_of_shops and one.funnel]
    return Coverage(
        lists=figures,
        products=tuple(
            ProductsBeside(left, right, overlap(left.rows, right.rows))
            for left, right in combinations(goods, 2)
        ),
        shops=tuple(_beside(one, other) for one in goods for other in shops),
    )


def _beside(products: ListFigures, shops: ListFigures) -> ShopsBeside:
    operating = [one for one in shops.rows if one.stage == StorefrontStage.OPERATING]
    return ShopsBeside(
        products=products,
        shops=shops,
        holders_with_shop=shared_holders(products.rows, shops.rows),
        holders_operating=shared_holders(products.rows, operating),
    )


def _rows(lists: Sequence[RegistryList]) -> list[tuple[int, Listed]]:
    entries = (
        RegistryEntry.objects.filter(list__in=[one.pk for one in lists])
        .annotate(
            standing=FilteredRelation(
                "decisions",
                condition=Q(
                    decisions__undone_at__isnull=True, decisions__verdict=RegistryVerdict.SAME
                ),
            ),
            ours_id=F("standing__organisation_id"),
            our_product_id=F("standing__product_id"),
        )
        .order_by("list_id", "row_number", "pk")
        .values_list("list_id", *_COLUMNS)
    )
    return [(row[0], Listed(**dict(zip(_LISTED, row[1:], strict=True)))) for row in entries]
