"""Facts the notifications app announces."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestDue(DomainEvent):
    """It is seven in the morning for these people, and something waits for their digest."""

    type: ClassVar[str] = "notifications.digest.due.v1"
    aggregate: ClassVar[str] = ""
    day: dt.date
    user_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailBounced(DomainEvent):
    """A mail came back; its address gets no more."""

    type: ClassVar[str] = "notifications.email.bounced.v1"
    aggregate: ClassVar[str] = "email_id"
    email_id: int
