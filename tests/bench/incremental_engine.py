"""Our own engine before one new offer: the market in memory, and its lists in the store.

Imported once Django is set up for the scratch database.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from django.db import connection, transaction
from matching_world import World

from matchmaking import rankings
from matchmaking.engine.market import Market
from matchmaking.engine.ruleset import Ruleset
from matchmaking.engine.values import SupplyColumns
from matchmaking.services.rulesets import ensure_ruleset

Best = list[tuple[int, int]]


class Engine:
    """A market of all requests and the offers that stood before; new ones come and go."""

    def __init__(self, world: World, rules: Ruleset, *, standing: np.ndarray) -> None:
        """Load the market and rank it."""
        self.world = world
        self.market = Market(world.terrain, rules)
        self.market.put_demands(world.demand)
        self.market.put_supplies(_rows(world.supply, standing))
        self.market.settle()
        self.ruleset_id = ensure_ruleset().pk
        self.session: int = connection.connection.info.backend_pid

    def answer(self, offers: SupplyColumns) -> Any:
        """The lists of new offers, which do not join the market."""
        return self.market.requests_for(offers)

    def keep(self, offers: SupplyColumns) -> Any:
        """The lists of new offers; those of the requests they enter are others from now on."""
        self.market.put_supplies(offers)
        self.market.settle()
        return self.market.lists_of_supplies(offers.offer_id)

    @transaction.atomic
    def store(self, offers: SupplyColumns) -> None:
        """Commit the lists of new offers, which do not join the market."""
        self._store(offers, self.answer(offers))

    @transaction.atomic
    def keep_and_store(self, offers: SupplyColumns) -> None:
        """Let new offers join the market and commit their lists."""
        self._store(offers, self.keep(offers))

    @transaction.atomic
    def keep_and_store_both(self, offers: SupplyColumns) -> None:
        """As `keep_and_store`, and commit the lists of the requests they entered."""
        self.market.put_supplies(offers)
        ids = self.market.settle().demands
        self._store(offers, self.market.lists_of_supplies(offers.offer_id))
        changed = rankings.Rankings(
            owners=ids,
            versions=np.ones(len(ids), dtype=np.int64),
            lists=self.market.lists_of_demands(ids),
            inputs=None,
        )
        rankings.store_request_rankings(changed, ruleset_id=self.ruleset_id, horizon=1)

    def take_back(self, offers: SupplyColumns) -> None:
        """Let the market be as it was before these offers."""
        self.market.drop_supplies(offers.offer_id)
        self.market.settle()

    def forget(self, offers: Iterable[SupplyColumns]) -> None:
        """Take new offers back, in memory and in the store."""
        for some in offers:
            self.take_back(some)
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE matchmaking_offerranking, matchmaking_requestranking")

    def stored(self) -> dict[int, Best]:
        """Every stored list of offers."""
        offers = rankings.load().offers
        every = zip(offers.columns.offer_id.tolist(), as_best(offers.lists), strict=True)
        return {owner: best for owner, best in every if best}

    def _store(self, offers: SupplyColumns, lists: Any) -> None:
        found = rankings.Rankings(
            owners=offers.offer_id, versions=offers.version, lists=lists, inputs=offers
        )
        rankings.store_offer_rankings(found, ruleset_id=self.ruleset_id, horizon=1)


def one_by_one(world: World, rows: np.ndarray) -> list[SupplyColumns]:
    """Each offer alone, as columns, the way it comes from its facts."""
    return [_rows(world.supply, rows[at : at + 1]) for at in range(len(rows))]


def together(world: World, rows: np.ndarray, *, size: int) -> list[SupplyColumns]:
    """Offers in batches."""
    return [_rows(world.supply, rows[at : at + size]) for at in range(0, len(rows), size)]


def as_best(lists: Any) -> list[Best]:
    """Lists as pairs of id and score."""
    return [
        list(zip(ids[:count].tolist(), scores[:count].tolist(), strict=True))
        for ids, scores, count in zip(lists.ids, lists.scores, lists.counts, strict=True)
    ]


def stand_in(*, offer_ids: np.ndarray, request_ids: np.ndarray) -> None:
    """Rows for lists to belong to: the store keeps none of what is not there."""
    from buyers.models import DemandRequest
    from producers.models import SupplyOffer

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        _repeat(cursor, SupplyOffer, _OFFER, offer_ids.tolist())
        _repeat(cursor, DemandRequest, _REQUEST, request_ids.tolist())
        cursor.execute("SET session_replication_role = DEFAULT")


_OFFER: dict[str, Any] = {
    "product_id": 1, "producer_id": 1, "status": "published", "quantity": 1, "unit_id": 1,
    "dimension": "mass", "quantity_base": 1, "available_from": "2026-11-22",
    "available_to": "2026-12-22", "storage": "ambient", "origin_province_id": 1, "note": "",
    "version": 1, "created_at": "2026-11-22",
}  # fmt: skip
_REQUEST: dict[str, Any] = {
    "group_id": 1, "status": "published", "words": "x", "words_folded": "x", "category_id": 1,
    "quantity": 1, "unit_id": 1, "period": "total", "dimension": "mass", "quantity_base": 1,
    "needed_from": "2026-11-22", "needed_to": "2026-12-22", "delivery_province_id": 1,
    "minimum_stars": 0, "required_papers": [], "preferred_papers": [], "market": "VN",
    "storage": "", "needs_invoice": False, "needs_barcode": False, "note": "", "version": 1,
    "created_at": "2026-11-22",
}  # fmt: skip


def _repeat(cursor: Any, model: Any, values: dict[str, Any], ids: list[int]) -> None:
    """The same row under many ids."""
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} (id, {names})"
        f" SELECT id, {marks} FROM unnest(%s::bigint[]) id",
        [*values.values(), ids],
    )


def _rows(columns: SupplyColumns, rows: np.ndarray) -> SupplyColumns:
    names = columns.__dataclass_fields__
    return SupplyColumns(**{name: getattr(columns, name)[rows] for name in names})
