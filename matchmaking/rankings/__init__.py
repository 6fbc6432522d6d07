"""Stored lists of best partners: packed, compared, loaded and read."""

from __future__ import annotations

from matchmaking.rankings.checking import Rejudged, lists_out_of_order, rejudge
from matchmaking.rankings.loading import Loaded, LoadedSide, load
from matchmaking.rankings.reading import (
    Listed,
    pairs_listed,
    partners_of_offers,
    partners_of_requests,
)
from matchmaking.rankings.state import forget, note_state, state_of
from matchmaking.rankings.storing import (
    Rankings,
    drop_rankings,
    store_offer_rankings,
    store_request_rankings,
)

__all__ = [
    "Listed",
    "Loaded",
    "LoadedSide",
    "Rankings",
    "Rejudged",
    "drop_rankings",
    "forget",
    "lists_out_of_order",
    "load",
    "note_state",
    "pairs_listed",
    "partners_of_offers",
    "partners_of_requests",
    "rejudge",
    "state_of",
    "store_offer_rankings",
    "store_request_rankings",
]
