"""The event of the fault tests and what they tell the other process through files."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from core.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck(DomainEvent):
    """A thing was struck; `mode` says what the handler does after its effect."""

    type: ClassVar[str] = "fault.thing.struck.v1"
    aggregate: ClassVar[str] = "thing_id"
    thing_id: int
    mode: str = "plain"
    user_id: int = 0


def note_start(event: Struck) -> None:
    """Leave this process's id where the test finds it."""
    Path(os.environ["FAULT_DIR"], f"{event.thing_id}.pid").write_text(str(os.getpid()))


def suffer(event: Struck) -> None:
    """Do what the mode says."""
    if event.mode == "slow":
        time.sleep(2)
    while event.mode == "endless":
        time.sleep(0.1)
    if event.mode == "killer":
        os._exit(9)
