"""The other way to reckon readiness: one SQL query that leaves PostgreSQL with nothing but gaps.

Imported once Django is set up for the scratch database. Profiles are prepared in Python, as they
are few; papers, products, offers and the choice of profile by category are joined in the server.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from core.catalogue.models import ProductCategory
from core.kernel import clock
from core.kernel.periods import months_back
from matchmaking import columns
from matchmaking.engine.readiness import BIT_OF, stars_mask
from matchmaking.selectors.chains import chains

Gaps = dict[int, tuple[int, ...]]
_QUERY = """
WITH asked AS MATERIALIZED (
  SELECT * FROM unnest(%(category)s::int[], %(chain)s::int[], %(bits)s::bigint[],
                       %(oldest)s::date[], %(least)s::float[])
    AS one(category, chain, bits, oldest, least)
), slots AS (SELECT * FROM unnest(%(kinds)s::text[], %(slot)s::bigint[]) AS one(kind, bit)),
goods AS MATERIALIZED (
  SELECT p.id, p.producer_id, c.order_lo AS category,
         CASE WHEN r.can_issue_invoice THEN %(invoice)s::bigint ELSE 0 END
         | CASE WHEN p.gtin <> '' THEN %(barcode)s::bigint ELSE 0 END AS bits
  FROM producers_product p
  JOIN producers_producer r ON r.organisation_id = p.producer_id
  JOIN accounts_organisation o ON o.id = p.producer_id AND o.status = 'approved'
  JOIN catalogue_productcategory c ON c.id = p.category_id
  WHERE NOT p.is_archived AND (%(holder)s::bigint IS NULL OR p.producer_id = %(holder)s)
), counted AS (
  SELECT q.producer_id, q.product_id, s.bit, q.stars, q.test_report_on, t.order_lo, t.order_hi
  FROM producers_paper q
  LEFT JOIN slots s ON s.kind = q.kind
  LEFT JOIN catalogue_productcategory t ON t.id = q.crop_id
  WHERE q.status = 'verified' AND q.lot = '' AND q.valid_from <= %(today)s
    AND (q.valid_to IS NULL OR q.valid_to >= %(today)s)
    AND (%(holder)s::bigint IS NULL OR q.producer_id = %(holder)s)
), every AS (
  SELECT g.id, q.bit, q.stars, q.test_report_on FROM goods g
  JOIN counted q ON q.producer_id = g.producer_id AND q.product_id IS NULL
    AND (q.order_lo IS NULL OR g.category BETWEEN q.order_lo AND q.order_hi)
  UNION ALL
  SELECT g.id, q.bit, q.stars, q.test_report_on FROM goods g
  JOIN counted q ON q.product_id = g.id AND q.producer_id = g.producer_id
    AND (q.order_lo IS NULL OR g.category BETWEEN q.order_lo AND q.order_hi)
), papers AS MATERIALIZED (
  SELECT id, bit_or(bit) AS bits, max(stars) AS stars, max(test_report_on) AS tested
  FROM every GROUP BY id
), offers AS (
  SELECT product_id, bool_or(dimension = 'mass') AS weighed,
         max(weekly_capacity_base) FILTER (WHERE dimension = 'mass') AS weekly
  FROM producers_supplyoffer WHERE status = 'published' AND available_to >= %(today)s
  GROUP BY product_id
), has AS MATERIALIZED (
  SELECT g.id, g.category, w.tested, coalesce(f.weekly, 0) AS weekly,
         coalesce(f.weighed, true) AS weighed,
         g.bits | coalesce(w.bits, 0)
         | CASE WHEN w.stars >= 5 THEN %(five)s::bigint WHEN w.stars = 4 THEN %(four)s::bigint
                WHEN w.stars = 3 THEN %(three)s::bigint ELSE 0 END AS bits
  FROM goods g LEFT JOIN papers w ON w.id = g.id LEFT JOIN offers f ON f.product_id = g.id
)
SELECT h.id, array_agg(
  (a.bits & ~h.bits)
  | CASE WHEN a.oldest IS NOT NULL AND (h.tested IS NULL OR h.tested < a.oldest)
         THEN %(test)s::bigint ELSE 0 END
  | CASE WHEN a.least IS NOT NULL AND h.weighed AND h.weekly < a.least
         THEN %(capacity)s::bigint ELSE 0 END
  ORDER BY a.chain)
FROM has h JOIN asked a ON a.category = h.category GROUP BY h.id
"""


def judge_in_sql(holder: int | None = None) -> Gaps:
    """Return the gaps of products at each chain, by product.

    Args:
        holder: Only this producer's products; None for all.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")
        cursor.execute(_QUERY, _asked() | _codes() | {"holder": holder, "today": clock.today()})
        return {pk: tuple(gaps) for pk, gaps in cursor.fetchall()}


def _asked() -> dict[str, list[Any]]:
    """Return what each chain asks of each category, resolved: a few thousand rows."""
    found: dict[str, list[Any]] = {
        name: [] for name in ("category", "chain", "bits", "oldest", "least")
    }
    today = clock.today()
    orders = list(ProductCategory.objects.values_list("order_lo", flat=True))
    for at, chain in enumerate(chains()):
        for order in orders:
            facts = chain.profile_for(order)
            if facts is None:
                continue
            wants = columns.profile(facts)
            months = wants.test_report_months
            found["category"].append(order)
            found["chain"].append(at)
            found["bits"].append(wants.required)
            found["oldest"].append(months_back(today, months=months) if months else None)
            found["least"].append(wants.weekly_capacity_kg)
    return found


def _codes() -> dict[str, Any]:
    kinds = [code for code in BIT_OF if ":" not in code and not code.startswith("stars_")]
    return {
        "kinds": kinds,
        "slot": [BIT_OF[kind] for kind in kinds],
        "invoice": BIT_OF["invoice"],
        "barcode": BIT_OF["barcode"],
        "test": BIT_OF["test_report"],
        "capacity": BIT_OF["capacity"],
        "three": stars_mask(3),
        "four": stars_mask(4),
        "five": stars_mask(5),
    }
