"""What hangs on roads and pacts: apps above say how much of theirs a change would touch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.places.distance import Link

ProvincePair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Links and pacts (pairs of province codes) in use, as they are and as they would be."""

    links_before: list[Link] | None = None
    links_after: list[Link] | None = None
    pacts_before: tuple[ProvincePair, ...] = ()
    pacts_after: tuple[ProvincePair, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakes:
    """How many open offers and requests, and pairs of them, a change lies between."""

    offers: int = 0
    requests: int = 0
    pairs: int = 0


Counter = Callable[[Change], Stakes]
_counters: list[Counter] = []


def count_with(counter: Counter) -> None:
    """Add a way to count; called in an app's ready()."""
    if counter not in _counters:
        _counters.append(counter)


def stakes_of(change: Change) -> Stakes:
    """Return what a change would touch, all apps together."""
    found = [counter(change) for counter in _counters]
    return Stakes(
        offers=sum(one.offers for one in found),
        requests=sum(one.requests for one in found),
        pairs=sum(one.pairs for one in found),
    )
