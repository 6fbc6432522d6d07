"""The same rules as one query in PostgreSQL, in the form that was quickest here."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from matching_peers import Listed, least_gains, listed, origins, ways
from matching_world import KINDS, PROVINCES, World

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
        self.query = _QUERY.format(**_expressions(rules), offers="bm_offer", alike=_ALIKE)

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
        query = _QUERY.format(**_expressions(rules), offers="bm_named", alike=_SIMILARITY)
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
    days = ", ".join(f"p{at}_from int, p{at}_to int" for at in range(len(KINDS)))
    connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    connection.execute("DROP TABLE IF EXISTS bm_offer, bm_named, bm_request, bm_way, bm_found")
    connection.execute(
        "CREATE UNLOGGED TABLE bm_offer (id int, category int, stars int, papers int, org int,"
        " storage int, invoice bool, gtin bool, first int, last int, origin int, q float8,"
        " capacity float8, lot float8, price float8, shelf_hours float8, stars_from int,"
        f" stars_to int, {days}, name_n int, leaf_n int, name bit(512), leaf bit(512))"
    )
    connection.execute(
        "CREATE UNLOGGED TABLE bm_request (id int, org int, lo int, hi int, storage int,"
        " province int, q float8, price_limit float8, ceiling float8, first int, last int,"
        " stars int, papers int, invoice bool, gtin bool, lead float8, words_n int,"
        " words bit(512), words_text text)"
    )
    # What lies between a province and each origin is worked out once, as in our own engine.
    connection.execute(
        "CREATE UNLOGGED TABLE bm_way (dest int PRIMARY KEY, hours float8[], freight float8[],"
        " pact float8[])"
    )
    for column in ("hours", "freight", "pact"):
        connection.execute(f"ALTER TABLE bm_way ALTER {column} SET STORAGE PLAIN")
    connection.execute("CREATE UNLOGGED TABLE bm_found (request int, offer int, score int)")
    _copy(connection, "bm_offer", _offers(world, rules))
    _copy(connection, "bm_request", _requests(world, rules))
    _copy(connection, "bm_way", _ways(world, rules))
    connection.execute("CREATE UNLOGGED TABLE bm_name (id int, name_text text, leaf_text text)")
    texts = (map(normalised, world.texts[name].tolist()) for name in ("product", "leaf"))
    _copy(connection, "bm_name", zip(world.supply.offer_id.tolist(), *texts, strict=True))
    connection.execute("SELECT o.*, name_text, leaf_text INTO bm_named FROM bm_offer o"
                       " JOIN bm_name USING (id) ORDER BY category")  # fmt: skip
    connection.execute("DROP TABLE bm_name")
    for table in ("bm_offer", "bm_named"):
        connection.execute(f"CREATE INDEX ON {table} (category, stars)")
    connection.execute("VACUUM ANALYZE bm_offer, bm_named, bm_request, bm_way")


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
        supply.first_day, supply.last_day, origins(supply) + 1, supply.quantity_base,
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
        _or_null(demand.storage_required, demand.storage_required >= 0), demand.province,
        demand.quantity_base, _known(ceiling * (1 + rules.price_tolerance)), _known(ceiling),
        demand.first_day, demand.last_day, demand.minimum_stars, demand.required_papers,
        demand.needs_invoice, demand.needs_barcode, _known(demand.max_lead_hours),
        _count(demand.words_signature),
    ]  # fmt: skip
    texts = map(normalised, world.texts["words"].tolist())
    bits = _bits(demand.words_signature)
    return zip(*(column.tolist() for column in columns), bits, texts, strict=True)


def _ways(world: World, rules: Ruleset) -> Iterator[tuple[Any, ...]]:
    return zip(range(PROVINCES), *(one.tolist() for one in ways(world, rules)), strict=True)


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


def _expressions(rules: Ruleset) -> dict[str, Any]:
    """The rules as SQL over o (offer), r (request), w (ways), y and x (what is left of them)."""
    needed = {
        end: ", ".join(
            f"CASE WHEN r.papers >> {at} & 1 = 1 THEN o.p{at}_{end} END" for at in range(len(KINDS))
        )
        for end in ("from", "to")
    }
    extra = " + ".join(
        f"CASE WHEN x.more >> {at} & 1 = 1 THEN {_days_in(f'p{at}')} ELSE 0 END"
        for at in range(len(KINDS))
    )
    return {
        "df": "greatest(o.first, r.first, CASE WHEN r.stars > 0 THEN o.stars_from END, "
        f"{needed['from']})",
        "dl": "least(o.last, r.last, CASE WHEN r.stars > 0 THEN o.stars_to END, "
        f"{needed['to']})",
        "extra": f"{extra} + {_days_in('stars')} * greatest(x.stars - greatest(r.stars, 2), 0)",
        "usual": rules.usual_hours,
        "margin": rules.margin_full_share,
        **least_gains(rules),
        "span": repr(1 + rules.price_tolerance - rules.price_full_share),
        "unknown": rules.unknown_fit,
        "leaf": rules.closeness_leaf,
        "set": rules.closeness_set,
        "name_share": rules.name_share,
        "rest_share": 1 - rules.name_share,
        "full": rules.papers_for_full_fit,
        "w": rules.weights,
        "k": rules.top_k,
        "minimum": rules.minimum_score,
    }  # fmt: skip


def _days_in(period: str) -> str:
    """Share of the asked days on which a pair could deliver within a period."""
    return (
        f"greatest(least(x.{period}_to, x.dl) - greatest(x.{period}_from, x.df) + 1, 0)::float8"
        " / (r.last - r.first + 1)"
    )


_ALIKE = """greatest(
  bit_count(x.name & r.words)::float8 / (x.name_n + r.words_n - bit_count(x.name & r.words)),
  bit_count(x.leaf & r.words)::float8 / (x.leaf_n + r.words_n - bit_count(x.leaf & r.words)))"""
_SIMILARITY = (
    "greatest(similarity(x.name_text, r.words_text), similarity(x.leaf_text, r.words_text))"
)
_QUERY = """
INSERT INTO bm_found SELECT r.id, t.id, t.score FROM bm_request r
JOIN bm_way w ON w.dest = r.province
CROSS JOIN LATERAL (
  SELECT s.id, s.score FROM (
    SELECT x.id, x.margin, x.quantity + x.freight + x.near + x.margin
      + round({w[0]} * CASE WHEN r.words_n = 0 THEN x.close
        ELSE {rest_share} * x.close + {name_share} * {alike} END)
      + round({w[2]} * CASE WHEN x.landed + r.ceiling IS NULL THEN {unknown}
        ELSE least(greatest((r.price_limit - x.landed) / (r.ceiling * {span}), 0), 1) END)
      + round({w[3]} * ((x.dl - x.df + 1)::float8 / (r.last - r.first + 1)))
      + round({w[5]} * least(({extra}) / {full}, 1)) AS score
    FROM (
      SELECT y.*, round({w[1]} * least(y.available / r.q, 1)) AS quantity,
        round({w[4]} * greatest(1 - y.hours / least(y.lim, {usual}), 0)) AS freight,
        round({w[6]} * w.pact[y.origin]) AS near,
        round({w[7]} * CASE WHEN y.landed + r.ceiling IS NULL THEN {unknown}
          ELSE least(greatest(0.5 + 0.5 * ((r.ceiling - y.landed) / (y.price * {margin})), 0), 1)
          END) AS margin
      FROM (
        SELECT o.*, {df} AS df, {dl} AS dl, o.papers & ~r.papers AS more,
          o.price + w.freight[o.origin] AS landed, w.hours[o.origin] AS hours,
          least(o.shelf_hours, r.lead) AS lim,
          least(o.q, o.capacity * ceil(({dl} - {df} + 1) / 7.0::float8)) AS available,
          CASE WHEN r.hi - r.lo = 1 THEN {leaf}::float8 ELSE {set} END AS close
        FROM {offers} o
        WHERE o.category >= r.lo AND o.category < r.hi AND o.stars >= r.stars
          AND o.papers & r.papers = r.papers AND o.org <> r.org
          AND (r.storage IS NULL OR o.storage = r.storage)
          AND (o.invoice OR NOT r.invoice) AND (o.gtin OR NOT r.gtin)
          AND o.first <= r.last AND o.last >= r.first
          AND (w.hours[o.origin] > least(o.shelf_hours, r.lead)) IS NOT TRUE
          AND (o.price + w.freight[o.origin] > r.price_limit) IS NOT TRUE
          AND {df} <= {dl}
          AND least(o.q, r.q, o.capacity * ceil(({dl} - {df} + 1) / 7.0::float8)) >= o.lot
      ) y OFFSET 0
    ) x WHERE x.quantity + x.freight + x.near + x.margin >= {producer} OFFSET 0
  ) s WHERE s.score - s.margin >= {buyer} ORDER BY s.score DESC, s.id LIMIT {k}
) t
WHERE r.id %% %(of)s = %(at)s AND t.score >= {minimum}
"""
