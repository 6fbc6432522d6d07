"""Links, gates and pacts as the desk lists them, with how they stood before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from django.db.models import Q, QuerySet

from core.accounts.models import User
from core.kernel.text import fold
from core.places import selectors as places
from core.places.models import AdminUnit, ProvincePact, RoadLink, RoadNode

_SHOWN: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One stored state: when it began, who made it, why, and the state itself."""

    at: dt.datetime
    by: str
    state: Any
    is_current: bool = False


def links(*, words: str = "", province: AdminUnit | None = None) -> QuerySet[RoadLink]:
    """Return links by the names of their ends and road, those that touch a province."""
    found = RoadLink.objects.select_related("start__province", "end__province")
    if province is not None:
        found = found.filter(Q(start__province=province) | Q(end__province=province))
    folded = fold(words)
    if folded:
        # A few hundred rows: folding them here spares a column that nothing else needs.
        fits = [link.pk for link in found if folded in fold(f"{link.start} {link.end} {link.road}")]
        found = found.filter(pk__in=fits)
    return found.order_by("start__name", "end__name", "road")


def gates(province: AdminUnit | None = None) -> QuerySet[RoadNode]:
    """Return border gates and openings, those of a province if one is given."""
    found = places.gates().select_related("province")
    return found.filter(province=province) if province else found


def pacts(province: AdminUnit | None = None) -> QuerySet[ProvincePact]:
    """Return pacts, those of a province if one is given, by name."""
    found = ProvincePact.objects.select_related("a", "b").order_by("name", "a__code", "b__code")
    return found.filter(Q(a=province) | Q(b=province)) if province else found


def link_history(link_id: int) -> list[Entry]:
    """Return the states of a link in which status or opening day were new, newest first."""
    return _entries(
        places.link_revisions(link_id), told=("status", "opens_on", "km", "truck_hours")
    )


def pact_history(pact_id: int) -> list[Entry]:
    """Return the states of a pact, newest first."""
    told = ("name", "scope", "signed_on", "valid_to", "a_id", "b_id")
    return _entries(places.pact_revisions(pact_id), told=told)


def gate_history(node_id: int) -> list[Entry]:
    """Return the schedules somebody entered for a gate, newest first, ended ones as well."""
    entered = places.gate_revisions(node_id).filter(pgh_label="insert")[:_SHOWN]
    return list(_named(entered))


def _entries(revisions: QuerySet[Any], *, told: tuple[str, ...]) -> list[Entry]:
    states = list(revisions[: _SHOWN + 1])
    news = [
        after
        for after, before in pairwise(states)
        if any(getattr(after, name) != getattr(before, name) for name in told)
    ]
    return list(_named([*news, *states[-1:]][:_SHOWN]))


def _named(states: Iterable[Any]) -> Iterator[Entry]:
    rows = list(states)
    contexts = [row.pgh_context.metadata if row.pgh_context else {} for row in rows]
    ids = {said["actor"] for said in contexts if isinstance(said.get("actor"), int)}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}
    for place, (row, said) in enumerate(zip(rows, contexts, strict=True)):
        yield Entry(
            at=row.pgh_created_at,
            by=names.get(said.get("actor", 0), ""),
            state=row,
            is_current=place == 0,
        )
