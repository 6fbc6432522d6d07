"""The only place where rows become the engine's inputs."""

from __future__ import annotations

from matchmaking.columns.ground import Ground, Touched, everything, ground_of, ground_on, touched
from matchmaking.columns.inputs import demands, supplies
from matchmaking.columns.meeting import Meetings, Side, meetings
from matchmaking.columns.parts import Part, part_of
from matchmaking.columns.readiness import goods, profile, wanted

__all__ = [
    "Ground",
    "Meetings",
    "Part",
    "Side",
    "Touched",
    "demands",
    "everything",
    "goods",
    "ground_of",
    "ground_on",
    "meetings",
    "part_of",
    "profile",
    "supplies",
    "touched",
    "wanted",
]
