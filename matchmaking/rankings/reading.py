"""Packed lists read by the database itself: who is listed with whom, and who has no match yet."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, NamedTuple

from django.db import connection

from matchmaking.rankings.tables import OF_OFFERS, OF_REQUESTS, Table

# A request has one list for each part; its own are the best of all of them. How many, the rules of
# now say: under them a part whose list stays as it was does not store it anew.
_LISTED: Final = """
WITH room AS MATERIALIZED (
    SELECT (rules->>'top_k')::int AS top_k FROM matchmaking_ruleset WHERE is_active
),
entry AS (
    SELECT
        {table.owner} AS owner_id,
        substring(partner_ids, 8 * at - 7, 8)::bigint AS partner_id,
        substring(scores, 2 * at - 1, 2)::smallint AS score
    FROM {table.name}, generate_series(1, count) AS at
    WHERE {chosen}
),
listed AS (
    SELECT *, row_number() OVER (PARTITION BY owner_id ORDER BY score DESC, partner_id) AS place
    FROM entry
)
SELECT {wanted}
FROM room, listed
JOIN {table.partners} AS partner ON partner.id = partner_id
LEFT JOIN matchmaking_match AS met ON met.offer_id = {offer} AND met.request_id = {request}
WHERE place <= room.top_k {more}
"""


class Listed(NamedTuple):
    """One partner on somebody's list, with the match of the two where there is one."""

    owner_id: int
    place: int
    partner_id: int
    score: int
    match_id: int | None


def partners_of_offers(offer_ids: Collection[int] | None) -> list[Listed]:
    """Return the requests on the lists of offers, by offer and place; None: of all.

    Who is gone meanwhile is left out, and leaves a place empty.
    """
    return _partners(OF_OFFERS, offer_ids)


def partners_of_requests(request_ids: Collection[int] | None) -> list[Listed]:
    """Return the best offers for requests, by request and place; as `partners_of_offers`."""
    return _partners(OF_REQUESTS, request_ids)


def pairs_listed(
    *,
    offer_ids: Collection[int] | None = (),
    request_ids: Collection[int] | None = (),
    unmatched: bool = False,
) -> set[tuple[int, int]]:
    """Return offer and request of each pair on the lists of the given ones.

    Args:
        offer_ids: Whose lists to read; None for those of all offers.
        request_ids: Likewise.
        unmatched: True for the pairs alone that have no match yet.
    """
    wanted = {
        "wanted": "{offer}, {request}",
        "more": "AND met.id IS NULL" if unmatched else "",
    }
    of_offers = _ask(OF_OFFERS, offer_ids, **wanted)
    return {*of_offers, *_ask(OF_REQUESTS, request_ids, **wanted)}


def _partners(table: Table, owner_ids: Collection[int] | None) -> list[Listed]:
    wanted = "owner_id, place, partner_id, listed.score, met.id"
    found = _ask(table, owner_ids, wanted=wanted, more="ORDER BY owner_id, place")
    return [Listed(*row) for row in found]


def _ask(
    table: Table, owner_ids: Collection[int] | None, *, wanted: str, more: str
) -> list[tuple[Any, ...]]:
    if owner_ids is not None and not owner_ids:
        return []
    pair = {"offer": "owner_id", "request": "partner_id"}
    if table is OF_REQUESTS:
        pair = {"offer": "partner_id", "request": "owner_id"}
    statement = _LISTED.format(
        table=table,
        chosen="TRUE" if owner_ids is None else f"{table.owner} = ANY(%s)",
        wanted=wanted.format(**pair),
        more=more,
        **pair,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, None if owner_ids is None else [list(map(int, owner_ids))])
        return list(cursor.fetchall())
