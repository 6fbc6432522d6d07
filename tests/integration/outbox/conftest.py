"""Consumers that exist for one test only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.outbox import registry
from core.outbox.registry import Consumer
from tests.factories.outbox import Happened


@pytest.fixture
def subscribe(monkeypatch) -> Callable[..., None]:
    """Return a function that makes the given consumers the only ones."""

    def only(*consumers: Consumer) -> None:
        monkeypatch.setattr(registry, "_consumers", {})
        registry.subscribe(consumers)

    return only


@pytest.fixture
def heard(subscribe) -> list[int]:
    """Subscribe one consumer and return the list of thing ids it was handed."""
    things: list[int] = []
    subscribe(Consumer("tests.hear", (Happened,), lambda event: things.append(event.thing_id)))
    return things
