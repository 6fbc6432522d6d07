"""The weights and thresholds of the engine, as versioned data."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any, Final, Self

from matchmaking.engine.records import STORAGE_CLASSES

CRITERIA: Final = (
    "product", "quantity", "price", "window", "freight", "papers", "pact", "margin",
)  # fmt: skip
"""Stored points and weights follow this order: append only."""
GAINS: Final = {
    "buyer": ("product", "quantity", "price", "window", "freight", "papers", "pact"),
    "producer": ("quantity", "freight", "pact", "margin"),
}
"""What each side gains by: a large lot, a short way and a pact serve both."""
FULL_SCORE: Final = 10_000
"""Points of a perfect pair; one point is one basis point of the score."""

_SHARES: Final = (
    "closeness_leaf", "closeness_set", "name_share", "unknown_fit", "shelf_life_share",
    "price_full_share", "price_tolerance", "papers_by_day",
)  # fmt: skip
_LATER: Final = {
    "margin_full_share": 0.2, "minimum_gain": 0, "usual_hours": 0.0, "papers_by_day": 0,
    "exposure_points": 0,
}  # fmt: skip
"""What rules of before these were thought of mean by them."""
_LATER_WEIGHTS: Final = {"margin": 0}
_ABOVE_ZERO: Final = (
    "driving_stretch_hours", "driving_day_hours", "margin_full_share", "papers_for_full_fit",
    "top_k", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """One published version of the rules; a change is a new version, never an edit.

    Source:
        docs/decisions/0007-criteria-and-weights.md names the origin of every default.
    """

    version: int
    weights: tuple[int, ...]
    """Points of each criterion, in the order of `CRITERIA`; together `FULL_SCORE`."""
    closeness_leaf: float
    """Fit when the request names the very leaf of the offer."""
    closeness_set: float
    """Fit when the request names a wider category that holds the offer's leaf."""
    name_share: float
    """How much of the product fit the wording decides, where the request has words."""
    freight_fixed_vnd_per_kg: float
    freight_vnd_per_kg_km: tuple[float, ...]
    """By storage class, in the order of `STORAGE_CLASSES`."""
    loading_hours: float
    driving_stretch_hours: float
    pause_hours: float
    driving_day_hours: float
    night_hours: float
    shelf_life_share: float
    """Share of the shelf life that may be gone on arrival."""
    price_full_share: float
    """Landed price as a share of the ceiling at and below which the price fit is 1."""
    price_tolerance: float
    """Landed price above the ceiling, as a share of it, at which the pair is refused."""
    papers_for_full_fit: int
    unknown_fit: float
    """Fit presumed for what neither side has stated; always shown as unknown."""
    minimum_score: int
    top_k: int
    margin_full_share: float = 0.2
    """What the ceiling leaves above the asked price, as a share of it, for a margin fit of 1."""
    minimum_gain: int = 0
    """Points of 10,000 each side must gain by its own criteria for the pair to be proposed."""
    usual_hours: float = 0.0
    """Door to door hours at which a way has no fit left, however long goods keep; 0: none."""
    papers_by_day: int = 0
    """1: a paper above the minimum counts for the share of the asked days it holds on; 0: only
    one that holds on every delivery day counts."""
    exposure_points: int = 0
    """Points by which a buyer's list may show a match above its score, since its producer was shown
    little, or below it, since the producer has a better one there; the score stays what it is."""

    def __post_init__(self) -> None:
        """Refuse rules that could not give a score between 0 and `FULL_SCORE`."""
        _check_weights(self.weights)
        if len(self.freight_vnd_per_kg_km) != len(STORAGE_CLASSES):
            raise ValueError("freight_vnd_per_kg_km needs one rate per storage class.")
        for field in fields(self):
            _check_number(field.name, getattr(self, field.name))
        if not self.price_full_share < 1 + self.price_tolerance:
            raise ValueError("price_full_share must lie below 1 + price_tolerance.")

    def weight(self, criterion: str) -> int:
        """Points a perfect fit in this criterion earns."""
        return self.weights[CRITERIA.index(criterion)]

    def to_json(self) -> dict[str, Any]:
        """The rules as JSON-ready values, weights and rates by name."""
        data: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        data["weights"] = dict(zip(CRITERIA, self.weights, strict=True))
        rates = zip(STORAGE_CLASSES, self.freight_vnd_per_kg_km, strict=True)
        data["freight_vnd_per_kg_km"] = dict(rates)
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `to_json` wrote.

        Raises:
            ValueError: A key is missing or unknown, or a value is out of range.
        """
        data = _with_later(data)
        _check_keys("ruleset", data, {field.name for field in fields(cls)})
        _check_keys("weights", data["weights"], set(CRITERIA))
        _check_keys("freight_vnd_per_kg_km", data["freight_vnd_per_kg_km"], set(STORAGE_CLASSES))
        rates = tuple(data["freight_vnd_per_kg_km"][name] for name in STORAGE_CLASSES)
        weights = tuple(data["weights"][name] for name in CRITERIA)
        return cls(**{**data, "weights": weights, "freight_vnd_per_kg_km": rates})


def _with_later(data: Any) -> Any:  # noqa: ANN401 -- unread JSON
    """Rules stored before a criterion or limit was thought of: it counts for nothing in them."""
    if not isinstance(data, dict) or not isinstance(data.get("weights"), dict):
        return data
    return {**_LATER, **data, "weights": {**_LATER_WEIGHTS, **data["weights"]}}


def _check_weights(weights: tuple[int, ...]) -> None:
    if len(weights) != len(CRITERIA) or any(type(weight) is not int for weight in weights):
        raise ValueError(f"weights must be {len(CRITERIA)} whole numbers.")
    if min(weights) < 0 or sum(weights) != FULL_SCORE:
        raise ValueError(f"weights must be zero or more and sum to {FULL_SCORE}.")


def _check_number(name: str, value: Any) -> None:  # noqa: ANN401 -- a number or a tuple of numbers
    for one in value if isinstance(value, tuple) else (value,):
        if isinstance(one, bool) or not isinstance(one, int | float) or not math.isfinite(one):
            raise ValueError(f"{name} must be a number.")
        if one < 0 or (name in _ABOVE_ZERO and one == 0) or (name in _SHARES and one > 1):
            raise ValueError(f"{name} cannot be {one}.")


def _check_keys(what: str, data: Any, names: set[str]) -> None:  # noqa: ANN401 -- unread JSON
    if not isinstance(data, dict) or set(data) != names:
        wrong = sorted(set(data) ^ names) if isinstance(data, dict) else ["not an object"]
        raise ValueError(f"{what} has missing or unknown keys: {', '.join(wrong)}.")


DEFAULT_RULESET: Final = Ruleset(
    version=1,
    weights=(2_500, 1_700, 1_800, 800, 1_400, 500, 500, 800),
    closeness_leaf=1.0,
    closeness_set=0.7,
    name_share=0.5,
    freight_fixed_vnd_per_kg=200.0,
    freight_vnd_per_kg_km=(1.5, 2.2, 2.4, 3.0),
    loading_hours=2.0,
    driving_stretch_hours=4.0,
    pause_hours=0.25,
    driving_day_hours=10.0,
    night_hours=8.0,
    shelf_life_share=0.33,
    price_full_share=0.95,
    price_tolerance=0.1,
    papers_for_full_fit=3,
    unknown_fit=0.4,
    minimum_score=2_500,
    top_k=50,
    minimum_gain=2_000,
    usual_hours=72.0,
    papers_by_day=1,
    exposure_points=400,
)
