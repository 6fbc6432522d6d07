"""From events to duties to workers: relay, sweep, and carrying on while the broker is away."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import structlog
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F, Func, Value
from django.db.models.functions import Least, Now, Power, Random

from core.kernel.events import all_event_types
from core.outbox import claims, inbox, registry, ticks
from core.outbox.doorbell import BrokerError, Doorbell
from core.outbox.models import DutyStatus, InboxMessage
from core.outbox.nudges import Nudges

log = structlog.get_logger(__name__)

WINDOW = 300  # rings a queue may hold; beyond it a slow worker would only collect repeats
_MESSAGES_AT_ONCE = 500
_COMPANY_S = 0.02
_FAILED_RINGS_BEFORE_EXIT = 20
_CARRY_AFTER = dt.timedelta(seconds=2)
_CARRY_FOR_S = 1.0
_PULSE_EVERY_S = 60.0
_LONGEST_SILENCE_S = 5.0


# Need not be flushed: if a crash forgets it, the messages are open again; and once the "done" of
# some duty is flushed, so is the relaying before it.
_MARK_RELAYED = """
WITH hurry AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
open AS MATERIALIZED (
    SELECT id FROM outbox_outboxmessage WHERE relayed_at IS NULL AND type = ANY(%s)
     ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED)
UPDATE outbox_outboxmessage message SET relayed_at = statement_timestamp()
  FROM open, hurry WHERE message.id = open.id
RETURNING message.id, type
"""
# A duty that is rung right away is due again as `_expect_ring_effect` says for the first ring.
_WRITE_DUTIES = """
INSERT INTO outbox_inboxmessage
    (message_id, consumer, start_count, fail_count, ring_count, next_ring_at)
SELECT message_id, consumer, 0, 0, rung::int,
       statement_timestamp() + rung::int * (0.8 + 0.4 * random()) * interval '8 seconds'
  FROM unnest(%s::bigint[], %s::text[], %s::bool[]) WITH ORDINALITY
    AS duty (message_id, consumer, rung, place)
 ORDER BY place
RETURNING id, consumer, ring_count = 1
"""


class BrokerWedgedError(RuntimeError):
    """Rings fail although the broker answers others; only a new process helps."""


class _Seconds(Func):
    function = "make_interval"
    template = "%(function)s(secs => %(expressions)s)"
    output_field = DurationField()


class Relay:
    """One relay; any number may run side by side, and each survives whatever else is away."""

    def __init__(self, bell: Doorbell | None = None) -> None:
        self._bell = bell or Doorbell()
        self._failed_rings = 0
        self._silent_until = 0.0
        self._next_pulse = 0.0
        self._nap_s = _COMPANY_S
        self._nudges = Nudges()

    def run(self, *, is_stopping: Callable[[], bool], poll_s: float = 0.2) -> None:
        """Relay, ring and carry until told to stop; the batch at hand is finished first.

        Raises:
            BrokerWedgedError: Twenty rings failed in a row while the broker answers.
        """
        while not is_stopping():
            try:
                close_old_connections()
                done = self.step()
                self._rest(done, poll_s)
            except DatabaseError as error:
                log.warning("relay.database_away", error=type(error).__name__)
                connection.close()
                time.sleep(poll_s)

    def step(self) -> int:
        """Do one round; return how many events were relayed and duties carried out."""
        self._pulse()
        queues = registry.queues()
        room = {queue: self._room(queue) for queue in queues}
        ring_now, relayed = relay_batch(room=room)
        self._ring(ring_now)
        for queue in queues:
            self._ring(due_rings(queue, limit=room[queue] - _count_in(queue, ring_now)))
        carried = self._carry() if self._failed_rings else 0
        self._leave_if_wedged()
        return relayed + carried

    def _rest(self, done: int, poll_s: float) -> None:
        """Go on at once, wait a moment for company, or sleep until nudged.

        Events that come while others do are relayed together, so a burst makes full batches. Who
        finds nothing falls asleep, and looks soon again for what was written meanwhile unnudged.
        """
        if done:
            self._nudges.refuse()
            self._nap_s = min(poll_s, _COMPANY_S)
            if done < _MESSAGES_AT_ONCE:
                time.sleep(self._nap_s)
            return
        self._nudges.wait(self._nap_s)
        self._nap_s = min(poll_s, 2 * self._nap_s)

    def _pulse(self) -> None:
        if time.monotonic() >= self._next_pulse:
            ticks.announce_time()
            self._next_pulse = time.monotonic() + _PULSE_EVERY_S

    def _room(self, queue: str) -> int:
        """Return how many more rings the queue may hold; none while the broker is silent."""
        if time.monotonic() < self._silent_until:
            return 0
        try:
            return max(0, WINDOW - self._bell.waiting(queue))
        except BrokerError as error:
            self._note_failure(error)
            return 0

    def _ring(self, rings: Sequence[tuple[int, str]]) -> None:
        for position, (inbox_id, queue) in enumerate(rings):
            try:
                self._bell.ring(inbox_id, queue=queue)
            except BrokerError as error:
                self._note_failure(error)
                postpone_rings([unrung for unrung, _ in rings[position:]])
                return
            self._failed_rings = 0

    def _note_failure(self, error: BrokerError) -> None:
        """Leave the broker alone for a moment, longer each time, so that the relay stays quick."""
        self._failed_rings += 1
        silence = min(_LONGEST_SILENCE_S, 0.5 * self._failed_rings)
        self._silent_until = time.monotonic() + silence
        log.warning("relay.broker_away", failures=self._failed_rings, error=str(error)[:200])

    def _carry(self) -> int:
        """Carry out duties here while no worker can be rung: slower, but nothing stops."""
        done = 0
        stop_at = time.monotonic() + _CARRY_FOR_S
        for inbox_id in overdue_ids():
            if time.monotonic() > stop_at:
                break
            done += inbox.consume(inbox_id)
        return done

    def _leave_if_wedged(self) -> None:
        if self._failed_rings < _FAILED_RINGS_BEFORE_EXIT:
            return
        if self._bell.answers():
            raise BrokerWedgedError("Rings fail although the broker answers; start the relay anew.")


@transaction.atomic(durable=True)
def relay_batch(*, room: dict[str, int]) -> tuple[list[tuple[int, str]], int]:
    """Turn open messages into duties, one per consumer, oldest first.

    Messages of a type this release does not know wait for the release that does.

    Args:
        room: Rings each queue still has room for; duties beyond it are left to the sweep.

    Returns:
        (duty id, queue) to ring once this is committed, and how many messages were relayed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MARK_RELAYED, [list(all_event_types()), _MESSAGES_AT_ONCE])
        messages = cursor.fetchall()
        planned = _planned(messages, room)
        if not planned:
            return [], len(messages)
        cursor.execute(_WRITE_DUTIES, [list(column) for column in zip(*planned, strict=True)])
        return _first_rings(cursor.fetchall()), len(messages)


def due_rings(queue: str, *, limit: int) -> list[tuple[int, str]]:
    """Take up to `limit` rings that are due in a queue and set when each is due again.

    One query covers a lost ring, an emptied broker, a killed worker and a due retry.
    """
    if limit <= 0:
        return []
    rings: list[tuple[int, str]] = []
    batching = [c for c in registry.consumers_in(queue) if c.duties_per_ring > 1]
    single = [c.name for c in registry.consumers_in(queue) if c.duties_per_ring == 1]
    for names, per_ring in [([c.name], c.duties_per_ring) for c in batching] + [(single, 1)]:
        ids = _take_due(names, limit=(limit - len(rings)) * per_ring)
        rings += [(inbox_id, queue) for inbox_id in ids[::per_ring]]
    return rings


def overdue_ids() -> list[int]:
    """Return duties that have been due for two seconds without anybody starting them."""
    return list(
        InboxMessage.objects.filter(
            claims.due(),
            next_attempt_at__lte=Now() - _CARRY_AFTER,
            consumer__in=registry.names(),
        )
        .order_by("next_attempt_at")
        .values_list("pk", flat=True)[:WINDOW]
    )


def postpone_rings(inbox_ids: Iterable[int]) -> None:
    """Note that the broker refused these rings: due again in about a second, not counted."""
    wait = dt.timedelta(seconds=random.uniform(0.5, 1.5))  # noqa: S311 -- spreads load only
    InboxMessage.objects.filter(pk__in=list(inbox_ids), status=DutyStatus.PENDING).update(
        next_ring_at=Now() + wait, ring_count=F("ring_count") - 1
    )


def _planned(
    messages: Sequence[tuple[int, str]], room: dict[str, int]
) -> list[tuple[int, str, bool]]:
    """Return message, consumer and whether it is rung now, for each duty to be written."""
    consumers = {name: registry.consumers_of(name) for name in {name for _pk, name in messages}}
    by_consumer: dict[str, list[int]] = defaultdict(list)
    for message_id, name in messages:
        for consumer in consumers[name]:
            by_consumer[consumer.name].append(message_id)
    left = dict(room)
    planned: list[tuple[int, str, bool]] = []
    for consumer in {c.name: c for known in consumers.values() for c in known}.values():
        ids, per_ring = by_consumer[consumer.name], consumer.duties_per_ring
        covered = min(len(ids), max(0, left[consumer.queue]) * per_ring)
        left[consumer.queue] -= -(-covered // per_ring)
        planned += [(pk, consumer.name, place < covered) for place, pk in enumerate(ids)]
    return sorted(planned)


def _first_rings(duties: Iterable[tuple[int, str, bool]]) -> list[tuple[int, str]]:
    """Return the rings for new duties: one for as many as their consumer takes at once."""
    by_consumer: dict[str, list[int]] = defaultdict(list)
    for inbox_id, name, is_rung in sorted(duties):
        if is_rung:
            by_consumer[name].append(inbox_id)
    consumers = {name: registry.consumer_named(name) for name in by_consumer}
    return [
        (inbox_id, consumer.queue)
        for name, consumer in consumers.items()
        if consumer is not None
        for inbox_id in by_consumer[name][:: consumer.duties_per_ring]
    ]


@transaction.atomic(durable=True)
def _take_due(consumer_names: list[str], *, limit: int) -> list[int]:
    ids = list(
        InboxMessage.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(status=DutyStatus.PENDING, next_ring_at__lte=Now(), consumer__in=consumer_names)
        .order_by("next_ring_at")
        .values_list("pk", flat=True)[: max(0, limit)]
    )
    _expect_ring_effect(ids)
    return ids


def _expect_ring_effect(inbox_ids: list[int]) -> None:
    """Set the next ring 8 s · 2ⁿ ahead, a minute at most, ± 20 %."""
    seconds = Least(Value(60.0), Value(8.0) * Power(Value(2.0), Least(F("ring_count"), Value(6))))
    spread = Value(0.8) + Value(0.4) * Random()
    wait = ExpressionWrapper(_Seconds(seconds * spread), output_field=DurationField())
    InboxMessage.objects.filter(pk__in=inbox_ids).update(
        next_ring_at=Now() + wait, ring_count=Least(F("ring_count") + 1, Value(1000))
    )


def _count_in(queue: str, rings: Sequence[tuple[int, str]]) -> int:
    return sum(1 for _, ring_queue in rings if ring_queue == queue)
