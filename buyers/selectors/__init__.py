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
from buyers.selectors.profiles import (
    DRAFT_UNVERIFIED,
    ProfileFacts,
    best_profile,
    chain_defaults,
    profile_facts,
    profile_for_request,
    profiles_by_id,
    profiles_of,
    profiles_visible_to,
    published_profiles,
    reads_profiles_of_others,
)
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
    "DRAFT_UNVERIFIED",
    "Entry",
    "ProfileFacts",
    "RequestFacts",
    "banners_of",
    "best_profile",
    "chain_defaults",
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
    "profile_facts",
    "profile_for_request",
    "profiles_by_id",
    "profiles_of",
    "profiles_visible_to",
    "public_buyers",
    "published_profiles",
    "reads_profiles_of_others",
    "request_facts",
    "visible_to",
    "with_words",
]
