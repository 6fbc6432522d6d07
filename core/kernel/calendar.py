"""Time as events: an hour and a day of Vietnam's calendar began."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class HourBegan(DomainEvent):
    """A full hour passed; `hour` is its beginning as ISO text in UTC."""

    type: ClassVar[str] = "kernel.hour.began.v1"
    aggregate: ClassVar[str] = ""
    hour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBegan(DomainEvent):
    """Midnight passed in Asia/Ho_Chi_Minh."""

    type: ClassVar[str] = "kernel.day.began.v1"
    aggregate: ClassVar[str] = ""
    day: dt.date
