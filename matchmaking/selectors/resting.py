"""Which matches rest on papers, asked of the database itself: no engine stands between."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection

_WITHOUT_PAPERS: Final = """
WITH pair AS (
  SELECT m.id, m.producer_id, o.product_id, c.order_lo AS category,
         m.demand,
         daterange(
           greatest(o.available_from, DATE '0001-01-01' + (m.demand->>'first_day')::int - 1,
                    %(day)s),
           least(o.available_to, DATE '0001-01-01' + (m.demand->>'last_day')::int - 1),
           '[]') AS days
    FROM matchmaking_match m
    JOIN producers_supplyoffer o ON o.id = m.offer_id
    JOIN producers_product p ON p.id = o.product_id
    JOIN catalogue_productcategory c ON c.id = p.category_id
   WHERE m.status = ANY(%(statuses)s)
     AND (%(producer)s::bigint IS NULL OR m.producer_id = %(producer)s)
     AND (%(match)s::bigint IS NULL OR m.id = %(match)s)
     AND greatest(o.available_from, DATE '0001-01-01' + (m.demand->>'first_day')::int - 1,
                  %(day)s)
         <= least(o.available_to, DATE '0001-01-01' + (m.demand->>'last_day')::int - 1)
),
asked AS (
  SELECT pair.id, split_part(slot, ':', 1) AS kind, split_part(slot, ':', 2) AS market,
         0 AS stars
    FROM pair, jsonb_array_elements_text(pair.demand->'required_papers') AS slot
  UNION ALL
  SELECT pair.id, 'ocop_award', '', (pair.demand->>'minimum_stars')::int
    FROM pair WHERE (pair.demand->>'minimum_stars')::int > 0
),
held AS (
  SELECT asked.id, asked.kind, asked.market,
         coalesce(range_agg(daterange(paper.valid_from, paper.valid_to, '[]'))
                    FILTER (WHERE paper.id IS NOT NULL), '{}'::datemultirange)
         * datemultirange(pair.days) AS days
    FROM asked
    JOIN pair USING (id)
    LEFT JOIN producers_paper paper
      ON paper.producer_id = pair.producer_id
     AND paper.status = 'verified'
     AND CASE paper.kind WHEN 'food_safety_exemption' THEN 'food_safety' ELSE paper.kind END
         = asked.kind
     AND paper.lot = ''
     AND (paper.crop_id IS NULL OR EXISTS (
           SELECT 1 FROM catalogue_productcategory crop
            WHERE crop.id = paper.crop_id
              AND pair.category BETWEEN crop.order_lo AND crop.order_hi))
     AND paper.market = asked.market
     AND (paper.product_id IS NULL OR paper.product_id = pair.product_id)
     AND coalesce(paper.stars, 0) >= asked.stars
   GROUP BY asked.id, asked.kind, asked.market, pair.days
)
SELECT id FROM held GROUP BY id HAVING isempty(range_intersect_agg(days)) ORDER BY id
"""
ACTIVE: Final = ("proposed", "agreed")


def matches_without_papers(
    *,
    day: dt.date,
    statuses: tuple[str, ...] = ACTIVE,
    producer_id: int | None = None,
    match_id: int | None = None,
) -> list[int]:
    """Return the matches that have days left, on none of which every paper asked for counts.

    Args:
        day: The first day that can still be delivered on.
        statuses: Matches in these.
        producer_id: Only this producer's.
        match_id: Only this one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _WITHOUT_PAPERS,
            {
                "day": day,
                "statuses": list(statuses),
                "producer": producer_id,
                "match": match_id,
            },
        )
        return [row[0] for row in cursor.fetchall()]
