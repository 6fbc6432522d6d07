"""The same rules in DuckDB and in polars, each in the form that was quickest here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb
import numpy as np
import polars as pl
from matching_peers import Listed, least_gains, listed, origins, ways
from matching_world import KINDS, World

from matchmaking.engine.ruleset import CRITERIA, GAINS, Ruleset
from matchmaking.engine.values import DemandColumns, SupplyColumns

WORDS = range(8)
CHUNK_REQUESTS = 100
_SHIFT = 1 << 32
_EVER, _NEVER = -(2**30), 2**30


def tables(world: World, rules: Ruleset) -> dict[str, dict[str, np.ndarray]]:
    """Offers, requests once for each category they ask for, categories and ways, as columns."""
    supply, demand = world.supply, world.demand
    offer, leaf, request = _offers(supply, rules), _leaves(supply), _requests(demand, rules)
    spans = demand.category_hi - demand.category_lo
    rows = np.repeat(np.arange(len(demand)), spans)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(spans) - spans, spans)
    is_leaf = (spans == 1)[rows]
    ask = {name: column[rows] for name, column in request.items()}
    # polars multiplies by the inverse of a number it divides by, but not of a column.
    ask["enough"] = np.full(len(rows), float(rules.papers_for_full_fit))
    ask["category"] = demand.category_lo[rows] + within
    ask["close"] = np.where(is_leaf, rules.closeness_leaf, rules.closeness_set)
    hours, freight, pact = ways(world, rules)
    province, origin = np.indices(hours.shape).reshape(2, -1)
    way = {"province": province, "origin": origin, "hours": hours.ravel(),
           "freight": freight.ravel(), "pact": pact.ravel()}  # fmt: skip
    return {"offer": offer, "leaf": leaf, "ask": ask, "way": way}


def _offers(supply: SupplyColumns, rules: Ruleset) -> dict[str, np.ndarray]:
    papers = {
        f"p{at}_{end}": day[:, at, 0]
        for at in range(len(KINDS))
        for end, day in (("from", supply.papers_from), ("to", supply.papers_to))
    }
    return {
        "id": supply.offer_id,
        "category": supply.category_order,
        "org": supply.organisation_id,
        "stars": supply.stars,
        "papers": supply.papers,
        "storage": supply.storage,
        "invoice": supply.can_issue_invoice,
        "gtin": supply.has_gtin,
        "first": supply.first_day,
        "last": supply.last_day,
        "origin": origins(supply),
        "q": supply.quantity_base,
        "capacity": supply.weekly_capacity_base,
        "lot": supply.minimum_lot_base,
        "price": supply.price_vnd_per_base,
        "shelf_hours": supply.shelf_life_days * 24 * rules.shelf_life_share,
        "stars_from": supply.stars_from,
        "stars_to": supply.stars_to,
        "name_n": _count(supply.product_signature),
        **papers,
        **_words("n", supply.product_signature),
    }


def _leaves(supply: SupplyColumns) -> dict[str, np.ndarray]:
    firsts = np.unique(supply.category_order, return_index=True)[1]
    return {
        "category": supply.category_order[firsts],
        "leaf_n": _count(supply.leaf_signature[firsts]),
        **_words("l", supply.leaf_signature[firsts]),
    }


def _requests(demand: DemandColumns, rules: Ruleset) -> dict[str, np.ndarray]:
    ceiling = demand.price_ceiling_vnd_per_base
    return {
        "r_id": demand.request_id,
        "r_org": demand.organisation_id,
        "province": demand.province,
        "r_storage": demand.storage_required,
        "r_q": demand.quantity_base,
        "ceiling": ceiling,
        "price_limit": ceiling * (1 + rules.price_tolerance),
        "r_first": demand.first_day,
        "r_last": demand.last_day,
        "r_stars": demand.minimum_stars,
        "required": demand.required_papers,
        "r_invoice": demand.needs_invoice,
        "r_gtin": demand.needs_barcode,
        "lead": demand.max_lead_hours,
        "words_n": _count(demand.words_signature),
        **_words("w", demand.words_signature),
    }


class DuckDb:
    """One query over all requests; `max(key, k)` keeps the best of each group."""

    def __init__(self, *, world: World, rules: Ruleset, threads: int) -> None:
        """Load the tables."""
        self.connection = duckdb.connect()
        self.connection.execute(f"SET threads = {threads}; SET preserve_insertion_order = false")
        for name, columns in tables(world, rules).items():
            self._create(name, columns)
        self.query = _duckdb_query(rules)

    def run(self) -> None:
        """List all requests into a table."""
        self.connection.execute(self.query)

    def listed(self) -> Listed:
        """What the last run listed."""
        found = self.connection.execute("SELECT r_id, unnest(keys) AS key FROM found").fetchnumpy()
        return _from_keys(found["r_id"], found["key"])

    def close(self) -> None:
        """Forget everything."""
        self.connection.close()

    def _create(self, name: str, columns: dict[str, np.ndarray]) -> None:
        read = ", ".join(
            f"CASE WHEN isnan({one}) THEN NULL ELSE {one} END AS {one}"
            if column.dtype.kind == "f"
            else one
            for one, column in columns.items()
        )
        self.connection.register("loaded", columns)
        self.connection.execute(f"CREATE TABLE {name} AS SELECT {read} FROM loaded")
        self.connection.unregister("loaded")


def _days_in(period: str) -> str:
    """Share of the asked days on which a pair could deliver within a period."""
    return (
        f"greatest(least({period}_to, dl) - greatest({period}_from, df) + 1, 0)::DOUBLE"
        " / (r_last - r_first + 1)"
    )


def _duckdb_query(rules: Ruleset) -> str:
    shared = " + ".join(f"bit_count(o.n{at} & r.w{at})::INT" for at in WORDS)
    leaf = " + ".join(f"bit_count(l.l{at} & a.w{at})::INT" for at in WORDS)
    needed = {
        end: ", ".join(
            f"CASE WHEN r.required >> {at} & 1 = 1 THEN o.p{at}_{end} ELSE {other} END"
            for at in range(len(KINDS))
        )
        for end, other in (("from", _EVER), ("to", _NEVER))
    }
    extra = " + ".join(
        f"CASE WHEN more >> {at} & 1 = 1 THEN {_days_in(f'p{at}')} ELSE 0 END"
        for at in range(len(KINDS))
    )
    gains = least_gains(rules)
    w, span = rules.weights, 1 + rules.price_tolerance - rules.price_full_share
    return f"""
CREATE OR REPLACE TEMP TABLE found AS
WITH named AS (
  SELECT a.*, ({leaf})::DOUBLE / (l.leaf_n + a.words_n - ({leaf})) AS leaf_alike
  FROM ask a JOIN leaf l USING (category)
), y AS (
  SELECT r.r_id, o.id, r.close, r.words_n, r.leaf_alike, o.name_n, ({shared}) AS shared,
    o.q, o.capacity, o.lot, r.r_q, r.ceiling, r.price_limit, r.r_first, r.r_last, o.stars,
    o.stars_from, o.stars_to, r.r_stars, w.pact, w.hours,
    {", ".join(f"o.p{at}_from, o.p{at}_to" for at in range(len(KINDS)))},
    o.papers & ~r.required AS more, o.price, o.price + w.freight AS landed,
    least(o.shelf_hours, r.lead, {rules.usual_hours}::DOUBLE) AS lim,
    greatest(o.first, r.r_first, CASE WHEN r.r_stars > 0 THEN o.stars_from ELSE {_EVER} END,
      {needed["from"]}) AS df,
    least(o.last, r.r_last, CASE WHEN r.r_stars > 0 THEN o.stars_to ELSE {_NEVER} END,
      {needed["to"]}) AS dl
  FROM offer o JOIN named r ON o.category = r.category
  JOIN way w ON w.province = r.province AND w.origin = o.origin
  WHERE o.stars >= r.r_stars AND o.papers & r.required = r.required AND o.org <> r.r_org
    AND (r.r_storage < 0 OR o.storage = r.r_storage)
    AND (o.invoice OR NOT r.r_invoice) AND (o.gtin OR NOT r.r_gtin)
    AND o.first <= r.r_last AND o.last >= r.r_first
    AND (w.hours > least(o.shelf_hours, r.lead)) IS NOT TRUE
    AND (o.price + w.freight > r.price_limit) IS NOT TRUE
), x AS (
  SELECT *, least(q, capacity * ceil((dl - df + 1) / 7.0::DOUBLE)) AS available FROM y
  WHERE df <= dl
), sides AS (
  SELECT *, round_even({w[1]} * least(available / r_q, 1), 0) AS quantity,
    round_even({w[4]} * greatest(1 - hours / lim, 0), 0) AS freight,
    round_even({w[6]} * pact, 0) AS near,
    round_even({w[7]} * CASE WHEN landed + ceiling IS NULL THEN {rules.unknown_fit}::DOUBLE
      ELSE least(greatest(0.5::DOUBLE + 0.5::DOUBLE * ((ceiling - landed)
        / (price * {rules.margin_full_share}::DOUBLE)), 0), 1) END, 0) AS margin
  FROM x WHERE least(available, r_q) >= lot
), scored AS (
  SELECT r_id, id, margin, quantity + freight + near + margin
    + round_even({w[0]} * CASE WHEN words_n = 0 THEN close
      ELSE {1 - rules.name_share}::DOUBLE * close + {rules.name_share}::DOUBLE
        * greatest(shared::DOUBLE / (name_n + words_n - shared), leaf_alike) END, 0)
    + round_even({w[2]} * CASE WHEN landed + ceiling IS NULL THEN {rules.unknown_fit}::DOUBLE
      ELSE least(greatest((price_limit - landed) / (ceiling * {span!r}::DOUBLE), 0), 1) END, 0)
    + round_even({w[3]} * ((dl - df + 1)::DOUBLE / (r_last - r_first + 1)), 0)
    + round_even({w[5]} * least(({extra} + {_days_in("stars")}
      * greatest(stars - greatest(r_stars, 2), 0)) / {rules.papers_for_full_fit}, 1), 0) AS score
  FROM sides WHERE quantity + freight + near + margin >= {gains["producer"]}
)
SELECT r_id, max(score::BIGINT * {_SHIFT} + {_SHIFT - 1} - id, {rules.top_k}) AS keys
FROM scored WHERE score >= {rules.minimum_score} AND score - margin >= {gains["buyer"]}
GROUP BY r_id
"""


class Polars:
    """Streaming joins over some requests at a time, so that the pairs stay in the caches."""

    def __init__(self, *, world: World, rules: Ruleset) -> None:
        """Load the frames."""
        frames = {name: _frame(columns) for name, columns in tables(world, rules).items()}
        self.offer, self.way = frames["offer"].lazy(), frames["way"].lazy()
        self.ask, self.leaf, self.rules = frames["ask"], frames["leaf"].lazy(), rules
        self.found: list[pl.DataFrame] = []

    def run(self) -> None:
        """List all requests."""
        self.found = []
        last = int(self.ask["r_id"].max())
        for first in range(1, last + 1, CHUNK_REQUESTS):
            chunk = self.ask.lazy().filter(
                pl.col("r_id").is_between(first, first + CHUNK_REQUESTS - 1)
            )
            self.found.append(self._best(chunk).collect(engine="streaming"))

    def listed(self) -> Listed:
        """What the last run listed."""
        found = pl.concat(self.found).explode("key").drop_nulls()
        return _from_keys(found["r_id"].to_numpy(), found["key"].to_numpy())

    def _best(self, ask: pl.LazyFrame) -> pl.LazyFrame:
        col, rules = pl.col, self.rules
        hours, landed = col("hours"), col("price") + col("freight")
        limit = pl.min_horizontal("shelf_hours", "lead")
        usual = pl.min_horizontal(limit, pl.lit(rules.usual_hours))
        named = (
            ask.join(self.leaf, on="category")
            .with_columns(_leaf_alike())
            .drop([f"l{at}" for at in WORDS])
        )
        pairs = named.join(self.offer, on="category").filter(
            col("stars") >= col("r_stars"),
            col("papers") & col("required") == col("required"),
            col("org") != col("r_org"),
            (col("r_storage") < 0) | (col("storage") == col("r_storage")),
            col("invoice") | ~col("r_invoice"),
            col("gtin") | ~col("r_gtin"),
            col("first") <= col("r_last"),
            col("last") >= col("r_first"),
        )
        reached = pairs.join(self.way, on=["province", "origin"]).filter(
            (hours <= limit).fill_null(value=True),
            (landed <= col("price_limit")).fill_null(value=True),
        )
        days = reached.with_columns(
            df=_delivery("from"), dl=_delivery("to"), landed=landed, lim=usual
        ).filter(col("df") <= col("dl"))
        count = col("dl") - col("df") + 1
        weeks = (count + 6) // 7
        traded = days.with_columns(
            available=pl.min_horizontal(col("q"), col("capacity") * weeks)
        ).filter(pl.min_horizontal("available", "r_q") >= col("lot"))
        gains = least_gains(rules)
        both = traded.with_columns(**_parts(rules, ("quantity", "freight", "pact", "margin")))
        sold = both.filter(pl.sum_horizontal(*map(_part, GAINS["producer"])) >= gains["producer"])
        rest = _parts(rules, ("product", "price", "window", "papers"))
        score = pl.sum_horizontal(*map(_part, CRITERIA))
        bought = sold.with_columns(**rest).filter(
            score >= rules.minimum_score, score - _part("margin") >= gains["buyer"]
        )
        key = score.cast(pl.Int64) * _SHIFT + (_SHIFT - 1) - col("id")
        return bought.select("r_id", key=key).group_by("r_id").agg(col("key").top_k(rules.top_k))


def _delivery(end: str) -> pl.Expr:
    own, other, join = (
        ("first", _EVER, pl.max_horizontal)
        if end == "from"
        else ("last", _NEVER, pl.min_horizontal)
    )
    needed = [
        pl.when(_bit("required", at)).then(pl.col(f"p{at}_{end}")).otherwise(other)
        for at in range(len(KINDS))
    ]
    stars = pl.when(pl.col("r_stars") > 0).then(pl.col(f"stars_{end}")).otherwise(other)
    return join(own, f"r_{own}", stars, *needed)


def _bit(name: str, at: int) -> pl.Expr:
    return pl.col(name) & (1 << at) != 0


def _leaf_alike() -> pl.Expr:
    shared = pl.sum_horizontal(
        (pl.col(f"l{at}") & pl.col(f"w{at}")).bitwise_count_ones().cast(pl.Int64) for at in WORDS
    )
    return (shared / (pl.col("leaf_n") + pl.col("words_n") - shared)).alias("leaf_alike")


def _part(name: str) -> pl.Expr:
    return pl.col(f"points_{name}")


def _parts(rules: Ruleset, names: Iterable[str]) -> dict[str, pl.Expr]:
    """The points of some parts, each rounded, as columns."""
    fits = _fits(rules)
    return {
        f"points_{name}": (rules.weight(name) * fits[name]).round(mode="half_to_even")
        for name in names
    }


def _fits(rules: Ruleset) -> dict[str, pl.Expr]:
    col = pl.col
    shared = pl.sum_horizontal(
        (col(f"n{at}") & col(f"w{at}")).bitwise_count_ones().cast(pl.Int64) for at in WORDS
    )
    alike = pl.max_horizontal(shared / (col("name_n") + col("words_n") - shared), "leaf_alike")
    mixed = (1 - rules.name_share) * col("close") + rules.name_share * alike
    span = col("ceiling") * (1 + rules.price_tolerance - rules.price_full_share)
    price = ((col("price_limit") - col("landed")) / span).clip(0, 1)
    share = (col("ceiling") - col("landed")) / (col("price") * rules.margin_full_share)
    above = pl.max_horizontal(col("stars") - pl.max_horizontal("r_stars", 2), 0)
    papers = pl.lit(0.0)  # summed in this order by all engines, for the same last bit
    for at in range(len(KINDS)):
        counts = _bit("papers", at) & ~_bit("required", at)
        papers += pl.when(counts).then(_days_of(f"p{at}")).otherwise(0.0)
    papers += _days_of("stars") * above
    return {
        "product": pl.when(col("words_n") == 0).then(col("close")).otherwise(mixed),
        "quantity": (col("available") / col("r_q")).clip(0, 1),
        "price": price.fill_null(rules.unknown_fit),
        "window": (col("dl") - col("df") + 1) / (col("r_last") - col("r_first") + 1),
        "freight": (1 - col("hours") / col("lim")).clip(0, 1),
        "papers": (papers / col("enough")).clip(0, 1),
        "pact": col("pact"),
        "margin": (0.5 + 0.5 * share).clip(0, 1).fill_null(rules.unknown_fit),
    }


def _days_of(period: str) -> pl.Expr:
    """Share of the asked days on which a pair could deliver within a period."""
    last = pl.min_horizontal(f"{period}_to", "dl")
    first = pl.max_horizontal(f"{period}_from", "df")
    asked = pl.col("r_last") - pl.col("r_first") + 1
    return pl.max_horizontal(last - first + 1, 0) / asked


def _frame(columns: dict[str, np.ndarray]) -> pl.DataFrame:
    frame = pl.DataFrame(columns)
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))


def _count(signatures: np.ndarray) -> np.ndarray:
    return np.bitwise_count(signatures).sum(axis=1, dtype=np.int64)


def _words(letter: str, signatures: np.ndarray) -> dict[str, np.ndarray]:
    return {f"{letter}{at}": signatures[:, at].copy().view(np.int64) for at in WORDS}


def _from_keys(request: Any, key: Any) -> Listed:
    key = np.asarray(key, dtype=np.int64)
    return listed(np.asarray(request), _SHIFT - 1 - (key & (_SHIFT - 1)), key >> 32)
