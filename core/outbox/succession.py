"""Handing open duties on, where consumers that share one work are others than before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import structlog
from django.db import connection

log = structlog.get_logger(__name__)

# A duty that one of them has done is open again where another has not: who has done a share of the
# work may have left out what is his now.
_HAND_ON: Final = """
WITH waiting AS MATERIALIZED (
    SELECT DISTINCT message_id FROM outbox_inboxmessage
     WHERE finished_at IS NULL
       AND (consumer = %(work)s OR starts_with(consumer, %(work)s || '.'))),
left_over AS (
    UPDATE outbox_inboxmessage
       SET status = 'skipped', finished_at = statement_timestamp(), lease_until = NULL,
           decision_reason = %(reason)s
     WHERE finished_at IS NULL AND starts_with(consumer, %(work)s || '.')
       AND consumer <> ALL(%(names)s))
INSERT INTO outbox_inboxmessage AS duty (message_id, consumer, start_count, fail_count, ring_count)
SELECT message_id, name, 0, 0, 0 FROM waiting, unnest(%(names)s::text[]) AS name
    ON CONFLICT (message_id, consumer) DO UPDATE
   SET status = 'pending', finished_at = NULL, start_count = 0, fail_count = 0, ring_count = 0,
       lease_until = NULL, next_attempt_at = statement_timestamp(),
       next_ring_at = statement_timestamp(), decision_reason = ''
 WHERE duty.status = 'done'
    OR (duty.status = 'skipped' AND starts_with(duty.decision_reason, %(by)s))
"""
_BY: Final = "Handed on to "


def hand_on(work: str, *, to: Sequence[str]) -> int:
    """Let all who share a work now do what any of those before them has not finished.

    Duties of those who share it no longer are skipped, and say why.

    Args:
        work: What the names of all who ever shared it begin with: itself, or itself, a dot and
            more.
        to: Names of the consumers who share it now.

    Returns:
        How many duties are open that were not.
    """
    reason = f"{_BY}{to[0]}" + (" and others." if to[1:] else ".")
    with connection.cursor() as cursor:
        cursor.execute(_HAND_ON, {"work": work, "names": list(to), "reason": reason, "by": _BY})
        opened = int(cursor.rowcount)
    log.info("outbox.duties_handed_on", work=work, to=list(to), opened=opened)
    return opened
