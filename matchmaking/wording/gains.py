"""What each side has of a pair: two numbers beside the one they make together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy

from matchmaking.engine.explain import Explanation, Gain
from matchmaking.engine.ruleset import GAINS
from matchmaking.wording.why import LABELS

SIDES: Final = {
    "buyer": gettext_lazy("For the buyer"),
    "producer": gettext_lazy("For the producer"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GainLine:
    """One side's gain as a page shows it; `points` of at most `weight`, `share` in [0, 1]."""

    side: str
    label: str
    share: float
    points: int
    weight: int
    detail: str


def gain_lines(explanation: Explanation) -> list[GainLine]:
    """Return what each side gains, with the criteria it is made of."""
    told = {part.code for part in explanation.parts}
    return [_line(gain, told=told) for gain in explanation.gains if gain.weight]


def _line(gain: Gain, *, told: set[str]) -> GainLine:
    names = [str(LABELS[code]).lower() for code in GAINS[gain.side] if code in told]
    return GainLine(
        side=gain.side,
        label=str(SIDES[gain.side]),
        share=gain.share,
        points=gain.points,
        weight=gain.weight,
        detail=", ".join(names),
    )
