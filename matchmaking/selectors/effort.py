"""What closing a gap takes: who issues the paper, how long, at which cost, says which source."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import get_language

from core.kernel.reference import read_rows
from matchmaking.engine.readiness import CODES, Effort

FILE: Final = Path(__file__).resolve().parents[1] / "data" / "effort.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortFacts:
    """One row of the reference file; days and costs are typical, not promised."""

    code: str
    issuer_vi: str
    issuer_en: str
    step_vi: str
    step_en: str
    days: int
    cost_low_vnd: int
    cost_high_vnd: int
    after: str
    confidence: str
    source_vi: str
    source_en: str
    as_of: str

    @property
    def issuer(self) -> str:
        """Who issues the paper, in the reader's language."""
        return self.issuer_en if _reads_english() else self.issuer_vi

    @property
    def source(self) -> str:
        """Where the figures come from, in the reader's language."""
        return self.source_en if _reads_english() else self.source_vi

    @property
    def step(self) -> str:
        """What to do, in the reader's language."""
        return self.step_en if _reads_english() else self.step_vi


def effort_of(code: str) -> EffortFacts:
    """Return the effort of a gap; a code for a market is the effort of its kind.

    Source:
        matchmaking/data/effort.csv, each row with its own source and confidence.
    """
    return _rows()[code.partition(":")[0]]


@functools.cache
def efforts() -> Mapping[str, Effort]:
    """Return the effort of every gap there can be, as readiness reckons with it."""
    facts = {code: effort_of(code) for code in CODES}
    return {
        code: Effort(days=one.days, cost_vnd=one.cost_high_vnd, after=one.after)
        for code, one in facts.items()
    }


@functools.cache
def _rows() -> Mapping[str, EffortFacts]:
    return {
        row["code"]: EffortFacts(
            code=row["code"],
            issuer_vi=row["issuer_vi"],
            issuer_en=row["issuer_en"],
            step_vi=row["step_vi"],
            step_en=row["step_en"],
            days=int(row["days"]),
            cost_low_vnd=int(row["cost_low_vnd"]),
            cost_high_vnd=int(row["cost_high_vnd"]),
            after=row["after"],
            confidence=row["confidence"],
            source_vi=row["source_vi"],
            source_en=row["source_en"],
            as_of=row["as_of"],
        )
        for row in read_rows(FILE)
    }


def _reads_english() -> bool:
    return (get_language() or "").startswith("en")
