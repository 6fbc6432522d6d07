"""The same rules as one query in PostgreSQL, in the form that was quickest here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
import psycopg
from matching_peers import Listed, listed, ways
from matching_rows import OFFER, REQUEST, copy_rows, offer_rows, request_rows
from matching_terms import ALIKE, SIMILARITY, best
from matching_world import PROVINCES, World

from matchmaking.engine.names import normalised
from matchmaking.engine.ruleset import Ruleset

CONNECTIONS = 2
"""Two clients over disjoint requests beat the server's own parallel plans."""
SETTINGS = (
    "work_mem = '256MB'", "jit = off", "max_parallel_workers_per_gather = 0",
    "random_page_cost = 1.0", "effective_cache_size = '4GB'", "synchronous_commit = off",
)  # fmt: skip


class Postgres:
    """Two connections that list the best offers of every request into an unlogged table."""

    def __init__(self, url: str, *, world: World, rules: Ruleset) -> None:
        """Load the world in order of category, index, vacuum and analyse."""
        self.connections = [psycopg.connect(url, autocommit=True) for _ in range(CONNECTIONS)]
        for connection in self.connections:
            for setting in SETTINGS:
                connection.execute(f"SET {setting}")
        _load(self.connections[0], world, rules)
        self.query = _query(rules, offers="bm_offer")

    def run(self) -> None:
        """List all requests, each connection every second one."""
        self.connections[0].execute("TRUNCATE bm_found")
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(self._part, range(CONNECTIONS)))

    def listed(self) -> Listed:
        """What the last run listed."""
        rows = self.connections[0].execute("SELECT request, offer, score FROM bm_found").fetchall()
        return listed(*np.array(rows, dtype=np.int64).reshape(-1, 3).T)

    def similarity_seconds(self, rules: Ruleset, *, every: int) -> float:
        """Seconds for one request in so many by `similarity()` of texts, as people write it."""
        query = _query(rules, offers="bm_named", alike=SIMILARITY)
        began = time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(lambda number: self.connections[number].execute(
                query, {"of": every * CONNECTIONS, "at": number}), range(CONNECTIONS)))  # fmt: skip
        return time.perf_counter() - began

    def cpu_seconds(self) -> float:
        """What the servers' processes of both connections have used so far."""
        return sum(map(_cpu_seconds, (one.info.backend_pid for one in self.connections)))

    def close(self) -> None:
        """Remove the tables and hang up."""
        self.connections[0].execute("DROP TABLE bm_offer, bm_named, bm_request, bm_way, bm_found")
        for connection in self.connections:
            connection.close()

    def _part(self, number: int) -> None:
        self.connections[number].execute(self.query, {"of": CONNECTIONS, "at": number})


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _load(connection: psycopg.Connection[Any], world: World, rules: Ruleset) -> None:
    connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    connection.execute("DROP TABLE IF EXISTS bm_offer, bm_named, bm_request, bm_way, bm_found")
    connection.execute(f"CREATE UNLOGGED TABLE bm_offer {OFFER}")
    connection.execute(f"CREATE UNLOGGED TABLE bm_request {REQUEST}")
    # What lies between a province and each origin is worked out once, as in our own engine.
    connection.execute(
        "CREATE UNLOGGED TABLE bm_way (dest int PRIMARY KEY, hours float8[], freight float8[],"
        " pact float8[])"
    )
    for column in ("hours", "freight", "pact"):
        connection.execute(f"ALTER TABLE bm_way ALTER {column} SET STORAGE PLAIN")
    connection.execute("CREATE UNLOGGED TABLE bm_found (request int, offer int, score int)")
    copy_rows(connection, "bm_offer", offer_rows(world, rules))
    copy_rows(connection, "bm_request", request_rows(world, rules))
    copy_rows(connection, "bm_way", _ways(world, rules))
    connection.execute("CREATE UNLOGGED TABLE bm_name (id int, name_text text, leaf_text text)")
    texts = (map(normalised, world.texts[name].tolist()) for name in ("product", "leaf"))
    copy_rows(connection, "bm_name", zip(world.supply.offer_id.tolist(), *texts, strict=True))
    connection.execute("SELECT o.*, name_text, leaf_text INTO bm_named FROM bm_offer o"
                       " JOIN bm_name USING (id) ORDER BY category")  # fmt: skip
    connection.execute("DROP TABLE bm_name")
    for table in ("bm_offer", "bm_named"):
        connection.execute(f"CREATE INDEX ON {table} (category, stars)")
    connection.execute("VACUUM ANALYZE bm_offer, bm_named, bm_request, bm_way")


def _ways(world: World, rules: Ruleset) -> Iterator[tuple[Any, ...]]:
    return zip(range(PROVINCES), *(one.tolist() for one in ways(world, rules)), strict=True)


_QUERY: Final = """
INSERT INTO bm_found SELECT r.id, t.id, t.score FROM bm_request r
JOIN bm_way w ON w.dest = r.province CROSS JOIN LATERAL ({best}) t
WHERE r.id %% %(of)s = %(at)s
"""


def _query(rules: Ruleset, *, offers: str, alike: str = ALIKE) -> str:
    found = best(
        rules,
        candidates=f"{offers} o",
        side="o",
        where="o.category >= r.lo AND o.category < r.hi",
        way="o.origin",
        alike=alike,
    )
    return _QUERY.format(best=found)
