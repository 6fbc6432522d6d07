"""The engine's codes and numbers as sentences, in the language of the reader."""

from __future__ import annotations

from matchmaking.wording.why import PartLine, part_lines
from matchmaking.wording.why_not import RefusalLine, refusal_lines, short_refusals
from matchmaking.wording.words import base_unit, paper_names

__all__ = [
    "PartLine",
    "RefusalLine",
    "base_unit",
    "paper_names",
    "part_lines",
    "refusal_lines",
    "short_refusals",
]
