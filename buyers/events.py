"""Facts the buyers app announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRequestPublished(DomainEvent):
    """A buyer made a request visible to matching."""

    type: ClassVar[str] = "buyers.demand_request.published.v1"
    aggregate: ClassVar[str] = "request_id"
    request_id: int
    version: int
    organisation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRequestChanged(DomainEvent):
    """A published request was revised."""

    type: ClassVar[str] = "buyers.demand_request.changed.v1"
    aggregate: ClassVar[str] = "request_id"
    request_id: int
    version: int
    organisation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRequestClosed(DomainEvent):
    """A request left the market: closed by its buyer or past its window."""

    type: ClassVar[str] = "buyers.demand_request.closed.v1"
    aggregate: ClassVar[str] = "request_id"
    request_id: int
    version: int
    organisation_id: int
    expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementProfilePublished(DomainEvent):
    """A buyer's requirements hold from now on; the version before them is replaced."""

    type: ClassVar[str] = "buyers.requirement_profile.published.v1"
    aggregate: ClassVar[str] = "profile_id"
    profile_id: int
    version: int
    organisation_id: int
    replaced_id: int | None = None
