"""Events travel as JSON and come back the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

import pytest

from core.kernel.calendar import DayBegan
from core.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CrateWeighed(DomainEvent):
    """A crate was weighed."""

    type: ClassVar[str] = "tests.crate.weighed.v1"
    aggregate: ClassVar[str] = "crate_id"
    crate_id: int
    version: int
    organisation_id: int
    day: dt.date
    seals: tuple[int, ...] = ()
    note: str | None = None


EVENT = CrateWeighed(
    crate_id=7, version=3, organisation_id=9, day=dt.date(2026, 2, 28), seals=(1, 2)
)


def test_event_survives_the_way_through_json():
    assert CrateWeighed.from_payload(EVENT.to_payload()) == EVENT


def test_event_names_its_record_version_and_owner():
    assert (EVENT.aggregate_id, EVENT.aggregate_version, EVENT.owner_id) == (7, 3, 9)
    assert DayBegan(day=dt.date(2026, 1, 1)).aggregate_id is None


def test_key_of_a_newer_release_is_ignored():
    assert CrateWeighed.from_payload({**EVENT.to_payload(), "colour": "blue"}) == EVENT


def test_missing_field_is_an_error():
    payload = EVENT.to_payload()
    del payload["crate_id"]

    with pytest.raises(TypeError):
        CrateWeighed.from_payload(payload)
