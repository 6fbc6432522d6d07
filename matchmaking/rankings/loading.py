"""Stored rows back into columns and lists: a worker stands again in a second."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Generic, NamedTuple

import numpy as np
from django.db import connection
from psycopg import sql

from matchmaking.engine.markets.lists import Lists
from matchmaking.engine.values import DemandColumns, Ints, SupplyColumns
from matchmaking.models import MarketState
from matchmaking.rankings.packing import (
    OFFERS,
    REQUESTS,
    TAG_BYTES,
    Columns,
    Layout,
    unpack_lists,
)
from matchmaking.rankings.tables import OF_OFFERS, OF_REQUESTS, Table

PAGE_IDS: Final = 8_192
"""Rows whose bytes the database puts together: some ten megabytes at a time."""

_PAGES: Final = """
COPY (
    SELECT page.* FROM generate_series(
        (SELECT min({owner}) / {width} FROM {table}), (SELECT max({owner}) / {width} FROM {table})
    ) AS number, LATERAL (
        SELECT
            string_agg(int8send({owner}), '') AS owners,
            string_agg(int2send(count), '') AS counts,
            string_agg(partner_ids, '') AS partner_ids,
            string_agg(scores, '') AS scores,
            string_agg(int2send(is_ours::int::smallint), '') AS are_ours,
            coalesce(string_agg(substring(inputs, 1, {head}), '') FILTER (WHERE is_ours), '')
                AS heads,
            coalesce(string_agg(substring(inputs, {head} + 1), '') FILTER (WHERE is_ours), '')
                AS rests
        FROM (
            SELECT *, substring(inputs, 1, {tag_bytes}) = {tag} AS is_ours FROM {table}
            WHERE {owner} >= number * {width} AND {owner} < (number + 1) * {width} AND part = {part}
        ) AS stored
    ) AS page WHERE owners IS NOT NULL
) TO STDOUT (FORMAT BINARY)
"""


class _Page(NamedTuple):
    """Rows of one stretch of ids, each column put together."""

    owners: bytes
    counts: bytes
    partner_ids: bytes
    scores: bytes
    are_ours: bytes
    heads: bytes
    rests: bytes


@dataclass(frozen=True, eq=False, kw_only=True)
class LoadedSide(Generic[Columns]):
    """Rows of one side in ascending order of ids; columns and lists stand row for row.

    `unread` are rows whose inputs another release packed, or nobody: the facts tell.
    """

    columns: Columns
    lists: Lists
    unread: Ints


@dataclass(frozen=True, eq=False, kw_only=True)
class Loaded:
    """What is stored of one part of the market, and as of which horizon."""

    offers: LoadedSide[SupplyColumns]
    requests: LoadedSide[DemandColumns]
    state: MarketState | None
    """None where nothing was settled yet."""


def load(part: int = 0) -> Loaded:
    """Return all that is stored of one part of the market.

    The state is read first: rows may be later than it says, never earlier, and reading the same
    changes twice does no harm.
    """
    return Loaded(
        state=MarketState.objects.filter(shard=part).first(),
        offers=_side(OF_OFFERS, OFFERS, part=part),
        requests=_side(OF_REQUESTS, REQUESTS, part=part),
    )


def _side(table: Table, layout: Layout[Columns], *, part: int) -> LoadedSide[Columns]:
    page = _Page(*map(b"".join, zip(*_pages(table, layout, part=part), strict=True)))
    owners = np.frombuffer(page.owners, dtype=">i8").astype(np.int64)
    counts = np.frombuffer(page.counts, dtype=">i2").astype(np.int64)
    is_ours = np.frombuffer(page.are_ours, dtype=">i2") > 0
    lists = unpack_lists(counts, page.partner_ids, page.scores)
    columns = layout.unpack(page.heads, page.rests)
    mine = np.flatnonzero(is_ours)
    order = np.argsort(owners[mine], kind="stable")
    return LoadedSide(
        columns=columns.take(order),
        lists=lists.take(mine[order]),
        unread=np.sort(owners[~is_ours]),
    )


def _pages(table: Table, layout: Layout[Columns], *, part: int) -> Iterator[_Page]:
    statement = sql.SQL(_PAGES).format(
        table=sql.Identifier(table.name),
        owner=sql.Identifier(table.owner),
        width=sql.Literal(PAGE_IDS),
        head=sql.Literal(layout.head.itemsize),
        tag_bytes=sql.Literal(TAG_BYTES),
        tag=sql.Literal(layout.tag),
        part=sql.Literal(part),
    )
    yield _Page(*[b""] * len(_Page._fields))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(["bytea"] * len(_Page._fields))
        for row in copy.rows():
            yield _Page(*row)
