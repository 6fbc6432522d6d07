"""Dossiers: what is asked for, what answers it, what is missing, and all of it as one ZIP."""

from __future__ import annotations

from core.vault.packing.archive import BrokenPacketError, is_whole, streamed
from core.vault.packing.lines import Answer, Asked, Line, Packet, asked_by_file, lines_of
from core.vault.packing.plan import MAX_PACKET_BYTES, Entry, Plan, plan_of

__all__ = [
    "MAX_PACKET_BYTES",
    "Answer",
    "Asked",
    "BrokenPacketError",
    "Entry",
    "Line",
    "Packet",
    "Plan",
    "asked_by_file",
    "is_whole",
    "lines_of",
    "plan_of",
    "streamed",
]
