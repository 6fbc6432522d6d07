"""Lets papers and matching react to what was announced, as the workers would."""

from __future__ import annotations

from core.outbox.models import OutboxMessage
from matchmaking import handlers
from producers import handlers as producer_handlers


def work(*, start: int = 0) -> int:
    """Handle every message after `start`, and what they cause, until nothing is left.

    Returns:
        The last message handled, to go on from.
    """
    done = start
    while True:
        fresh = list(OutboxMessage.objects.filter(pk__gt=done).order_by("pk"))
        if not fresh:
            return done
        for message in fresh:
            done = message.pk
            for consumer in (*producer_handlers.CONSUMERS, *handlers.CONSUMERS):
                for event_type in consumer.event_types:
                    if event_type.type == message.type:
                        consumer.handle(event_type.from_payload(message.payload))
