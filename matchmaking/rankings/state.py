"""How far the rankings of each shard have come."""

from __future__ import annotations

from typing import Final

from core.kernel import clock
from matchmaking.models import MarketState, OfferRanking, RequestRanking

_TOLD: Final = ("horizon", "cluster", "ruleset", "ground", "settled_at", "began_at", "facts")


def state_of(shard: int = 0) -> MarketState | None:
    """Return what was noted last; None where nothing was settled yet."""
    return MarketState.objects.filter(pk=shard).first()


def note_state(state: MarketState) -> None:
    """Note how far the rankings have come, in the transaction that stores them."""
    state.settled_at = clock.now()
    MarketState.objects.bulk_create(
        [state], update_conflicts=True, unique_fields=["shard"], update_fields=_TOLD
    )


def forget(shard: int | None = None) -> None:
    """Drop the rankings and the state of a shard, or of all: every worker reads the facts anew."""
    rows = {} if shard is None else {"part": shard}
    OfferRanking.objects.filter(**rows).delete()
    RequestRanking.objects.filter(**rows).delete()
    MarketState.objects.filter(**({} if shard is None else {"shard": shard})).delete()
