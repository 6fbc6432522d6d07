"""What happens to the geography."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStatusChanged(DomainEvent):
    """A road link was opened, closed or planned; travel times may be other ones now."""

    type: ClassVar[str] = "places.link.status_changed.v1"
    aggregate: ClassVar[str] = "link_id"
    link_id: int
    version: int
    previous: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateStatusChanged(DomainEvent):
    """A border gate opens or closes otherwise from a day on; without `until_date` for good."""

    type: ClassVar[str] = "places.gate.status_changed.v1"
    aggregate: ClassVar[str] = "gate_id"
    gate_id: int
    version: int
    status: str
    first_date: dt.date
    until_date: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PactChanged(DomainEvent):
    """A cooperation pact was entered, changed or ended; two provinces may stand otherwise."""

    type: ClassVar[str] = "places.pact.changed.v1"
    aggregate: ClassVar[str] = "pact_id"
    pact_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkReloaded(DomainEvent):
    """Nodes, links, gates or pacts are other ones after their files were loaded."""

    type: ClassVar[str] = "places.network.reloaded.v1"
    aggregate: ClassVar[str] = ""
