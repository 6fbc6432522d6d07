"""How many working days officers have for a paper; the facts stand in data/desk.toml."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from core.accounts.enums import Sector
from producers.enums import PaperKind

_FILE: Final = Path(__file__).parent.parent / "data" / "desk.toml"
_BASES: Final = frozenset({"house", "law"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """Working days for papers handed in from a day on; `is_law` tells it from a house default."""

    first_day: dt.date
    days: int
    is_law: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFacts:
    """What the desk knows of one kind of paper; deadlines are oldest first."""

    sector: Sector
    is_unique: bool
    deadlines: tuple[Deadline, ...]

    def deadline_on(self, day: dt.date) -> Deadline:
        """Return the deadline for a paper handed in on a day; the first one for earlier days."""
        held = [one for one in self.deadlines if one.first_day <= day]
        return held[-1] if held else self.deadlines[0]


@cache
def desk_facts() -> Mapping[PaperKind, DeskFacts]:
    """Return the facts of every kind.

    Raises:
        ValueError: The file names an unknown kind, or a deadline is impossible.
    """
    written = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    usual = written.pop("usual")
    unknown = set(written) - set(PaperKind.values)
    if unknown:
        raise ValueError(f"desk.toml names unknown kinds: {', '.join(sorted(unknown))}.")
    return MappingProxyType(
        {kind: _facts(usual | written.get(kind.value, {})) for kind in PaperKind}
    )


def _facts(entry: dict[str, Any]) -> DeskFacts:
    deadlines = tuple(_deadline(one) for one in entry["working_days"])
    follows = all(early.first_day < late.first_day for early, late in pairwise(deadlines))
    if not deadlines or not follows or any(one.days < 1 for one in deadlines):
        raise ValueError(f"Deadlines are dated, in order and of a day at least: {entry}.")
    return DeskFacts(
        sector=Sector(entry["sector"]), is_unique=entry["is_unique"], deadlines=deadlines
    )


def _deadline(entry: dict[str, Any]) -> Deadline:
    if entry["basis"] not in _BASES or not entry["source"]:
        raise ValueError(f"A deadline says on which basis and from where: {entry}.")
    return Deadline(
        first_day=entry["from"],
        days=entry["days"],
        is_law=entry["basis"] == "law",
        source=entry["source"],
    )


def kinds_of(sector: Sector) -> list[PaperKind]:
    """Return the kinds of paper a department looks after."""
    return [kind for kind, facts in desk_facts().items() if facts.sector == sector]
