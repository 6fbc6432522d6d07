"""Loading the freight network's reference files: nodes, links, gates, pacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from core.kernel.reference import Tally, Values, split_list
from core.outbox import outbox
from core.places.events import NetworkReloaded
from core.places.models import GateSchedule, ProvincePact, RoadLink, RoadNode
from core.places.services.reading import date_or_none, rows_of
from core.places.services.syncing import sync

_SET_BY_OFFICERS: Final = ("status", "opens_on")
Wanted = dict[tuple[Any, ...], Values]


def load_freight(provinces: Mapping[str, int]) -> list[Tally]:
    """Make nodes, links, gates and pacts say what their files say.

    What an officer set stays: a link's status, a gate's hours once touched, pacts and links
    entered by hand.

    Args:
        provinces: Ids of today's provinces by code.

    Emits:
        NetworkReloaded, when a network that was there before is now another one.
    """
    had_network = RoadLink.objects.exists()
    tallies = [
        _load_nodes(provinces),
        _load_links(),
        _load_gates(),
        _load_pacts(provinces),
    ]
    if had_network and not all(tally.is_quiet for tally in tallies):
        outbox.append(NetworkReloaded())
    return tallies


def _load_nodes(provinces: Mapping[str, int]) -> Tally:
    wanted: Wanted = {
        (row["code"],): {
            "name": row["name"],
            "kind": row["kind"],
            "province_id": provinces[row["province_code"]],
            "lat": float(row["lat"]),
            "lon": float(row["lon"]),
            "serves": split_list(row["serves"]),
            "source": row["source"],
            "confidence": row["confidence"],
        }
        for row in rows_of("road_nodes")
    }
    return sync(RoadNode, wanted, key=("code",), kind="road nodes")


def _load_links() -> Tally:
    nodes = _nodes()
    wanted: Wanted = {
        (nodes[row["start"]], nodes[row["end"]], row["road"]): {
            "km": Decimal(row["km"]),
            "truck_hours": Decimal(row["truck_hours"]),
            "waiting_hours": Decimal(row["waiting_hours"]),
            "max_gross_t": Decimal(row["max_gross_t"]) if row["max_gross_t"] else None,
            "road_class": row["road_class"],
            "status": row["status"],
            "opens_on": date_or_none(row["opens_on"]),
            "source": row["source"],
            "confidence": row["confidence"],
        }
        for row in rows_of("road_links")
    }
    by_officers = RoadLink.objects.filter(status_by_hand=True)
    for key in by_officers.values_list("start_id", "end_id", "road"):
        for name in _SET_BY_OFFICERS:
            wanted.get(key, {}).pop(name, None)
    return sync(RoadLink, wanted, key=("start_id", "end_id", "road"), kind="road links")


def _load_gates() -> Tally:
    nodes = _nodes()
    touched = set(GateSchedule.objects.filter(by_hand=True).values_list("node__code", flat=True))
    wanted: Wanted = {
        (nodes[row["code"]], dt.date.fromisoformat(row["valid_from"])): {
            "status": row["status"],
            "opens_at": _time_or_none(row["opens_at"]),
            "closes_at": _time_or_none(row["closes_at"]),
            "weekdays": [int(day) for day in split_list(row["weekdays"])],
            "valid_to": date_or_none(row["valid_to"]),
            "source": row["source"],
            "confidence": row["confidence"],
        }
        for row in rows_of("gates")
        if row["code"] not in touched
    }
    return sync(GateSchedule, wanted, key=("node_id", "valid_from"), kind="gate hours")


def _load_pacts(provinces: Mapping[str, int]) -> Tally:
    wanted: Wanted = {
        (provinces[row["a"]], provinces[row["b"]], row["name"]): {
            "scope": row["scope"],
            "signed_on": date_or_none(row["signed_on"]),
            "valid_to": date_or_none(row["valid_to"]),
            "source": row["source"],
            "confidence": row["confidence"],
        }
        for row in rows_of("pacts")
    }
    return sync(ProvincePact, wanted, key=("a_id", "b_id", "name"), kind="pacts")


def _nodes() -> dict[str, int]:
    return dict(RoadNode.objects.values_list("code", "pk"))


def _time_or_none(cell: str) -> dt.time | None:
    return dt.time.fromisoformat(cell) if cell else None
