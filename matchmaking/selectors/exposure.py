"""In which order a buyer is shown matches, and what was shown before."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Count, QuerySet

from core.accounts.actors import Actor
from core.search import MOST_FOUND, Found, Hits, rows_of
from matchmaking.engine.exposure import (
    LATELY_DAYS,
    NOTHING_PLACED,
    WHOLE,
    Placed,
    Shortfalls,
    Standing,
    attention_of,
    chance_of_being_read,
    place,
)
from matchmaking.enums import MatchStatus, Side
from matchmaking.models import Impression, Match, Shortfall
from matchmaking.selectors.pairs import active_rules

_Shown = tuple[int, str]


def shortfalls(producer_ids: Collection[int] | None = None) -> Shortfalls:
    """Return what some producers, or all, lack in exposure, as last counted."""
    counted = Shortfall.objects.all()
    asked = counted if producer_ids is None else counted.filter(pk__in=producer_ids)
    lacking = dict(asked.values_list("pk", "share"))
    return Shortfalls(lacking, unseen=WHOLE if lacking or counted.exists() else 0)


def placed_for(actor: Actor) -> Placed:
    """Work out the order of the matches that the actor's organisation is shown as a buyer.

    Only proposed ones move: nothing lifts what does not fit, and what is answered needs no lift.
    """
    return _placed(Match.objects.filter(group=actor.organisation_id or 0))


def best_first(matches: QuerySet[Match] | Hits[Match], *, placed: Placed) -> Hits[Match]:
    """Return matches in the order shown, for a paginator; what is not placed goes by its score.

    Args:
        matches: Any of the actor's; what was searched for stays in the order found.
        placed: See `placed_for`.
    """
    if isinstance(matches, Hits):
        return matches
    return Hits(matches, _in_order(matches, placed))


def first_best(matches: QuerySet[Match], *, placed: Placed) -> QuerySet[Match]:
    """Return the first thousand of `best_first`, numbered as `search_place`, for the API."""
    return rows_of(matches, _in_order(matches, placed, most=MOST_FOUND))


def _in_order(matches: QuerySet[Match], placed: Placed, *, most: int | None = None) -> Found:
    stored = matches.order_by("-score", "pk").values_list("pk", "score")
    shown = placed.shown_scores
    ranked = sorted(stored, key=lambda row: (-shown.get(row[0], row[1]), -row[1], row[0]))
    keys = tuple(pk for pk, _score in ranked[:most])
    return Found(keys=keys, is_capped=len(keys) < len(ranked), is_near=False)


def first_shown(match_ids: Iterable[int], *, count: int) -> list[int]:
    """Return those of some matches that their buyers are shown first."""
    wanted = set(match_ids)
    if len(wanted) <= count:
        return sorted(wanted)
    requests = Match.objects.filter(pk__in=wanted).values("request")
    placed = _placed(Match.objects.filter(request__in=requests))
    return [one for one in placed.ids_in_order if one in wanted][:count]


def _placed(matches: QuerySet[Match]) -> Placed:
    rows = matches.filter(status=MatchStatus.PROPOSED).values_list(
        "pk", "request_id", "producer_id", "score"
    )
    standings = [Standing(*row) for row in rows]
    if not standings:
        return NOTHING_PLACED
    lacking = shortfalls({one.organisation_id for one in standings})
    return place(standings, shortfalls=lacking, rules=active_rules())


def count_shortfalls(today: dt.date) -> Shortfalls:
    """Count from the impressions of the last days what each producer lacks."""
    since = today - dt.timedelta(days=LATELY_DAYS)
    shown = Impression.objects.filter(
        side=Side.BUYER, shown_on__gte=since, shown_on__lt=today
    ).values_list("match__producer", "place")
    attention: dict[int, int] = defaultdict(int)
    for producer_id, at, times in shown.annotate(times=Count("pk")):
        attention[producer_id] += attention_of(at) * times
    proposed = Match.objects.filter(status=MatchStatus.PROPOSED).values_list("producer", flat=True)
    return Shortfalls.counted(
        attention, organisations=len(attention.keys() | set(proposed.distinct()))
    )


def chances_of_being_read(
    match_ids: Iterable[int], *, until: Mapping[_Shown, dt.date]
) -> dict[_Shown, float]:
    """Return the chance that a side had read a match by a day, where it is known to be shown.

    Args:
        match_ids: Of the matches.
        until: The last day that counts, by match id and side.
    """
    places: dict[_Shown, list[int]] = defaultdict(list)
    shown = Impression.objects.filter(match__in=match_ids).order_by("pk")
    for match_id, side, at, day in shown.values_list("match_id", "side", "place", "shown_on"):
        if day <= until.get((match_id, side), dt.date.min):
            places[match_id, side].append(at)
    return {key: chance_of_being_read(found) for key, found in places.items()}
