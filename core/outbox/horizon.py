"""Reading everything that happened since a moment, without missing what commits late.

Ids do not commit in order, so "id greater than the last one seen" loses the event of a transaction
that began first and committed last. Transactions have an order that does not lie: `horizon` is a
transaction number below which everything has ended, and every message keeps the number of the
transaction that wrote it. Whatever a reader could not see yet at that moment has a number at or
above the horizon, so reading all messages from there on misses nothing. It may bring again what was
seen already, and does so as long as some transaction stays open: readers must be idempotent.

How to read: take the horizon first, then look (at the state, or at `events_since` the horizon
before), then store it in the same transaction as what was made of it. A horizon that was never
stored by a committed transaction must not outlive its connection: after a crash PostgreSQL may
count again from a little before it.

Numbers of two clusters cannot be compared. A reader keeps `cluster()` beside its horizon and begins
with all there is unless `same_cluster`; after a restored dump, messages of the old cluster may be
read once more when the count comes by their numbers.
"""

from __future__ import annotations

import json
from collections.abc import Collection

import structlog
from django.db import connection

from core.kernel.errors import PermanentError
from core.kernel.events import DomainEvent
from core.outbox.registry import understood

log = structlog.get_logger(__name__)

# To find the rows by the index on xid first and sort those few, instead of walking along the ids.
_SINCE = """
WITH since AS MATERIALIZED (
    SELECT id, type, payload FROM outbox_outboxmessage
     WHERE xid > 0 AND xid >= %s AND type = ANY(%s)
       AND xid <= greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
                           pg_current_xact_id_if_assigned()::text::bigint))
SELECT type, payload FROM since ORDER BY id LIMIT %s
"""
_TO_COME = """
SELECT type, payload FROM outbox_outboxmessage AS message
 WHERE xid > 0 AND xid >= %s AND type = ANY(%s)
   AND (relayed_at IS NULL OR EXISTS (
        SELECT FROM outbox_inboxmessage
         WHERE message_id = message.id AND consumer = %s AND finished_at IS NULL))
"""


def horizon() -> int:
    """Return a transaction number below which every transaction has ended and can be seen."""
    return _number("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


def cluster() -> int:
    """Return the number that tells this PostgreSQL cluster from every other."""
    return _number("SELECT system_identifier FROM pg_control_system()")


def same_cluster(since: int, *, in_cluster: int) -> bool:
    """Tell whether a stored horizon means something here; if not, begin with all there is.

    Args:
        since: The stored horizon.
        in_cluster: What `cluster` was when it was taken.
    """
    return in_cluster == cluster() and 0 < since <= horizon()


def events_since(
    since: int, *, types: Collection[type[DomainEvent]], limit: int | None = None
) -> list[DomainEvent]:
    """Return all events of these types that were not surely visible at a horizon.

    Those of one record stand in the order in which they happened, because a service locks the
    record before it appends. A payload that does not fit its type is left out: the duty made of it
    ends as ``permanent``, where a person finds it.

    Args:
        since: A horizon of this cluster.
        types: Classes of the events.
        limit: At most so many, the oldest first; who gets as many begins with all there is instead.
    """
    classes = {event_class.type: event_class for event_class in types}
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, [since, list(classes), limit])
        read = (_read(classes[name], payload) for name, payload in cursor.fetchall())
        return [event for event in read if event is not None]


def events_to_come(
    since: int, *, types: Collection[type[DomainEvent]], consumer: str
) -> list[DomainEvent]:
    """Return those of `events_since` that a consumer has still to be given, in no order.

    A reader of all events meets them before its own duties tell of them.
    """
    classes = {event_class.type: event_class for event_class in types}
    with connection.cursor() as cursor:
        cursor.execute(_TO_COME, [since, list(classes), consumer])
        read = (_read(classes[name], payload) for name, payload in cursor.fetchall())
        return [event for event in read if event is not None]


def _read(event_class: type[DomainEvent], payload: str) -> DomainEvent | None:
    try:
        return understood(event_class, json.loads(payload))
    except PermanentError:
        log.warning("outbox.payload_left_out", type=event_class.type)
        return None


def _number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
