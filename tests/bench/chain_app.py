"""Two events and two consumers that do nothing: what is left to measure is the chain itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.apps import AppConfig

from core.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenTogether(DomainEvent):
    """Something a consumer takes a hundred at a time."""

    type: ClassVar[str] = "bench.thing.taken_together.v1"
    aggregate: ClassVar[str] = "thing_id"
    thing_id: int
    organisation_id: int
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenAlone(DomainEvent):
    """Something a consumer takes one by one."""

    type: ClassVar[str] = "bench.thing.taken_alone.v1"
    aggregate: ClassVar[str] = "thing_id"
    thing_id: int
    organisation_id: int
    version: int = 1


def nothing(_event: DomainEvent) -> None:
    """React to one event by doing nothing."""


def nothing_together(_deliveries: Sequence[object]) -> None:
    """React to a batch by doing nothing."""


class ChainConfig(AppConfig):
    name = "tests.bench.chain_app"
    label = "chain_app"

    def ready(self) -> None:
        from core.outbox.registry import Consumer, subscribe

        subscribe(
            [
                Consumer(
                    "bench.together",
                    (TakenTogether,),
                    nothing,
                    queue="matching",
                    handle_many=nothing_together,
                ),
                Consumer("bench.alone", (TakenAlone,), nothing, queue="matching"),
            ]
        )
