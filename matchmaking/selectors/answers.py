"""What people answered, as rows that weights can be fitted to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import F, OuterRef, Subquery, Window
from django.db.models.functions import Rank

from core.kernel import clock
from matchmaking.engine.exposure import chance_of_being_read
from matchmaking.engine.fitting import Answer
from matchmaking.engine.ruleset import CRITERIA
from matchmaking.enums import DeclineReason, Verdict
from matchmaking.models import Decision, Match
from matchmaking.selectors.exposure import chances_of_being_read

_SAYS_NOTHING_OF_FIT = (DeclineReason.KNOWN_PARTNER.value,)


def answers() -> list[Answer]:
    """Return the last word of each side on each match that still stands, oldest first.

    A word taken back is none, and "we already work with somebody" says nothing of the match. How
    likely it was read follows from the places it was shown at until then; where none was noted,
    from that by score among all matches stored for its request. Who answered is not read: no
    person, organisation or province enters.
    """
    last = Decision.objects.filter(match=OuterRef("match"), side=OuterRef("side")).order_by("-pk")
    words = (
        Decision.objects.filter(pk=Subquery(last.values("pk")[:1]))
        .exclude(verdict=Verdict.PENDING)
        .exclude(reason__in=_SAYS_NOTHING_OF_FIT)
        .order_by("decided_at", "pk")
        .values_list("match_id", "side", "verdict", "decided_at")
    )
    said = list(words)
    matches = _matches({match_id for match_id, *_rest in said})
    chances = chances_of_being_read(
        matches,
        until={(pk, side): at.astimezone(clock.VIETNAM).date() for pk, side, _verdict, at in said},
    )
    return [
        Answer(
            list_id=matches[match_id].request,
            chance=chances.get((match_id, side), matches[match_id].chance),
            day=at.date().toordinal(),
            fits=matches[match_id].fits,
            accepted=verdict == Verdict.ACCEPTED,
        )
        for match_id, side, verdict, at in said
    ]


class _Shown(NamedTuple):
    request: int
    chance: float
    fits: tuple[float | None, ...]


def _matches(ids: set[int]) -> dict[int, _Shown]:
    requests = Match.objects.filter(pk__in=ids).values("request")
    place = Window(Rank(), partition_by=F("request"), order_by=[F("score").desc(), F("pk").asc()])
    ranked = Match.objects.filter(request__in=requests).annotate(position=place)
    rows = ranked.values_list("pk", "request_id", "position", "parts", "ruleset__rules")
    return {
        pk: _Shown(request_id, chance_of_being_read([position]), _fits(parts, rules["weights"]))
        for pk, request_id, position, parts, rules in rows
        if pk in ids
    }


def _fits(parts: Mapping[str, int], weights: Mapping[str, int]) -> tuple[float | None, ...]:
    """Fits as they were scored; None for a criterion the rules of then gave no weight."""
    return tuple(
        parts[code] / weights[code] if code in parts and weights.get(code) else None
        for code in CRITERIA
    )
