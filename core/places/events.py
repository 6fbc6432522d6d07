"""What happens to the geography."""

from __future__ import annotations

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
