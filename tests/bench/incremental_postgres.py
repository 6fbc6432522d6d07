"""One new offer against all open requests in PostgreSQL, in each form its index may take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np
import psycopg
from matching_peers import ways
from matching_rows import OFFER, REQUEST, copy_rows, offer_rows, request_rows
from matching_terms import best
from matching_world import World

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
Best = list[tuple[int, int]]


class Postgres:
    """One connection, warmed, with every form's tables laid out in the order of its index."""

    def __init__(self, url: str, *, world: World, rules: Ruleset, offers: np.ndarray) -> None:
        """Load all requests and some rows of offers, index, vacuum and analyse."""
        self.connection = psycopg.connect(url, autocommit=True)
        self.session = self.connection.info.backend_pid
        for setting in SETTINGS:
            self.connection.execute(f"SET {setting}")
        _load(self.connection, replace(world, supply=world.supply.take(offers)), rules)
        self.queries = {
            form: best(rules, candidates=table, side="r", where=where, way="r.province + 1")
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
    connection.execute(f"DROP TABLE IF EXISTS {', '.join(_TABLES)}")
    connection.execute(f"CREATE UNLOGGED TABLE bi_offer {OFFER}")
    connection.execute(f"CREATE UNLOGGED TABLE bi_request {REQUEST}")
    # What lies between an origin and each province is worked out once, as in our own engine.
    connection.execute(
        "CREATE UNLOGGED TABLE bi_way (origin int PRIMARY KEY, hours float8[], freight float8[],"
        " pact float8[])"
    )
    copy_rows(connection, "bi_offer", offer_rows(world, rules))
    copy_rows(connection, "bi_request", request_rows(world, rules))
    copy_rows(connection, "bi_way", _ways(world, rules))
    for statement in _LAYOUT:
        connection.execute(statement)
    connection.execute(f"VACUUM ANALYZE {', '.join(_TABLES)}")


_LAYOUT: Final = (
    "ALTER TABLE bi_request DROP words_text",
    "CREATE UNIQUE INDEX ON bi_offer (id)",
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


def _ways(world: World, rules: Ruleset) -> Iterator[tuple[Any, ...]]:
    found = [one.T for one in ways(world, rules)]
    return zip(range(1, len(found[0]) + 1), *(one.tolist() for one in found), strict=True)
