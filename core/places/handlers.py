"""What the geography does when something happened elsewhere."""

from __future__ import annotations

from core.kernel.calendar import DayBegan
from core.outbox.registry import Consumer
from core.places import services


def move_labels(event: DayBegan) -> None:
    services.move_labels(day=event.day)


CONSUMERS = (Consumer("places.move_labels", (DayBegan,), move_labels),)
