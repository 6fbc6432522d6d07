"""Reading buyers, their chains and their requests."""

from __future__ import annotations

from buyers.selectors.chain import (
    banners_of,
    chain_of,
    group_of,
    open_requests_naming,
    outlets_by_province,
    outlets_of,
    public_buyers,
)
from buyers.selectors.facts import RequestFacts, request_facts
from buyers.selectors.history import Entry, history_of
from buyers.selectors.requests import (
    counts_by_status,
    drafts_of,
    ending_soon,
    open_requests,
    own_requests,
    visible_to,
    with_words,
)

__all__ = [
    "Entry",
    "RequestFacts",
    "banners_of",
    "chain_of",
    "counts_by_status",
    "drafts_of",
    "ending_soon",
    "group_of",
    "history_of",
    "open_requests",
    "open_requests_naming",
    "outlets_by_province",
    "outlets_of",
    "own_requests",
    "public_buyers",
    "request_facts",
    "visible_to",
    "with_words",
]
