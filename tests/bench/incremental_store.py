"""Lists of the best partners stored packed, beside the ways people store pairs.

`measure(...)` takes turns, round by round: our store of packed lists as new rows, with other lists
and unchanged, and loading them; beside it one row for each pair with two indexes, written by
Django's `bulk_create`, by `executemany` and by COPY. Called once Django is set up for a scratch
database; its tables of offers, requests and rankings are emptied.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from django.db import connection, models, transaction
from report import Measured, Row

from matchmaking import rankings
from matchmaking.engine.markets.lists import Lists
from matchmaking.engine.records import HeldPaper, Place, Supply
from matchmaking.engine.values import SupplyColumns
from matchmaking.services.rulesets import ensure_ruleset

SEED = 20261122
FEWER = 10
"""Slow peers write a tenth of the lists; all are compared by lists a second."""

_OWNERS = """
INSERT INTO producers_supplyoffer
SELECT (jsonb_populate_record(NULL::producers_supplyoffer, %s || jsonb_build_object('id', id))).*
FROM generate_series(1, %s) AS id
"""


class Pair(models.Model):
    """One listed pair as people store it."""

    offer = models.BigIntegerField()
    request = models.BigIntegerField(db_index=False)
    score = models.PositiveSmallIntegerField()

    class Meta:
        app_label = "matchmaking"
        db_table = "bench_pair"
        constraints = [models.UniqueConstraint(fields=["offer", "request"], name="bench_pair_once")]
        indexes = [models.Index(fields=["request", "-score", "offer"], name="bench_pair_request")]

    def __str__(self) -> str:
        return f"{self.offer}–{self.request}"


class Store:
    """Lists of so many offers, drawn twice, so that one can follow the other."""

    def __init__(self, size: int, *, top_k: int) -> None:
        """Draw the lists and make the offers they belong to."""
        self.size, self.ruleset_id = size, ensure_ruleset().pk
        _stand_in(size)
        dice = np.random.default_rng(SEED)
        self.inputs = _inputs(size)
        self.drawn = [_drawn(size, top_k=top_k, dice=dice) for _ in range(2)]

    def empty(self) -> None:
        """Forget what is stored."""
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE matchmaking_offerranking, bench_pair")

    def packed(self, which: int, *, few: int | None = None) -> int:
        """Store one of the drawings; return how many rows differed."""
        rows = slice(0, few)
        given = rankings.Rankings(
            owners=self.inputs.offer_id[rows],
            versions=self.inputs.version[rows],
            lists=self.drawn[which].take(rows),
            inputs=self.inputs.take(rows),
        )
        stored = rankings.store_offer_rankings(given, ruleset_id=self.ruleset_id, horizon=1)
        return len(stored)

    def bulk_create(self) -> None:
        """Store a tenth of the lists as objects of Django."""
        rows = (Pair(offer=o, request=r, score=s) for o, r, s in self._pairs(self.size // FEWER))
        Pair.objects.bulk_create(rows, batch_size=5_000)

    @transaction.atomic
    def executemany(self) -> None:
        """Store a tenth of the lists as parameters of one statement."""
        insert = "INSERT INTO bench_pair (offer, request, score) VALUES (%s, %s, %s)"
        with connection.cursor() as cursor:
            cursor.executemany(insert, list(self._pairs(self.size // FEWER)))

    @transaction.atomic
    def copied(self) -> None:
        """Store all lists, one row for each pair, by COPY."""
        copy = "COPY bench_pair (offer, request, score) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(copy) as target:
            for row in self._pairs(self.size):
                target.write_row(row)

    def agrees(self) -> bool:
        """Whether what is loaded is what was stored."""
        loaded = rankings.load().offers
        return bool(
            np.array_equal(loaded.columns.offer_id, self.inputs.offer_id)
            and np.array_equal(loaded.columns.papers_to, self.inputs.papers_to)
            and not loaded.lists.differs(self.drawn[0]).any()
        )

    def _pairs(self, offers: int) -> Any:
        lists = self.drawn[0]
        for offer in range(offers):
            count = lists.counts[offer]
            found = zip(lists.ids[offer, :count], lists.scores[offer, :count], strict=True)
            for request, score in found:
                yield offer + 1, int(request), int(score)


def measure(*, size: int = 10_000, top_k: int = 50, rounds: int = 5) -> Measured:
    """Store and load by turns; the median of each way counts."""
    with connection.schema_editor() as editor:
        editor.create_model(Pair)
    store, wrong = Store(size, top_k=top_k), []
    waits: dict[str, list[float]] = {}
    for _ in range(rounds):
        store.empty()
        _timed(waits, "ours, new", lambda: store.packed(0))
        _timed(waits, "ours, other lists", lambda: store.packed(1))
        _timed(waits, "ours, back again", lambda: store.packed(0))
        if _timed(waits, "ours, unchanged", lambda: store.packed(0)):
            wrong.append("rows that did not change were written")
        if not _timed(waits, "ours, loaded", store.agrees):
            wrong.append("what is loaded is not what was stored")
        for name, write in (
            ("Django bulk_create, a row each pair", store.bulk_create),
            ("executemany, a row each pair", store.executemany),
            ("COPY, a row each pair", store.copied),
        ):
            store.empty()
            _timed(waits, name, write)
    return Measured(_rows(waits, size), disagreements=sorted(set(wrong)))


def _rows(waits: dict[str, list[float]], size: int) -> Sequence[Row]:
    medians = {name: statistics.median(seconds) for name, seconds in waits.items()}
    tenth = ("Django", "executemany")
    return [
        Row(f"{size} lists", name, (size // FEWER if name.startswith(tenth) else size) / seconds,
            "lists/s")
        for name, seconds in medians.items()
    ]  # fmt: skip


def _timed(waits: dict[str, list[float]], name: str, run: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    found = run()
    waits.setdefault(name, []).append(time.perf_counter() - began)
    return found


def _stand_in(size: int) -> None:
    """Offers for lists to belong to, each like the other."""
    row = (
        '{"product_id": 1, "producer_id": 1, "status": "published", "quantity": 1, "unit_id": 1,'
        ' "dimension": "mass", "quantity_base": 1, "available_from": "2026-11-22",'
        ' "available_to": "2026-12-22", "storage": "ambient", "origin_province_id": 1,'
        ' "note": "", "version": 1, "created_at": "2026-11-22"}'
    )
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE matchmaking_offerranking")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM producers_supplyoffer")
        cursor.execute(_OWNERS, [row, size])
        cursor.execute("SET session_replication_role = DEFAULT")


def _drawn(size: int, *, top_k: int, dice: np.random.Generator) -> Lists:
    scores = -np.sort(-dice.integers(2_500, 10_000, (size, top_k)), axis=1)
    return Lists(
        ids=np.cumsum(dice.integers(1, 2_000, (size, top_k)), axis=1),
        scores=scores.astype(np.int32),
        counts=np.full(size, top_k, dtype=np.int64),
    )


def _inputs(size: int) -> SupplyColumns:
    papers = tuple(
        HeldPaper(kind=kind, valid_from=739_000 + at, valid_to=739_400 + at)
        for at, kind in enumerate(("food_safety", "vietgap", "trace_link"))
    )
    one = Supply(
        offer_id=1, version=1, organisation_id=1, category_order=10, leaf_name="Cam",
        product_name="Cam Vân Đồn", dimension="mass", quantity_base=500.0,
        weekly_capacity_base=None, minimum_lot_base=None, price_vnd_per_base=30_000.0,
        kg_per_base=None, first_day=739_000, last_day=739_060, storage="ambient",
        shelf_life_days=30.0, origin=Place(node=3), province=22, stars=3, stars_from=738_900,
        stars_to=739_300, papers=papers, can_issue_invoice=True, has_gtin=False,
    )  # fmt: skip
    columns = SupplyColumns.from_records([one]).take(np.zeros(size, dtype=np.int64))
    values = {name: getattr(columns, name) for name in columns.__dataclass_fields__}
    return SupplyColumns(**{**values, "offer_id": np.arange(1, size + 1)})
