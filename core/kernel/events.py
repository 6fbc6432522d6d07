"""What a domain event is: a small, frozen fact that names its record and travels as JSON."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any, ClassVar, Self, get_type_hints

Payload = dict[str, Any]

_READ: dict[type, dict[str, bool]] = {}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DomainEvent:
    """Something that happened, said in the past tense with ids, versions and short codes only.

    Subclasses set `type` (``<app>.<subject>.<fact>.v<n>``, a promise once published) and
    `aggregate`, the name of the field that holds the record's id. Fields are int, str, bool,
    date, tuple of ints, or None. Personal data never enters an event: a person may be erased,
    the event stays.
    """

    type: ClassVar[str]
    aggregate: ClassVar[str]

    @property
    def aggregate_id(self) -> int | None:
        """Id of the record the event speaks of; None where it speaks of no record."""
        value = getattr(self, self.aggregate, None)
        return value if isinstance(value, int) else None

    @property
    def aggregate_version(self) -> int | None:
        """Version of that record after the change; None where the record has no versions."""
        return getattr(self, "version", None)

    @property
    def owner_id(self) -> int | None:
        """Organisation the record belongs to, for row rights."""
        return getattr(self, "organisation_id", None)

    def to_payload(self) -> Payload:
        """Return the JSON form: dates as ISO text, tuples as lists."""
        return {
            field.name: _to_json(getattr(self, field.name)) for field in dataclasses.fields(self)
        }

    @classmethod
    def from_payload(cls, payload: Payload) -> Self:
        """Rebuild the event from `to_payload`'s result.

        Unknown keys are ignored, so that an older worker can read what a newer release wrote.

        Raises:
            TypeError: A field without a default is missing.
            ValueError: A date cannot be read.
        """
        dates = _holds_dates(cls)
        known = {k: v for k, v in payload.items() if k in dates}
        return cls(**{k: _from_json(v, is_date=dates[k]) for k, v in known.items()})


def _to_json(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value


def _holds_dates(event_class: type[DomainEvent]) -> dict[str, bool]:
    """Return the names of the fields and whether each may hold a date; reckoned once a class."""
    if event_class not in _READ:
        hints = get_type_hints(event_class)
        names = [field.name for field in dataclasses.fields(event_class)]
        _READ[event_class] = {name: "date" in str(hints[name]) for name in names}
    return _READ[event_class]


def _from_json(value: object, *, is_date: bool) -> object:
    if isinstance(value, str) and is_date:
        return dt.date.fromisoformat(value)
    if isinstance(value, list):
        return tuple(value)
    return value


def all_event_types() -> dict[str, type[DomainEvent]]:
    """Return every event class loaded so far, by its `type`.

    Raises:
        ValueError: Two classes claim one type.
    """
    found: dict[str, type[DomainEvent]] = {}
    waiting = list(DomainEvent.__subclasses__())
    while waiting:
        event_class = waiting.pop()
        waiting.extend(event_class.__subclasses__())
        name = event_class.__dict__.get("type")
        if name is None:
            continue
        # slots=True builds each dataclass twice; both carry the same qualified name.
        other = found.get(name)
        if other is not None and other.__qualname__ != event_class.__qualname__:
            raise ValueError(f"Event type {name} is claimed by {other} and {event_class}.")
        if other is None or dataclasses.is_dataclass(event_class):
            found[name] = event_class
    return found
