"""Who acts and in which chain of causes; set at the edges, read by the outbox and the logs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The acting user (None: the system), the correlation id, and the event being handled."""

    actor_id: int | None = None
    correlation_id: uuid.UUID = field(default_factory=uuid.uuid4)
    causation_id: uuid.UUID | None = None


_current: ContextVar[Context | None] = ContextVar("nhipcau_context", default=None)


def current() -> Context:
    """Return the context of this request, duty or command; outside of one, a fresh one."""
    return _current.get() or Context()


@contextmanager
def scope(context: Context) -> Iterator[Context]:
    """Make `context` the current one until the block ends."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


def peek() -> Context | None:
    """Return the context if one is set; unlike `current`, never invent one."""
    return _current.get()
