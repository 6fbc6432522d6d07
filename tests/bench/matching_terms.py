"""The product's rules as SQL over an offer `o`, a request `r` and the way between them.

In layers, the dear last: gates and facts of each candidate, what the producer gains, the other
points where that is enough, the best pairs worth it. Whoever searches is the outer row; candidates
come from a subquery that carries the alias of their side, so the terms serve both directions.
"""

from __future__ import annotations

from typing import Any

from matching_world import KINDS

from matchmaking.engine.ruleset import CRITERIA, FULL_SCORE, GAINS, Ruleset
from matchmaking.engine.scoring import side_weight

ALIKE = """greatest(
    bit_count(o.name & r.words)::float8 / (o.name_n + r.words_n - bit_count(o.name & r.words)),
    bit_count(o.leaf & r.words)::float8 / (o.leaf_n + r.words_n - bit_count(o.leaf & r.words)))"""
SIMILARITY = (
    "greatest(similarity(o.name_text, r.words_text), similarity(o.leaf_text, r.words_text))"
)
"""What people write instead; exact trigrams, so scores differ a little."""

_BEST = """
  SELECT p.id, {score} AS score FROM (
    SELECT {c}.id, {known}, {rest}
    FROM (
      SELECT {c}.*, {producers}
      FROM (
        SELECT {c}.*, {first} AS df, {last} AS dl, {hours} AS hours, {pact} AS near,
          o.price + {freight} AS landed, r.last - r.first + 1 AS asked_days,
          least(o.q, o.capacity * ceil(({last} - {first} + 1) / 7.0::float8)) AS available
        FROM {candidates}
        WHERE {where} AND o.stars >= r.stars AND o.first <= r.last AND o.last >= r.first
          AND o.papers & r.papers = r.papers AND o.org <> r.org
          AND (r.storage IS NULL OR o.storage = r.storage)
          AND (o.invoice OR NOT r.invoice) AND (o.gtin OR NOT r.gtin)
          AND ({hours} > least(o.shelf_hours, r.lead)) IS NOT TRUE
          AND (o.price + {freight} > r.price_limit) IS NOT TRUE
          AND {first} <= {last}
          AND least(o.q, r.q, o.capacity * ceil(({last} - {first} + 1) / 7.0::float8)) >= o.lot
      ) {c}
      OFFSET 0
    ) {c}
    WHERE {producer_gains}
    OFFSET 0
  ) p
  WHERE {score} >= {minimum} AND {buyer_gains}
  ORDER BY {score} DESC, p.id LIMIT {top_k}
"""


def best(
    rules: Ruleset, *, candidates: str, side: str, where: str, way: str, alike: str = ALIKE
) -> str:
    """The best candidates of one outer row, as a subquery for `CROSS JOIN LATERAL`.

    Args:
        rules: To judge by; nobody in the bench's world prefers papers, each has one period.
        candidates: What to read, with the alias of its side.
        side: That alias, `o` where offers are sought, `r` where requests are.
        where: What narrows them down to the category.
        way: Position in the arrays of `w`, the ways from or to the outer row.
        alike: How near the words are.
    """
    points = _points(rules, side, alike=alike)
    producers = GAINS["producer"]
    return _BEST.format(
        c=side,
        candidates=candidates,
        where=where,
        known=", ".join(f"{side}.{name}" for name in producers),
        producers=", ".join(f"{points[name]} AS {name}" for name in producers),
        rest=", ".join(
            f"{term} AS {name}" for name, term in points.items() if name not in producers
        ),
        score=f"({' + '.join(f'p.{name}' for name in points)})",
        producer_gains=_gain(rules, "producer", of=side),
        buyer_gains=_gain(rules, "buyer", of="p"),
        minimum=rules.minimum_score,
        top_k=rules.top_k,
        **_days(),
        **{name: f"w.{name}[{way}]" for name in ("hours", "freight", "pact")},
    )


def _days() -> dict[str, str]:
    """First and last day on which a pair could deliver with the papers asked for."""
    needed = {
        end: ", ".join(
            f"CASE WHEN r.papers >> {at} & 1 = 1 THEN o.p{at}_{end} END" for at in range(len(KINDS))
        )
        for end in ("from", "to")
    }
    return {
        "first": "greatest(o.first, r.first, CASE WHEN r.stars > 0 THEN o.stars_from END, "
        f"{needed['from']})",
        "last": "least(o.last, r.last, CASE WHEN r.stars > 0 THEN o.stars_to END, "
        f"{needed['to']})",
    }  # fmt: skip


def _points(rules: Ruleset, c: str, *, alike: str) -> dict[str, str]:
    """Whole points of each criterion, in the order of `CRITERIA`; `c` carries the facts."""
    unknown, share = _float(rules.unknown_fit), _float(rules.name_share)
    leaf, wider = _float(rules.closeness_leaf), _float(rules.closeness_set)
    close = f"(CASE WHEN r.hi - r.lo = 1 THEN {leaf} ELSE {wider} END)"
    span = _float(1 + rules.price_tolerance - rules.price_full_share)
    usual = _float(rules.usual_hours) if rules.usual_hours else "NULL::float8"
    limit = f"least(o.shelf_hours, r.lead, {usual})"
    fits = {
        "product": f"CASE WHEN r.words_n = 0 THEN {close}"
        f" ELSE {_float(1 - rules.name_share)} * {close} + {share} * {alike} END",
        "quantity": f"least({c}.available / r.q, 1)",
        "price": f"CASE WHEN {c}.landed + r.ceiling IS NULL THEN {unknown}"
        f" ELSE least(greatest((r.price_limit - {c}.landed) / (r.ceiling * {span}), 0), 1) END",
        "window": f"({c}.dl - {c}.df + 1)::float8 / {c}.asked_days",
        "freight": f"CASE WHEN {limit} IS NULL THEN {unknown}"
        f" ELSE least(greatest(1 - {c}.hours / {limit}, 0), 1) END",
        "papers": f"least(({_papers(rules, c)}) / {rules.papers_for_full_fit}, 1)",
        "pact": f"{c}.near",
        "margin": f"CASE WHEN {c}.landed + r.ceiling IS NULL THEN {unknown}"
        f" ELSE least(greatest(0.5::float8 + 0.5::float8 * ((r.ceiling - {c}.landed)"
        f" / (o.price * {_float(rules.margin_full_share)})), 0), 1) END",
    }  # fmt: skip
    weights = dict(zip(CRITERIA, rules.weights, strict=True))
    return {name: f"round({weights[name]} * ({fits[name]}))::int" for name in CRITERIA}


def _papers(rules: Ruleset, c: str) -> str:
    """Papers and stars above the minimum: by the share of the asked days, or on every day."""

    def worth(begins: str, ends: str) -> str:
        if rules.papers_by_day:
            return (
                f"greatest(least({ends}, {c}.dl) - greatest({begins}, {c}.df) + 1, 0)::float8"
                f" / {c}.asked_days"
            )
        return f"({begins} <= {c}.df AND {ends} >= {c}.dl)::int::float8"

    papers = " + ".join(
        f"CASE WHEN (o.papers & ~r.papers) >> {at} & 1 = 1"
        f" THEN {worth(f'o.p{at}_from', f'o.p{at}_to')} ELSE 0 END"
        for at in range(len(KINDS))
    )
    floor = "greatest(r.stars, 2)"
    stars = f"{worth('o.stars_from', 'o.stars_to')} * greatest(o.stars - {floor}, 0)"
    return f"({papers}) + {stars}"


def _gain(rules: Ruleset, side: str, *, of: str) -> str:
    """That a side gains the least it must."""
    gained = " + ".join(f"{of}.{name}" for name in GAINS[side])
    least = rules.minimum_gain * side_weight(rules, side=side)
    return f"({gained})::bigint * {FULL_SCORE} >= {least}"


def _float(number: Any) -> str:
    return f"{float(number)!r}::float8"
