"""Sharing the market out among the matching workers, and anew where their number is another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import structlog
from django.conf import settings
from django.db import connection

from core.outbox.succession import hand_on
from matchmaking.models import MarketState, OfferRanking, RequestRanking
from matchmaking.services.rulesets import ensure_ruleset

log = structlog.get_logger(__name__)

_WORK: Final = "matchmaking.rank"
_LOCK: Final = 0x4E43_5350  # "NCSP": one hand shares out


def consumer_of(part: int) -> str:
    """Return the name under which a part has its duties."""
    return f"{_WORK}.{part}" if part else _WORK


def state_of_part(part: int) -> MarketState:
    """Return what is noted of a part, once the parts are those of now; needs a transaction.

    The states say which parts there are. Whoever finds others than there should be shares out
    anew: all markets are loaded again, each stores what it holds over what another stored, and
    open duties are everybody's, for a part leaves out what it does not hold.
    """
    states = _states()
    if not _is_shared_as_now(states):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        states = _states()
        if not _is_shared_as_now(states):
            states = _share_out(range(settings.MATCHING_SHARDS), before=len(states))
    return states[part]


def _states() -> dict[int, MarketState]:
    return {one.shard: one for one in MarketState.objects.all()}


def _is_shared_as_now(states: dict[int, MarketState]) -> bool:
    return states.keys() == set(range(settings.MATCHING_SHARDS))


def _share_out(parts: Sequence[int], *, before: int) -> dict[int, MarketState]:
    ruleset = ensure_ruleset()
    fresh = [MarketState(shard=part, horizon=0, ruleset=ruleset) for part in parts]
    MarketState.objects.all().delete()
    MarketState.objects.bulk_create(fresh)
    RequestRanking.objects.filter(part__gte=len(parts)).delete()
    OfferRanking.objects.filter(part__gte=len(parts)).update(part=0)  # until its part stores it
    hand_on(_WORK, to=[consumer_of(part) for part in parts])
    log.info("matchmaking.shared_out", parts=len(parts), before=before)
    return {one.shard: one for one in fresh}
