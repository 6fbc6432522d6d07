"""Events and duties for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import transaction

from core.kernel.events import DomainEvent
from core.outbox import outbox
from core.outbox.claims import due
from core.outbox.inbox import consume
from core.outbox.models import InboxMessage
from core.outbox.relay import relay_batch

ROOM = {"default": 300, "matching": 300}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(DomainEvent):
    """Something happened to a thing."""

    type: ClassVar[str] = "tests.thing.happened.v1"
    aggregate: ClassVar[str] = "thing_id"
    thing_id: int
    version: int = 1


def announce(*thing_ids: int) -> None:
    """Append one event per thing, in one transaction."""
    with transaction.atomic():
        for thing_id in thing_ids:
            outbox.append(Happened(thing_id=thing_id))


def duties_for(*thing_ids: int) -> list[InboxMessage]:
    """Announce the things, relay, and return the duties in order."""
    announce(*thing_ids)
    relay_batch(room=ROOM)
    return list(InboxMessage.objects.order_by("pk"))


def deliver_all() -> int:
    """Carry every event there is through relay and inbox, with what they lead to in turn."""
    done = 0
    while True:
        _rings, relayed = relay_batch(room=ROOM)
        waiting = list(InboxMessage.objects.filter(due()).order_by("pk").values_list("pk"))
        if not relayed and not waiting:
            return done
        for (inbox_id,) in waiting:
            done += consume(inbox_id)
