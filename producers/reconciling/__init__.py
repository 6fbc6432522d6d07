"""Comparing the rows of a register with what the portal knows; pure."""

from __future__ import annotations

from producers.reconciling.comparing import compare
from producers.reconciling.facts import (
    HARD,
    Basis,
    Candidate,
    Clash,
    Comparison,
    EntryFacts,
    OursFacts,
    Outlook,
)
from producers.reconciling.index import OursIndex
from producers.reconciling.keys import decision_key, entry_key
from producers.reconciling.names import likeness, organisation_name, product_name

__all__ = [
    "HARD",
    "Basis",
    "Candidate",
    "Clash",
    "Comparison",
    "EntryFacts",
    "OursFacts",
    "OursIndex",
    "Outlook",
    "compare",
    "decision_key",
    "entry_key",
    "likeness",
    "organisation_name",
    "product_name",
]
