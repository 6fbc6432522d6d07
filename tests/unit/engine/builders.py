"""Offers, requests and a small land to match them in."""

from __future__ import annotations

from typing import Any

import numpy as np

from matchmaking.engine.explain import Explanation, explain
from matchmaking.engine.records import Demand, HeldPaper, Place, Route, Supply
from matchmaking.engine.ruleset import DEFAULT_RULESET
from matchmaking.engine.values import Terrain

DAY = 739_000
"""An ordinary day; tests count from here."""

LEAF, NEXT_LEAF = 10, 11

NO_ROAD = np.inf

# Four nodes: farm, town, far city, island without an open road.
TERRAIN = Terrain(
    travel_hours=np.array([
        [0.0, 2.7, 34.0, NO_ROAD],
        [2.7, 0.0, 32.0, NO_ROAD],
        [34.0, 32.0, 0.0, NO_ROAD],
        [NO_ROAD, NO_ROAD, NO_ROAD, 0.0],
    ]),
    travel_km=np.array([
        [0.0, 155.0, 1780.0, NO_ROAD],
        [155.0, 0.0, 1650.0, NO_ROAD],
        [1780.0, 1650.0, 0.0, NO_ROAD],
        [NO_ROAD, NO_ROAD, NO_ROAD, 0.0],
    ]),
    pacts=np.eye(4, dtype=bool) | np.array(
        [[0, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]], dtype=bool
    ),
)  # fmt: skip

NEAR = Route(hours=2.7, km=155.0, reachable=True, has_pact=True)


def make_supply(**changes: Any) -> Supply:
    """A cooperative's cuttlefish cake that fits `make_demand` in everything."""
    return Supply(
        **{
            "offer_id": 1,
            "version": 1,
            "organisation_id": 100,
            "category_order": LEAF,
            "leaf_name": "Chả mực",
            "product_name": "Chả mực giã tay Hạ Long",
            "dimension": "mass",
            "quantity_base": 2_000.0,
            "weekly_capacity_base": None,
            "minimum_lot_base": 50.0,
            "price_vnd_per_base": 300_000.0,
            "kg_per_base": None,
            "first_day": DAY,
            "last_day": DAY + 59,
            "storage": "frozen",
            "shelf_life_days": 180.0,
            "origin": Place(node=0),
            "province": 1,
            "stars": 4,
            "stars_from": DAY - 300,
            "stars_to": DAY + 300,
            "papers": (paper("food_safety"),),
            "can_issue_invoice": True,
            "has_gtin": True,
            **changes,
        }
    )


def make_demand(**changes: Any) -> Demand:
    """A chain's need for cuttlefish cake."""
    return Demand(
        **{
            "request_id": 7,
            "version": 1,
            "organisation_id": 200,
            "category_lo": LEAF,
            "category_hi": LEAF + 1,
            "words": "chả mực",
            "dimension": "mass",
            "quantity_base": 1_000.0,
            "price_ceiling_vnd_per_base": 350_000.0,
            "first_day": DAY + 10,
            "last_day": DAY + 39,
            "destinations": (Place(node=1),),
            "province": 2,
            "minimum_stars": 3,
            "required_papers": ("food_safety",),
            "preferred_papers": (),
            "storage_required": "frozen",
            "needs_invoice": True,
            "needs_barcode": True,
            "max_lead_hours": 48.0,
            **changes,
        }
    )


def paper(kind: str, first: int = -300, last: int = 300, **changes: Any) -> HeldPaper:
    """A paper valid from `first` to `last`, counted from `DAY`."""
    return HeldPaper(kind=kind, valid_from=DAY + first, valid_to=DAY + last, **changes)


def judged(*, route: Route = NEAR, ruleset: Any = DEFAULT_RULESET, **changes: Any) -> Explanation:
    """Explain the fitting pair after changes, named `supply__field` or `demand__field`."""
    sides: dict[str, dict[str, Any]] = {"supply": {}, "demand": {}}
    for name, value in changes.items():
        side, field = name.split("__")
        sides[side][field] = value
    return explain(make_supply(**sides["supply"]), make_demand(**sides["demand"]), route, ruleset)


def codes(explanation: Explanation) -> list[str]:
    """Codes of the refusals."""
    return [reason.code for reason in explanation.refusals]


def part(explanation: Explanation, code: str) -> Any:
    """One part by its code."""
    return next(one for one in explanation.parts if one.code == code)
