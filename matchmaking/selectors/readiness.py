"""Where products stand at the chains: ready, or what is missing and what closing it opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from buyers.selectors import ProfileFacts
from core.accounts.actors import Actor
from core.kernel import clock
from matchmaking import columns
from matchmaking.engine import readiness
from matchmaking.engine.readiness import Bundle, Goods, Standing, Wanted
from matchmaking.selectors.chains import Board, Cell, board, chains
from matchmaking.selectors.effort import efforts
from producers import selectors as producers


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One product with its names; everything here is public of an approved producer."""

    product_id: int
    name: str
    producer_id: int
    producer_name: str
    province_name: str
    commune_name: str
    category_name: str
    goods: Goods


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """One product at every chain that asks for its kind."""

    item: Item
    standing: Standing
    cells: tuple[Cell, ...]

    @property
    def bundle(self) -> Bundle | None:
        """Return what to close first; None where nothing is missing."""
        return readiness.best_bundle(
            [cell.gaps for cell in self.cells],
            has=self.standing,
            wanted=[cell.wanted for cell in self.cells],
            efforts=efforts(),
        )

    @property
    def ready(self) -> list[Cell]:
        """Return the chains nothing stands in the way of."""
        return [cell for cell in self.cells if cell.is_ready]

    @property
    def missing(self) -> list[Cell]:
        """Return the chains where something is missing."""
        return [cell for cell in self.cells if not cell.is_ready]


_COLUMNS = {
    "product_id": F("pk"),
    "of_producer": F("producer_id"),
    "producer_name": F("producer__organisation__name"),
    "province_name": F("producer__organisation__province__name"),
    "commune_name": F("producer__organisation__commune__name"),
    "category_name": F("category__name_vi"),
    "category_order": F("category__order_lo"),
    "can_issue_invoice": F("producer__can_issue_invoice"),
}


def items(products: QuerySet[Any]) -> list[Item]:
    """Return products as readiness sees them, by id, in three queries whatever their number."""
    rows = [
        dict(one) for one in products.order_by("pk").values("name", "storage", "gtin", **_COLUMNS)
    ]
    papers = producers.papers_by_holder({row["of_producer"] for row in rows})
    capacities: dict[int, list[tuple[str, float | None]]] = {}
    offers = producers.open_offers().filter(product_id__in=[row["product_id"] for row in rows])
    for product_id, dimension, most in offers.order_by().values_list(
        "product_id", "dimension", "weekly_capacity_base"
    ):
        known = float(most) if most is not None else None
        capacities.setdefault(product_id, []).append((dimension, known))
    return [
        Item(
            product_id=row["product_id"],
            name=row["name"],
            producer_id=row["of_producer"],
            producer_name=row["producer_name"],
            province_name=row["province_name"] or "",
            commune_name=row["commune_name"] or "",
            category_name=row["category_name"],
            goods=columns.goods(
                row,
                papers=[
                    paper
                    for holder in (None, row["product_id"])
                    for paper in papers.get((row["of_producer"], holder), ())
                    if producers.covers(paper, category_order=row["category_order"])
                ],
                capacities=capacities.get(row["product_id"], ()),
            ),
        )
        for row in rows
    ]


def judged(found: Iterable[Item], *, on: Board, day: dt.date | None = None) -> list[Readiness]:
    """Return where each product stands on a day; today where none is given."""
    when = day or clock.today()
    return [_judged(item, on=on, day=when) for item in found]


def readiness_of(products: QuerySet[Any]) -> list[Readiness]:
    """Return where some products stand today; only requests for their kinds are read."""
    found = items(products)
    return judged(found, on=board(category_orders={one.goods.category_order for one in found}))


def own_readiness(actor: Actor) -> list[Readiness]:
    """Return where the products of the actor's organisation stand today, by name."""
    if actor.organisation_id is None:
        return []
    found = _own(actor, producers.products_of(actor.organisation_id))
    return sorted(found, key=lambda one: one.item.name)


def product_readiness(actor: Actor, *, product_id: int) -> Readiness | None:
    """Return where one of the actor's own products stands today; None where it is not theirs."""
    if actor.organisation_id is None:
        return None
    own = producers.products_of(actor.organisation_id).filter(pk=product_id)
    return next(iter(_own(actor, own)), None)


def product_at(profile: ProfileFacts, *, producer_id: int, product_id: int) -> tuple[str, int]:
    """Return a product's name and what it lacks of a profile today; empty where it is gone.

    Args:
        profile: What is asked.
        producer_id: Whose product it has to be.
        product_id: The product.
    """
    own = producers.products_of(producer_id).filter(pk=product_id)
    for item in items(own):
        has = readiness.standing(item.goods, day=clock.today())
        return item.name, readiness.gaps(has, columns.profile(profile))
    return "", 0


def demand_of(wanted: Iterable[Wanted]) -> dict[str, float]:
    """Return how much requests ask for, each once, by dimension."""
    each = {one.request_id: one for one in wanted}
    found: dict[str, float] = {}
    for one in each.values():
        found[one.dimension] = found.get(one.dimension, 0.0) + one.quantity_base
    return found


def first_of(found: Iterable[Readiness]) -> Readiness | None:
    """Return the product whose next steps open most demand for the days they take."""

    def worth(one: Readiness) -> tuple[float, int]:
        bundle = one.bundle
        if bundle is None:
            return -1.0, 0
        wanted = {want.request_id: want for cell in one.cells for want in cell.wanted}
        demand = sum(wanted[pk].quantity_base for pk in bundle.request_ids)
        return demand / max(bundle.days, 1), len(bundle.opens)

    return max((one for one in found if one.missing), key=worth, default=None)


def opened_by(
    found: Readiness, *, closing: int, cells: Sequence[Cell] | None = None
) -> list[Wanted]:
    """Return the requests of the chains that closing gaps opens, which the product then meets.

    Args:
        found: The product.
        closing: The gaps to close, as bits.
        cells: Only these chains; None for all.
    """
    wanted: dict[int, Wanted] = {}
    for cell in found.cells if cells is None else cells:
        ids = readiness.opened(found.standing, cell.wanted, missing=cell.gaps, closing=closing)
        wanted |= {one.request_id: one for one in cell.wanted if one.request_id in ids}
    return list(wanted.values())


def _own(actor: Actor, products: QuerySet[Any]) -> list[Readiness]:
    """Return where products stand, with open requests only where the actor may read those."""
    if actor.organisation is not None and actor.organisation.is_approved:
        return readiness_of(products)
    return judged(items(products), on=Board(chains(), ()))


def _judged(item: Item, *, on: Board, day: dt.date) -> Readiness:
    has = readiness.standing(item.goods, day=day)
    return Readiness(item=item, standing=has, cells=on.cells(item.goods, has=has))
