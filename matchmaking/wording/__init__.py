"""The engine's codes and numbers as sentences, in the language of the reader."""

from __future__ import annotations

from matchmaking.wording.gains import GainLine, gain_lines
from matchmaking.wording.missing import named_papers, paper_choices, paper_lines
from matchmaking.wording.readiness import (
    GapLine,
    Headline,
    about_vnd,
    amounts,
    chain_name,
    cost,
    gap_lines,
    gap_name,
    gap_names,
    headline,
    headline_sentence,
    in_one_breath,
    is_paper,
    paper_kind,
    terms,
)
from matchmaking.wording.why import PartLine, part_lines
from matchmaking.wording.why_not import RefusalLine, refusal_lines, short_refusals
from matchmaking.wording.words import base_unit, paper_names

__all__ = [
    "GainLine",
    "GapLine",
    "Headline",
    "PartLine",
    "RefusalLine",
    "about_vnd",
    "amounts",
    "base_unit",
    "chain_name",
    "cost",
    "gain_lines",
    "gap_lines",
    "gap_name",
    "gap_names",
    "headline",
    "headline_sentence",
    "in_one_breath",
    "is_paper",
    "named_papers",
    "paper_choices",
    "paper_kind",
    "paper_lines",
    "paper_names",
    "part_lines",
    "refusal_lines",
    "short_refusals",
    "terms",
]
