"""What one would do without the engine: a plain Python loop, and one query in PostgreSQL."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from concurrent.futures import ThreadPoolExecutor
from math import ceil, inf
from typing import Any

import psycopg
from matching_world import KINDS, PROVINCES, World

from matchmaking.engine.names import signature_bytes
from matchmaking.engine.records import Demand, Supply, paper_mask, validity_of_slots
from matchmaking.engine.ruleset import Ruleset

Listed = dict[int, list[tuple[int, int]]]
CONNECTIONS = 2
"""Two clients over disjoint requests beat the server's own parallel plans."""


class PostgresPeer:
    """The same rules as one LATERAL query over tables in leaf order, warmed and analysed."""

    def __init__(self, url: str, *, world: World, rules: Ruleset) -> None:
        """Load the world into unlogged tables of this database, dropped by `close`."""
        self.connections = [psycopg.connect(url, autocommit=True) for _ in range(CONNECTIONS)]
        self.query = _QUERY.format(**_expressions(rules))
        self.rows = len(world.requests)
        _load(self.connections[0], world)
        for connection in self.connections:
            connection.execute("SET work_mem = '256MB'; SET jit = off")
            connection.execute("SET max_parallel_workers_per_gather = 0")

    def run(self) -> Listed:
        """The listed offers of every request, best first, by row number of the request."""
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            parts = list(pool.map(self._part, range(CONNECTIONS)))
        listed: Listed = {row: [] for row in range(self.rows)}
        for request_id, offer_id, score in (row for part in parts for row in part):
            listed[request_id - 1].append((offer_id, score))
        return listed

    def close(self) -> None:
        """Remove the tables and hang up."""
        self.connections[0].execute("DROP TABLE bm_offer, bm_request, bm_way")
        for connection in self.connections:
            connection.close()

    def _part(self, number: int) -> list[tuple[int, int, int]]:
        return self.connections[number].execute(self.query, (CONNECTIONS, number)).fetchall()


def _load(connection: psycopg.Connection[Any], world: World) -> None:
    days = ", ".join(f"p{at}_from int, p{at}_to int" for at in range(len(KINDS)))
    connection.execute("DROP TABLE IF EXISTS bm_offer, bm_request, bm_way")
    connection.execute(
        "CREATE UNLOGGED TABLE bm_offer (id int, org int, category int, storage int, province int,"
        " q float8, capacity float8, lot float8, price float8, first int, last int, shelf float8,"
        " access float8, stars int, stars_from int, stars_to int, papers int, invoice bool,"
        f" gtin bool, leaf bit(512), leaf_n int, name bit(512), name_n int, {days})"
    )
    connection.execute(
        "CREATE UNLOGGED TABLE bm_request (id int, org int, lo int, hi int, storage int,"
        " province int, q float8, ceiling float8, first int, last int, stars int, papers int,"
        " invoice bool, gtin bool, lead float8, words bit(512), words_n int)"
    )
    connection.execute(
        "CREATE UNLOGGED TABLE bm_way (dest int PRIMARY KEY, hours float8[], km float8[],"
        " pact float8[])"
    )
    _copy(connection, "bm_offer", (_offer_row(one) for one in world.offers))
    _copy(connection, "bm_request", (_request_row(one) for one in world.requests))
    _copy(connection, "bm_way", (_way_row(world, dest) for dest in range(PROVINCES)))
    connection.execute("CREATE INDEX ON bm_offer (category, stars)")
    connection.execute("VACUUM ANALYZE bm_offer, bm_request, bm_way")


def _copy(connection: psycopg.Connection[Any], table: str, rows: Any) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _bits(text: str) -> tuple[str, int]:
    number = int.from_bytes(signature_bytes(text), "little")
    return f"{number:0512b}", number.bit_count()


def _offer_row(one: Supply) -> tuple[Any, ...]:
    held = {slot: periods[0] for slot, periods in validity_of_slots(one).items()}
    days = [day for slot in range(len(KINDS)) for day in held.get(slot, (None, None))]
    storage = 0 if one.storage == "ambient" else 1
    return (
        one.offer_id, one.organisation_id, one.category_order, storage, one.province,
        one.quantity_base, one.weekly_capacity_base, one.minimum_lot_base, one.price_vnd_per_base,
        one.first_day, one.last_day, one.shelf_life_days, one.origin.access_hours, one.stars,
        one.stars_from, one.stars_to, sum(1 << slot for slot in held), one.can_issue_invoice,
        one.has_gtin, *_bits(one.leaf_name), *_bits(one.product_name), *days,
    )  # fmt: skip


def _request_row(one: Demand) -> tuple[Any, ...]:
    return (
        one.request_id, one.organisation_id, one.category_lo, one.category_hi,
        None if one.storage_required is None else 1, one.province, one.quantity_base,
        one.price_ceiling_vnd_per_base, one.first_day, one.last_day, one.minimum_stars,
        paper_mask(one.required_papers), one.needs_invoice, one.needs_barcode,
        one.max_lead_hours, *_bits(one.words),
    )  # fmt: skip


def _way_row(world: World, dest: int) -> tuple[Any, ...]:
    land = world.terrain
    pact = [float(land.pacts[at, dest] or at == dest) for at in range(PROVINCES)]
    return dest, land.travel_hours[:, dest].tolist(), land.travel_km[:, dest].tolist(), pact


def _expressions(rules: Ruleset) -> dict[str, Any]:
    """The parts of the query as SQL over o (offer), r (request), w (way) and x (what fits)."""
    driving = "(w.hours[o.province + 1] + o.access)"
    rates = rules.freight_vnd_per_kg_km
    needed = {
        end: ", ".join(
            f"CASE WHEN r.papers >> {at} & 1 = 1 THEN o.p{at}_{end} END" for at in range(len(KINDS))
        )
        for end in ("from", "to")
    }
    extra = " + ".join(
        f"((x.papers & ~x.required) >> {at} & 1)"
        f" * coalesce(x.p{at}_from <= x.df AND x.p{at}_to >= x.dl, false)::int"
        for at in range(len(KINDS))
    )
    return {
        "hours": f"{driving} + {rules.loading_hours!r}"
        f" + greatest(ceil({driving} / {rules.driving_stretch_hours!r}) - 1, 0)"
        f" * {rules.pause_hours!r}::float8"
        f" + greatest(ceil({driving} / {rules.driving_day_hours!r}) - 1, 0)"
        f" * {rules.night_hours!r}::float8",
        "landed": f"o.price + ({rules.freight_fixed_vnd_per_kg!r}"
        f" + (CASE o.storage WHEN 0 THEN {rates[0]!r}::float8 ELSE {rates[1]!r} END)"
        " * w.km[o.province + 1])",
        "df": "greatest(o.first, r.first, CASE WHEN r.stars > 0 THEN o.stars_from END, "
        f"{needed['from']})",
        "dl": "least(o.last, r.last, CASE WHEN r.stars > 0 THEN o.stars_to END, "
        f"{needed['to']})",
        "extra": extra,
        "tolerated": repr(1 + rules.price_tolerance),
        "span": repr(1 + rules.price_tolerance - rules.price_full_share),
        "share": rules.shelf_life_share,
        "unknown": rules.unknown_fit,
        "leaf": rules.closeness_leaf,
        "set": rules.closeness_set,
        "name_share": rules.name_share,
        "rest_share": 1 - rules.name_share,
        "full": rules.papers_for_full_fit,
        "w": rules.weights,
        "k": rules.top_k,
    }  # fmt: skip


_QUERY = """
SELECT r.id, t.id, t.score::int FROM bm_request r JOIN bm_way w ON w.dest = r.province
CROSS JOIN LATERAL (
  SELECT x.id,
    round({w[0]} * CASE WHEN x.words_n = 0 THEN x.close ELSE {rest_share} * x.close + {name_share}
      * greatest(bit_count(x.name & x.words)::float8
          / (x.name_n + x.words_n - bit_count(x.name & x.words)),
        bit_count(x.leaf & x.words)::float8
          / (x.leaf_n + x.words_n - bit_count(x.leaf & x.words))) END)
    + round({w[1]} * least(x.available / x.asked, 1))
    + round({w[2]} * coalesce(CASE WHEN x.landed + x.ceiling IS NOT NULL THEN least(greatest(
        (x.ceiling * {tolerated} - x.landed) / (x.ceiling * {span}), 0), 1) END, {unknown}))
    + round({w[3]} * ((x.dl - x.df + 1)::float8 / x.asked_days))
    + round({w[4]} * coalesce(CASE WHEN x.lim IS NOT NULL
        THEN least(greatest(1 - x.hours / x.lim, 0), 1) END, {unknown}))
    + round({w[5]} * least((({extra}) + CASE WHEN x.stars_from <= x.df AND x.stars_to >= x.dl
        THEN greatest(x.stars - greatest(x.min_stars, 2), 0) ELSE 0 END)::float8 / {full}, 1))
    + round({w[6]} * x.pact) AS score
  FROM (
    SELECT o.*, r.words, r.words_n, r.papers AS required, r.q AS asked, r.ceiling,
      r.stars AS min_stars, r.last - r.first + 1 AS asked_days, {df} AS df, {dl} AS dl,
      least(o.q, o.capacity * ceil(({dl} - {df} + 1) / 7.0::float8)) AS available,
      {landed} AS landed, {hours} AS hours, least(o.shelf * 24 * {share}::float8, r.lead) AS lim,
      w.pact[o.province + 1] AS pact,
      CASE WHEN r.hi - r.lo = 1 THEN {leaf}::float8 ELSE {set} END AS close
    FROM bm_offer o
    WHERE o.category >= r.lo AND o.category < r.hi AND o.stars >= r.stars
      AND o.papers & r.papers = r.papers AND o.org <> r.org
      AND (r.storage IS NULL OR o.storage = r.storage)
      AND (o.invoice OR NOT r.invoice) AND (o.gtin OR NOT r.gtin)
      AND o.first <= r.last AND o.last >= r.first AND {df} <= {dl}
      AND ({landed} > r.ceiling * {tolerated}) IS NOT TRUE
      AND ({hours} > least(o.shelf * 24 * {share}::float8, r.lead)) IS NOT TRUE
      AND least(o.q, r.q, o.capacity * ceil(({dl} - {df} + 1) / 7.0::float8))
        >= coalesce(o.lot, 0)
    OFFSET 0
  ) x
  ORDER BY score DESC, x.id LIMIT {k}
) t
WHERE r.id %% %s = %s ORDER BY r.id, t.score DESC, t.id
"""


def python_loop(world: World, *, sample: list[int], rules: Ruleset) -> Listed:
    """A loop over the offers of the category slice that leaves at the first closed gate."""
    orders = [one.category_order for one in world.offers]
    held = {}
    listed: Listed = {}
    for row in sample:
        demand, best = world.requests[row], []
        low, high = (bisect_left(orders, at) for at in (demand.category_lo, demand.category_hi))
        for at in range(low, high):
            if at not in held:
                found = validity_of_slots(world.offers[at])
                held[at] = {KINDS[slot]: periods[0] for slot, periods in found.items()}
            score = _score(world, world.offers[at], demand, held[at], rules)
            if score is not None:
                best.append((-score, world.offers[at].offer_id))
        listed[row] = [(offer, -score) for score, offer in heapq.nsmallest(rules.top_k, best)]
    return listed


def _score(  # noqa: C901, PLR0911, PLR0912, PLR0915 -- the loop people write, in one piece
    world: World, s: Supply, d: Demand, held: dict[str, tuple[int, int]], rules: Ruleset
) -> int | None:
    if s.stars < d.minimum_stars or s.organisation_id == d.organisation_id:
        return None
    if d.storage_required not in {None, s.storage}:
        return None
    if (d.needs_invoice and not s.can_issue_invoice) or (d.needs_barcode and not s.has_gtin):
        return None
    first, last = max(s.first_day, d.first_day), min(s.last_day, d.last_day)
    for kind in d.required_papers:
        if kind not in held:
            return None
        first, last = max(first, held[kind][0]), min(last, held[kind][1])
    if d.minimum_stars:
        first, last = max(first, s.stars_from), min(last, s.stars_to)
    if first > last:
        return None
    available = s.quantity_base
    if s.weekly_capacity_base is not None:
        available = min(available, s.weekly_capacity_base * ceil((last - first + 1) / 7))
    if min(available, d.quantity_base) < (s.minimum_lot_base or 0):
        return None
    land = world.terrain
    driving = float(land.travel_hours[s.origin.node, d.destinations[0].node])
    driving += s.origin.access_hours
    hours = driving + rules.loading_hours
    hours += max(ceil(driving / rules.driving_stretch_hours) - 1, 0) * rules.pause_hours
    hours += max(ceil(driving / rules.driving_day_hours) - 1, 0) * rules.night_hours
    shelf = inf if s.shelf_life_days is None else s.shelf_life_days * 24 * rules.shelf_life_share
    limit = min(shelf, inf if d.max_lead_hours is None else d.max_lead_hours)
    if hours > limit:
        return None
    price = rules.unknown_fit
    if None not in {s.price_vnd_per_base, d.price_ceiling_vnd_per_base}:
        rate = rules.freight_vnd_per_kg_km[0 if s.storage == "ambient" else 1]
        km = float(land.travel_km[s.origin.node, d.destinations[0].node])
        landed = s.price_vnd_per_base + (rules.freight_fixed_vnd_per_kg + rate * km)
        most = d.price_ceiling_vnd_per_base * (1 + rules.price_tolerance)
        if landed > most:
            return None
        span = 1 + rules.price_tolerance - rules.price_full_share
        price = min((most - landed) / (d.price_ceiling_vnd_per_base * span), 1.0)
    extra = sum(
        begins <= first and ends >= last
        for kind, (begins, ends) in held.items()
        if kind not in d.required_papers
    )
    if s.stars_from <= first and s.stars_to >= last:
        extra += max(s.stars - max(d.minimum_stars, 2), 0)
    near = s.province == d.province or bool(land.pacts[s.province, d.province])
    fits = (
        _product(s, d, rules),
        min(available / d.quantity_base, 1.0),
        price,
        (last - first + 1) / (d.last_day - d.first_day + 1),
        rules.unknown_fit if limit == inf else max(1 - hours / limit, 0.0),
        min(extra / rules.papers_for_full_fit, 1.0),
        float(near),
        0.0,  # margin: bench_matching.RULES give it no weight
    )
    return sum(round(weight * fit) for weight, fit in zip(rules.weights, fits, strict=True))


def _product(s: Supply, d: Demand, rules: Ruleset) -> float:
    is_leaf = d.category_hi - d.category_lo == 1
    close = rules.closeness_leaf if is_leaf else rules.closeness_set
    if not d.words:
        return close
    words, alike = _number(d.words), []
    for text in (s.product_name, s.leaf_name):
        other = _number(text)
        alike.append((words & other).bit_count() / (words | other).bit_count())
    return (1 - rules.name_share) * close + rules.name_share * max(alike)


def _number(text: str) -> int:
    return int.from_bytes(signature_bytes(text), "little")
