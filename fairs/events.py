"""Facts the fairs app announces."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class FairPhaseChanged(DomainEvent):
    """A fair moved from one phase to another; cancelled is one of them."""

    type: ClassVar[str] = "fairs.fair.phase_changed.v1"
    aggregate: ClassVar[str] = "fair_id"
    fair_id: int
    version: int
    organisation_id: int
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FairDateChanged(DomainEvent):
    """The days of a public fair changed; the new ones are given."""

    type: ClassVar[str] = "fairs.fair.date_changed.v1"
    aggregate: ClassVar[str] = "fair_id"
    fair_id: int
    version: int
    organisation_id: int
    opens_on: dt.date
    closes_on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationSubmitted(DomainEvent):
    """A producer asked to take part, or asked again after changes."""

    type: ClassVar[str] = "fairs.participation.submitted.v1"
    aggregate: ClassVar[str] = "participation_id"
    participation_id: int
    fair_id: int
    version: int
    organisation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationApproved(DomainEvent):
    """The organiser gave a producer its booths."""

    type: ClassVar[str] = "fairs.participation.approved.v1"
    aggregate: ClassVar[str] = "participation_id"
    participation_id: int
    fair_id: int
    version: int
    organisation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationReturned(DomainEvent):
    """The organiser asked for changes, with a reason."""

    type: ClassVar[str] = "fairs.participation.returned.v1"
    aggregate: ClassVar[str] = "participation_id"
    participation_id: int
    fair_id: int
    version: int
    organisation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationDeclined(DomainEvent):
    """The organiser said no, with a reason."""

    type: ClassVar[str] = "fairs.participation.declined.v1"
    aggregate: ClassVar[str] = "participation_id"
    participation_id: int
    fair_id: int
    version: int
    organisation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationWithdrawn(DomainEvent):
    """A producer took its application back, freeing its booths if it had any."""

    type: ClassVar[str] = "fairs.participation.withdrawn.v1"
    aggregate: ClassVar[str] = "participation_id"
    participation_id: int
    fair_id: int
    version: int
    organisation_id: int
