"""What became of units, and figures of any map summed up on the map of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Max

from core.kernel import clock
from core.places.lineage import Change, Lineage, Sums, Unit
from core.places.models import AdminUnit, AdminUnitChange

_kept: dict[tuple[object, ...], Lineage] = {}


class UnitShare(NamedTuple):
    """A unit of the day asked for, and the share of the other unit's people that went there.

    `share` is None where the law split a unit and nobody published how.
    """

    unit: AdminUnit
    share: Decimal | None


def on_map_of(unit_id: int, *, day: dt.date | None = None) -> list[UnitShare]:
    """Return the units of a day, today by default, that a unit of any map is or became.

    Raises:
        KeyError: No such unit.
    """
    shares = lineage().shares_on(unit_id, day=day or clock.today())
    units = AdminUnit.objects.select_related("parent").in_bulk([share.unit_id for share in shares])
    return [UnitShare(units[share.unit_id], share.weight) for share in shares]


def provinces_on_map_of(unit_id: int, *, day: dt.date | None = None) -> frozenset[int]:
    """Return ids of the provinces of a day a unit of any map lies in; one is certain.

    Raises:
        KeyError: No such unit.
    """
    return lineage().provinces_on(unit_id, day=day or clock.today()).units


def sums_by_province(figures: Iterable[tuple[int, Decimal | int]], *, on: dt.date) -> Sums:
    """Roll figures of units of any map up to the provinces of a day, by their ids.

    Today's 34 or the 63 of before July 2025: exact where a unit went whole, by weight where
    one is known. What lies in one of several provinces stays undivided, by the set of them.
    The result's total equals the sum of the figures.

    Raises:
        KeyError: A figure's unit does not exist.
    """
    return lineage().sums_by_province(figures, day=on)


def lineage() -> Lineage:
    """Return the tree of all maps, kept until a unit or a change is added or altered."""
    units = AdminUnit.objects.aggregate(n=Count("pk"), changed=Max("updated_at"))
    changes = AdminUnitChange.objects.aggregate(n=Count("pk"), last=Max("pk"))
    version = (*units.values(), *changes.values())
    if version not in _kept:
        _kept.clear()
        _kept[version] = _read()
    return _kept[version]


def _read() -> Lineage:
    units = AdminUnit.objects.order_by().values_list("pk", "parent_id", "valid_from", "valid_to")
    changes = AdminUnitChange.objects.order_by().values_list("old_id", "new_id", "weight")
    return Lineage((Unit(*row) for row in units), changes=(Change(*row) for row in changes))
