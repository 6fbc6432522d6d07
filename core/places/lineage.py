"""What became of units from one map to another, and sums that follow them.

Pure: units and changes come in as plain rows, whatever map they are of.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal, Inexact, localcontext
from typing import NamedTuple

_ONE, _ZERO = Decimal(1), Decimal(0)
# Sums are exact: amounts that need more digits than this are refused, not rounded.
_EXACT = Context(prec=400, traps=[Inexact])


class Unit(NamedTuple):
    """A unit's place in the tree and its days, both ends in."""

    id: int
    parent_id: int | None
    valid_from: dt.date
    valid_to: dt.date | None

    def is_on(self, day: dt.date) -> bool:
        """Whether the unit existed on a day."""
        return self.valid_from <= day and not self.ended_before(day)

    def ended_before(self, day: dt.date) -> bool:
        """Whether the unit is gone on a day."""
        return self.valid_to is not None and self.valid_to < day


class Change(NamedTuple):
    """An old unit, or the share `weight` of it, going into a new one; None is not known."""

    old_id: int
    new_id: int
    weight: Decimal | None


class Share(NamedTuple):
    """A unit of the day asked for and the share that went there; None is not known."""

    unit_id: int
    weight: Decimal | None


@dataclass(slots=True)
class Spread:
    """Where one whole went: known shares, and masses known only to lie within a set of units."""

    known: dict[int, Decimal] = field(default_factory=dict)
    within: list[tuple[Decimal, frozenset[int]]] = field(default_factory=list)

    def add(self, share: Decimal, other: Spread) -> None:
        """Add a share of another spread."""
        for unit_id, weight in other.known.items():
            self.known[unit_id] = self.known.get(unit_id, _ZERO) + share * weight
        self.within += [(share * mass, units) for mass, units in other.within]

    def grouped(self, owner: Mapping[int, int]) -> Spread:
        """Return the same spread over owners; a mass within one owner is known."""
        found = Spread()
        for unit_id, weight in self.known.items():
            found.add(weight, Spread({owner[unit_id]: _ONE}))
        for mass, units in self.within:
            owners = frozenset(owner[unit_id] for unit_id in units)
            if len(owners) == 1:
                found.add(mass, Spread(dict.fromkeys(owners, _ONE)))
            else:
                found.within.append((mass, owners))
        return found

    @property
    def units(self) -> frozenset[int]:
        """Every unit any of it may have gone to."""
        return frozenset(self.known).union(*(units for _, units in self.within))


@dataclass(slots=True)
class Sums:
    """Amounts by province, and those that lie in one of several and cannot be divided.

    A unit nobody knows an older map of lies in none: its amount stands under the empty set.
    """

    by_province: dict[int, Decimal] = field(default_factory=dict)
    undivided: dict[frozenset[int], Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """The sum of everything, equal to the sum of the figures to the last digit."""
        with localcontext(_EXACT):
            return sum((*self.by_province.values(), *self.undivided.values()), _ZERO)


class Lineage:
    """The tree of units on all maps and the ways between them."""

    def __init__(self, units: Iterable[Unit], *, changes: Iterable[Change]) -> None:
        self._units = {unit.id: unit for unit in units}
        self._children: dict[int, list[int]] = defaultdict(list)
        self._into: dict[int, list[Change]] = defaultdict(list)
        self._from: dict[int, list[Change]] = defaultdict(list)
        for unit in self._units.values():
            if unit.parent_id is not None:
                self._children[unit.parent_id].append(unit.id)
        for change in changes:
            self._into[change.old_id].append(change)
            self._from[change.new_id].append(change)
        self._spreads: dict[tuple[int, dt.date], Spread] = {}

    def shares_on(self, unit_id: int, *, day: dt.date) -> list[Share]:
        """Return the units a unit is, became or was made of on a day, by id.

        Raises:
            KeyError: No such unit.
        """
        spread = self._spread(unit_id, day)
        doubtful = frozenset[int]().union(*(units for _, units in spread.within))
        return [
            Share(found, None if found in doubtful else spread.known[found])
            for found in sorted(spread.units)
        ]

    def province_of(self, unit_id: int) -> int:
        """Return the top of a unit's own tree."""
        unit = self._units[unit_id]
        return unit_id if unit.parent_id is None else self.province_of(unit.parent_id)

    def provinces_on(self, unit_id: int, *, day: dt.date) -> Spread:
        """Return how a unit spreads over the provinces of a day.

        Raises:
            KeyError: No such unit.
        """
        spread = self._spread(unit_id, day)
        return spread.grouped({found: self.province_of(found) for found in spread.units})

    def sums_by_province(
        self, figures: Iterable[tuple[int, Decimal | int]], *, day: dt.date
    ) -> Sums:
        """Roll figures of units of any map up to the provinces of a day.

        Raises:
            KeyError: A figure's unit does not exist.
            decimal.Inexact: Amounts need more than 400 digits to be added exactly.
        """
        sums = Sums()
        with localcontext(_EXACT):
            for unit_id, amount in figures:
                spread = self.provinces_on(unit_id, day=day)
                for province, weight in spread.known.items():
                    held = sums.by_province.get(province, _ZERO)
                    sums.by_province[province] = held + weight * amount
                for mass, provinces in spread.within:
                    held = sums.undivided.get(provinces, _ZERO)
                    sums.undivided[provinces] = held + mass * amount
        return sums

    def _spread(self, unit_id: int, day: dt.date) -> Spread:
        key = unit_id, day
        if key not in self._spreads:
            self._spreads[key] = self._spread_of(self._units[unit_id], day)
        return self._spreads[key]

    def _spread_of(self, unit: Unit, day: dt.date) -> Spread:
        if unit.is_on(day):
            return Spread({unit.id: _ONE})
        if unit.ended_before(day):
            steps = _settled(Share(step.new_id, step.weight) for step in self._into[unit.id])
        else:
            # Which share of a new unit came from an old one, the changes do not say.
            steps = _settled(Share(step.old_id, None) for step in self._from[unit.id])
        return self._followed(steps or self._inside(unit), day)

    def _inside(self, unit: Unit) -> list[Share]:
        """Return the parts of a district: it has no way of its own to the other map."""
        return _settled(Share(child, None) for child in self._children[unit.id])

    def _followed(self, steps: list[Share], day: dt.date) -> Spread:
        found = Spread()
        for step in steps:
            if step.weight is not None:
                found.add(step.weight, self._spread(step.unit_id, day))
        rest = _ONE - sum((s.weight for s in steps if s.weight is not None), _ZERO)
        if rest:
            open_steps = [step for step in steps if step.weight is None] or steps
            ends = (self._spread(step.unit_id, day).units for step in open_steps)
            found.add(rest, _within(frozenset[int]().union(*ends)))
        return found


def _within(units: frozenset[int]) -> Spread:
    if len(units) == 1:
        return Spread(dict.fromkeys(units, _ONE))
    return Spread(within=[(_ONE, units)])


def _settled(shares: Iterable[Share]) -> list[Share]:
    """Return shares with nothing left open that follows: one takes all, a full sum leaves 0."""
    steps = list(shares)
    if len(steps) == 1:
        return [Share(steps[0].unit_id, _ONE)]
    if sum((step.weight for step in steps if step.weight is not None), _ZERO) == _ONE:
        return [Share(step.unit_id, step.weight or _ZERO) for step in steps]
    return steps
