"""One new offer against all open requests in PostgreSQL, in each form its index may take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np
import psycopg
from matching_peers import origins, ways
from matching_terms import best
from matching_world import KINDS, World

from matchmaking.engine.ruleset import Ruleset

SETTINGS = (
    "work_mem = '256MB'", "jit = off", "max_parallel_workers_per_gather = 0",
    "random_page_cost = 1.0", "effective_cache_size = '4GB'",
    "plan_cache_mode = 'force_generic_plan'",
)  # fmt: skip
FORMS: Final = {
    "leaf": ("bi_by_leaf r", "r.leaf = o.category AND r.stars <= o.stars"),
    "sets": (
        "bi_set s JOIN bi_request r ON r.lo = s.lo AND r.hi = s.hi",
        "s.leaf = o.category",
    ),
    "range": ("bi_range r", "r.lo <= o.category AND r.hi > o.category"),
    "gist": ("bi_gist r", "r.span @> o.category"),
}
"""Candidates of an offer: every request again in each leaf it accepts, btree(leaf, stars); by the
sets a leaf lies in, btree(lo, hi, stars); btree(lo, hi) as a range; GiST on int4range."""
_ONE: Final = """SELECT t.id, t.score FROM bi_offer o JOIN bi_way w USING (origin)
CROSS JOIN LATERAL ({best}) t WHERE o.id = %s"""
_MANY: Final = """FROM bi_offer o JOIN bi_way w USING (origin)
CROSS JOIN LATERAL ({best}) t WHERE o.id = ANY(%s)"""
_TABLES: Final = (
    "bi_offer", "bi_way", "bi_request", "bi_by_leaf", "bi_set", "bi_range", "bi_gist", "bi_row",
    "bi_packed",
)  # fmt: skip
_REQUEST: Final = """id int, org int, lo int, hi int, storage int, province int, q float8,
 price_limit float8, ceiling float8, first int, last int, stars int, papers int, invoice bool,
 gtin bool, lead float8, words_n int, words bit(512)"""

Best = list[tuple[int, int]]


class Postgres:
    """One connection, warmed, with every form's tables laid out in the order of its index."""

    def __init__(self, url: str, *, world: World, rules: Ruleset, offers: np.ndarray) -> None:
        """Load all requests and some rows of offers, index, vacuum and analyse."""
        self.connection = psycopg.connect(url, autocommit=True)
        for setting in SETTINGS:
            self.connection.execute(f"SET {setting}")
        _load(self.connection, replace(world, supply=world.supply.take(offers)), rules)
        self.queries = {
            form: best(rules, candidates=table, side="r", where=where, way="r.province")
            for form, (table, where) in FORMS.items()
        }

    def best(self, form: str, offer_id: int) -> Best:
        """The best requests of one offer, best first."""
        query = _ONE.format(best=self.queries[form])
        return self.connection.execute(query, (offer_id,), prepare=True, binary=True).fetchall()

    def store_rows(self, form: str, offer_ids: list[int]) -> None:
        """Store a row for each pair, with its two indexes, in one commit."""
        self._store("bi_row SELECT o.id, t.id, t.score ", form, offer_ids)

    def store_packed(self, form: str, offer_ids: list[int]) -> None:
        """Store a row for each offer, its pairs in arrays, in one commit."""
        listed = "array_agg(t.id ORDER BY t.score DESC, t.id), array_agg(t.score ORDER BY"
        self._store(f"bi_packed SELECT o.id, {listed} t.score DESC, t.id) ", form, offer_ids)

    def stored(self) -> dict[int, Best]:
        """Every stored list of pairs, and that arrays hold the same."""
        query = "SELECT offer, request, score FROM bi_row ORDER BY offer, score DESC, request"
        found: dict[int, Best] = {}
        for offer, request, score in self.connection.execute(query):
            found.setdefault(offer, []).append((request, score))
        return found

    def stored_packed(self) -> dict[int, Best]:
        """Every stored list of arrays."""
        rows = self.connection.execute("SELECT offer, requests, scores FROM bi_packed")
        return {offer: list(zip(*arrays, strict=True)) for offer, *arrays in rows}

    def forget(self) -> None:
        """Empty what was stored."""
        self.connection.execute("TRUNCATE bi_row, bi_packed")

    def explain(self, form: str, offer_id: int) -> str:
        """The plan of one form, as it ran."""
        query = _ONE.format(best=self.queries[form])
        rows = self.connection.execute(f"EXPLAIN (ANALYZE, BUFFERS) {query}", (offer_id,))
        return "\n".join(line for (line,) in rows)

    def close(self) -> None:
        """Remove the tables and hang up."""
        self.connection.execute(f"DROP TABLE {', '.join(_TABLES)}")
        self.connection.close()

    def _store(self, target: str, form: str, offer_ids: list[int]) -> None:
        query = f"INSERT INTO {target}{_MANY.format(best=self.queries[form])}"
        query += " GROUP BY o.id" if "array_agg" in target else ""
        self.connection.execute(query, (offer_ids,), prepare=True)


def _load(connection: psycopg.Connection[Any], world: World, rules: Ruleset) -> None:
    days = ", ".join(f"p{at}_from int, p{at}_to int" for at in range(len(KINDS)))
    connection.execute(f"DROP TABLE IF EXISTS {', '.join(_TABLES)}")
    connection.execute(
        "CREATE UNLOGGED TABLE bi_offer (id int PRIMARY KEY, category int, stars int, papers int,"
        " org int, storage int, invoice bool, gtin bool, first int, last int, origin int,"
        " q float8, capacity float8, lot float8, price float8, shelf_hours float8,"
        f" stars_from int, stars_to int, {days}, name_n int, leaf_n int, name bit(512),"
        " leaf bit(512))"
    )
    connection.execute(f"CREATE UNLOGGED TABLE bi_request ({_REQUEST})")
    # What lies between an origin and each province is worked out once, as in our own engine.
    connection.execute(
        "CREATE UNLOGGED TABLE bi_way (origin int PRIMARY KEY, hours float8[], freight float8[],"
        " pact float8[])"
    )
    _copy(connection, "bi_offer", _offers(world, rules))
    _copy(connection, "bi_request", _requests(world, rules))
    _copy(connection, "bi_way", _ways(world, rules))
    for statement in _LAYOUT:
        connection.execute(statement)
    connection.execute(f"VACUUM ANALYZE {', '.join(_TABLES)}")


_LAYOUT: Final = (
    """SELECT r.*, leaf INTO UNLOGGED bi_by_leaf FROM bi_request r,
     generate_series(lo, hi - 1) leaf ORDER BY leaf, stars""",
    "CREATE INDEX ON bi_by_leaf (leaf, stars)",
    "SELECT * INTO UNLOGGED bi_range FROM bi_request ORDER BY lo, hi",
    "CREATE INDEX ON bi_range (lo, hi)",
    "SELECT *, int4range(lo, hi) AS span INTO UNLOGGED bi_gist FROM bi_request ORDER BY lo, hi",
    "CREATE INDEX ON bi_gist USING gist (span)",
    "SELECT DISTINCT leaf, lo, hi INTO UNLOGGED bi_set FROM bi_by_leaf",
    "CREATE INDEX ON bi_set (leaf)",
    "CREATE INDEX ON bi_request (lo, hi, stars)",
    "CLUSTER bi_request USING bi_request_lo_hi_stars_idx",
    "CREATE TABLE bi_row (offer int, request int, score int, PRIMARY KEY (offer, request))",
    "CREATE INDEX ON bi_row (request, score)",
    "CREATE TABLE bi_packed (offer int PRIMARY KEY, requests int[], scores int[])",
)


def _copy(connection: psycopg.Connection[Any], table: str, rows: Iterable[Any]) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _offers(world: World, rules: Ruleset) -> Iterator[tuple[Any, ...]]:
    supply = world.supply
    papers = [
        _or_null(day[:, at, 0], (supply.papers >> at & 1) == 1)
        for at in range(len(KINDS))
        for day in (supply.papers_from, supply.papers_to)
    ]
    shelf = supply.shelf_life_days * 24 * rules.shelf_life_share
    capped = np.isfinite(supply.weekly_capacity_base)
    columns = [
        supply.offer_id, supply.category_order, supply.stars, supply.papers,
        supply.organisation_id, supply.storage, supply.can_issue_invoice, supply.has_gtin,
        supply.first_day, supply.last_day, origins(supply), supply.quantity_base,
        _or_null(supply.weekly_capacity_base, capped), supply.minimum_lot_base,
        _known(supply.price_vnd_per_base), _known(shelf), supply.stars_from, supply.stars_to,
        *papers, *(_count(one) for one in (supply.product_signature, supply.leaf_signature)),
    ]  # fmt: skip
    bits = [_bits(one) for one in (supply.product_signature, supply.leaf_signature)]
    return zip(*(column.tolist() for column in columns), *bits, strict=True)


def _requests(world: World, rules: Ruleset) -> Iterator[tuple[Any, ...]]:
    demand = world.demand
    ceiling = demand.price_ceiling_vnd_per_base
    columns = [
        demand.request_id, demand.organisation_id, demand.category_lo, demand.category_hi,
        _or_null(demand.storage_required, demand.storage_required >= 0), demand.province + 1,
        demand.quantity_base, _known(ceiling * (1 + rules.price_tolerance)), _known(ceiling),
        demand.first_day, demand.last_day, demand.minimum_stars, demand.required_papers,
        demand.needs_invoice, demand.needs_barcode, _known(demand.max_lead_hours),
        _count(demand.words_signature),
    ]  # fmt: skip
    bits = _bits(demand.words_signature)
    return zip(*(column.tolist() for column in columns), bits, strict=True)


def _ways(world: World, rules: Ruleset) -> Iterator[tuple[Any, ...]]:
    found = [one.T for one in ways(world, rules)]
    return zip(range(len(found[0])), *(one.tolist() for one in found), strict=True)


def _known(column: np.ndarray) -> np.ndarray:
    return _or_null(column, ~np.isnan(column))


def _or_null(column: np.ndarray, is_known: np.ndarray) -> np.ndarray:
    found = column.astype(object)
    found[~is_known] = None
    return found


def _count(signatures: np.ndarray) -> np.ndarray:
    return np.bitwise_count(signatures).sum(axis=1, dtype=np.int64)


def _bits(signatures: np.ndarray) -> list[str]:
    unique, place = np.unique(signatures, axis=0, return_inverse=True)
    texts = [f"{int.from_bytes(one.tobytes(), 'little'):0512b}" for one in unique]
    return [texts[at] for at in place.ravel().tolist()]
