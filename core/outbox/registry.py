"""Who wants to hear of which event; filled once, while the apps get ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from core.kernel.context import Context
from core.kernel.errors import PermanentError
from core.kernel.events import DomainEvent, Payload


def matching_queue(shard: int) -> str:
    """Return the queue of one of the matching workers; with a single one it is ``matching``."""
    return f"matching.{shard}" if shard else "matching"


def queues() -> tuple[str, ...]:
    """Return all queues that have a worker: the common one, and one per matching worker."""
    return ("default", *(matching_queue(shard) for shard in range(settings.MATCHING_SHARDS)))


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to a batch handler, with the context for whatever that appends."""

    event: DomainEvent
    context: Context


@dataclass(frozen=True, slots=True)
class Consumer:
    """A named reaction to one or more event types.

    Args:
        name: ``<app>.<reaction>``; stored in every duty, so renaming it orphans open duties.
        event_types: Events it reacts to.
        handle: Called with one event inside the duty's transaction; touches PostgreSQL only.
        queue: One of `queues()`.
        handle_many: Called with up to `batch` deliveries in one transaction; when it raises,
            `handle` gets each event alone, so that one bad event costs only itself.
        batch: Duties one ring stands for when `handle_many` is given.
    """

    name: str
    event_types: tuple[type[DomainEvent], ...]
    handle: Callable[[Any], None]
    queue: str = "default"
    handle_many: Callable[[Sequence[Delivery]], None] | None = None
    batch: int = 100

    def __post_init__(self) -> None:
        if self.queue not in queues():
            raise ValueError(f"{self.name}: queue {self.queue} has no worker.")

    @property
    def duties_per_ring(self) -> int:
        """How many duties one ring of the doorbell stands for."""
        return self.batch if self.handle_many else 1

    def event_class(self, type_name: str) -> type[DomainEvent] | None:
        """Return the class this consumer expects for a stored type, None when it has left it."""
        return next((cls for cls in self.event_types if cls.type == type_name), None)


_consumers: dict[str, Consumer] = {}


def subscribe(consumers: Iterable[Consumer]) -> None:
    """Add consumers; called from `AppConfig.ready()`.

    Raises:
        ValueError: A name is already taken.
    """
    for consumer in consumers:
        if _consumers.setdefault(consumer.name, consumer) != consumer:
            raise ValueError(f"Two consumers are called {consumer.name}.")


def consumer_named(name: str) -> Consumer | None:
    """Return the consumer, or None when this release does not know it."""
    return _consumers.get(name)


def consumers_of(type_name: str) -> list[Consumer]:
    """Return the consumers of an event type, in the order they subscribed."""
    return [c for c in _consumers.values() if c.event_class(type_name) is not None]


def consumers_in(queue: str) -> list[Consumer]:
    """Return the consumers whose duties a queue's workers carry out."""
    return [c for c in _consumers.values() if c.queue == queue]


def names() -> list[str]:
    """Return the names of all consumers of this release."""
    return list(_consumers)


def understood(event_class: type[DomainEvent], payload: Payload) -> DomainEvent:
    """Return the event a stored payload tells of.

    Raises:
        PermanentError: The payload does not fit its type.
    """
    try:
        return event_class.from_payload(payload)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise PermanentError(f"The payload does not fit {event_class.type}.") from error
