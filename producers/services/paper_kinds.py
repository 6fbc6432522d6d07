"""What is special about each kind of paper; the facts stand in data/paper_kinds.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from producers.enums import PaperKind

_FILE: Final = Path(__file__).parent.parent / "data" / "paper_kinds.toml"
LONGEST_STEP_DAYS: Final = 90
"""Two thresholds are no further apart: the outbox remembers for 90 days that it told of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFacts:
    """One kind of paper; empty tuples and None mean that nothing is known.

    `notice_days` are days before the last one, falling: holders are told as each is reached.
    A number unlike `number_pattern`, or more than `usual_months`, is doubted, never refused.
    """

    notice_days: tuple[int, ...] = ()
    number_pattern: str = ""
    number_example: str = ""
    usual_months: int | None = None


@cache
def paper_kinds() -> Mapping[PaperKind, KindFacts]:
    """Return the facts of every kind.

    Raises:
        ValueError: The file names an unknown kind or an impossible threshold.
    """
    written = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    usual = written.pop("usual")
    unknown = set(written) - set(PaperKind.values)
    if unknown:
        raise ValueError(f"paper_kinds.toml names unknown kinds: {', '.join(sorted(unknown))}.")
    return MappingProxyType(
        {kind: _facts(usual | written.get(kind.value, {})) for kind in PaperKind}
    )


def _facts(entry: dict[str, Any]) -> KindFacts:
    facts = KindFacts(**{**entry, "notice_days": tuple(entry["notice_days"])})
    steps = [*facts.notice_days, 0]
    if any(not 0 < far - near <= LONGEST_STEP_DAYS for far, near in pairwise(steps)):
        raise ValueError(f"Thresholds fall, by at most {LONGEST_STEP_DAYS} days: {steps}.")
    return facts
