"""Lists of best partners into their tables: packed, all at once, and only where they differ."""

from __future__ import annotations

import struct
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import psycopg
from django.db import connection, transaction

from core.kernel import clock
from matchmaking.engine.markets.lists import Lists
from matchmaking.engine.values import DemandColumns, Ints, SupplyColumns
from matchmaking.models import OfferRanking, RequestRanking
from matchmaking.rankings.packing import OFFERS, REQUESTS, pack_lists
from matchmaking.rankings.tables import OF_OFFERS, OF_REQUESTS, Table

FEW_ROWS: Final = 500
"""Up to here one statement with arrays is faster than a copy by way of a temporary table."""

Row = tuple[int, int, int, bytes, bytes, bytes]
"""Owner, version, count, inputs, ids and scores."""
_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END: Final = struct.pack(">h", -1)
_NUMBERS: Final = struct.Struct(">hiqiiih")
"""Number of fields, then length and value of owner, version and count."""
_LENGTH: Final = struct.Struct(">i")

_INCOMING: Final = """
CREATE TEMPORARY TABLE incoming_rankings (
    owner_id bigint, version integer, count smallint,
    inputs bytea STORAGE EXTERNAL, partner_ids bytea STORAGE EXTERNAL, scores bytea STORAGE EXTERNAL
) ON COMMIT DROP
"""
_ARRAYS: Final = """
unnest(%b::bigint[], %b::integer[], %b::smallint[], %b::bytea[], %b::bytea[], %b::bytea[])
    AS incoming (owner_id, version, count, inputs, partner_ids, scores)
"""
_UPSERT: Final = """
INSERT INTO {table.name} AS stored
    ({table.owner}, part, version, ruleset_id, count, horizon, ranked_at,
     inputs, partner_ids, scores)
SELECT owner_id, %b, version, %b, count, %b, %b, inputs, partner_ids, scores
FROM {incoming}
WHERE EXISTS (SELECT FROM {table.owners} WHERE id = owner_id)
ON CONFLICT ({table.key}) DO UPDATE SET
    part = EXCLUDED.part,
    version = EXCLUDED.version,
    ruleset_id = EXCLUDED.ruleset_id,
    count = EXCLUDED.count,
    horizon = EXCLUDED.horizon,
    ranked_at = EXCLUDED.ranked_at,
    inputs = {inputs},
    partner_ids = EXCLUDED.partner_ids,
    scores = EXCLUDED.scores
WHERE stored.version <= EXCLUDED.version
    AND (stored.part, stored.version, stored.ruleset_id,
         stored.partner_ids, stored.scores, stored.inputs)
    IS DISTINCT FROM (EXCLUDED.part, EXCLUDED.version, EXCLUDED.ruleset_id,
         EXCLUDED.partner_ids, EXCLUDED.scores, {inputs})
RETURNING {table.owner}
"""
_INPUTS: Final = """
CASE WHEN EXCLUDED.inputs = '' AND stored.version = EXCLUDED.version
    THEN stored.inputs ELSE EXCLUDED.inputs END
"""


@dataclass(frozen=True, eq=False, kw_only=True)
class Rankings:
    """Lists of one side with whose they are, row for row.

    Without `inputs` only lists changed: what is stored of the same version is kept.
    """

    owners: Ints
    versions: Ints
    lists: Lists
    inputs: SupplyColumns | DemandColumns | None = None

    def __post_init__(self) -> None:
        """Refuse rows of different owners or versions, and an owner who comes twice."""
        if not len(self.owners) == len(self.versions) == len(self.lists):
            raise ValueError("Owners, versions and lists differ in length.")
        if len(np.unique(self.owners)) < len(self.owners):
            raise ValueError("Each offer or request has one list.")
        if self.inputs is not None and not self._inputs_are_theirs(self.inputs):
            raise ValueError("These are the inputs of other offers, requests or versions.")

    def __len__(self) -> int:
        """Number of lists."""
        return len(self.owners)

    def _inputs_are_theirs(self, inputs: SupplyColumns | DemandColumns) -> bool:
        ids = inputs.offer_id if isinstance(inputs, SupplyColumns) else inputs.request_id
        same = (np.array_equal(ids, self.owners), np.array_equal(inputs.version, self.versions))
        return all(same)


def store_offer_rankings(
    rankings: Rankings, *, ruleset_id: int, horizon: int, part: int = 0
) -> Ints:
    """Store the lists of offers; return the ids of those whose row is new or differs, ascending.

    A row of a higher version stays as it is, and an offer that is gone is left out. Inside the
    caller's transaction.
    """
    return _store(OF_OFFERS, rankings, (part, ruleset_id, horizon))


def store_request_rankings(
    rankings: Rankings, *, ruleset_id: int, horizon: int, part: int = 0
) -> Ints:
    """Store the lists of requests among the offers of one part; as `store_offer_rankings`."""
    return _store(OF_REQUESTS, rankings, (part, ruleset_id, horizon))


def drop_rankings(
    *,
    offer_ids: Collection[int] = (),
    request_ids: Collection[int] = (),
    part: int | None = None,
) -> int:
    """Drop the lists of offers and requests that left; of one part, or of all of them."""
    of_part = {} if part is None else {"part": part}
    offers = OfferRanking.objects.filter(offer__in=offer_ids, **of_part)
    requests = RequestRanking.objects.filter(request__in=request_ids, **of_part)
    return offers.delete()[0] + requests.delete()[0]


def _store(table: Table, rankings: Rankings, stamp: tuple[int, int, int]) -> Ints:
    """Bring the rows in and keep those that differ; `stamp` is part, ruleset and horizon."""
    if not len(rankings):
        return np.zeros(0, dtype=np.int64)
    rows = _rows(rankings)
    values: list[Any] = [*stamp, clock.now()]
    # Through a cursor of Django each value would become text of the statement, three times as long.
    with (
        transaction.atomic(savepoint=False),
        connection.wrap_database_errors,
        psycopg.Cursor(connection.connection) as cursor,
    ):
        if len(rows) <= FEW_ROWS:
            arrays = map(list, zip(*rows, strict=True))
            cursor.execute(_statement(table, _ARRAYS), [*values, *arrays], prepare=True)
            return _ids(cursor)
        _copy_in(cursor, rows)
        cursor.execute(_statement(table, "incoming_rankings"), values)
        stored = _ids(cursor)
        cursor.execute("DROP TABLE incoming_rankings")
        return stored


def _rows(rankings: Rankings) -> list[Row]:
    """The rows in ascending order of owners, so that two writers take them in the same order."""
    inputs = [b""] * len(rankings)
    if isinstance(rankings.inputs, SupplyColumns):
        inputs = OFFERS.pack(rankings.inputs)
    elif rankings.inputs is not None:
        inputs = REQUESTS.pack(rankings.inputs)
    numbers = (rankings.owners, rankings.versions, rankings.lists.counts)
    columns = (*(one.tolist() for one in numbers), inputs, *pack_lists(rankings.lists))
    return sorted(zip(*columns, strict=True))


def _copy_in(cursor: psycopg.Cursor, rows: Sequence[Row]) -> None:
    parts = [_SIGNATURE]
    for owner, version, count, *packed in rows:
        parts.append(_NUMBERS.pack(6, 8, owner, 4, version, 2, count))
        for one in packed:
            parts += (_LENGTH.pack(len(one)), one)
    parts.append(_END)
    cursor.execute(_INCOMING)
    with cursor.copy("COPY incoming_rankings FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(b"".join(parts))


def _statement(table: Table, incoming: str) -> str:
    return _UPSERT.format(table=table, incoming=incoming, inputs=_INPUTS)


def _ids(cursor: psycopg.Cursor) -> Ints:
    return np.sort(np.array([owner for (owner,) in cursor.fetchall()], dtype=np.int64))
