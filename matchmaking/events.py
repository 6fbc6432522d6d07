"""Facts the matchmaking app announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesetPublished(DomainEvent):
    """Everything is scored by other rules from now on."""

    type: ClassVar[str] = "matchmaking.ruleset.published.v1"
    aggregate: ClassVar[str] = "ruleset_id"
    ruleset_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingsChanged(DomainEvent):
    """Many lists of best partners changed; their matches follow.

    Of the first two everything is judged anew, of the relisted ones only new partners.
    """

    type: ClassVar[str] = "matchmaking.rankings.changed.v1"
    aggregate: ClassVar[str] = ""
    offer_ids: tuple[int, ...] = ()
    request_ids: tuple[int, ...] = ()
    relisted_offer_ids: tuple[int, ...] = ()
    relisted_request_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchProposed(DomainEvent):
    """An offer and a request were found to fit (again, when a suspension cleared).

    `is_top` marks the few best of one change, which people hear of at once.
    """

    type: ClassVar[str] = "matchmaking.match.proposed.v1"
    aggregate: ClassVar[str] = "match_id"
    match_id: int
    version: int
    is_top: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchResumed(DomainEvent):
    """A suspended match that somebody had accepted stands again, with the answers it had."""

    type: ClassVar[str] = "matchmaking.match.resumed.v1"
    aggregate: ClassVar[str] = "match_id"
    match_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchAccepted(DomainEvent):
    """One side accepted; with `both`, the match is agreed and contacts are open."""

    type: ClassVar[str] = "matchmaking.match.accepted.v1"
    aggregate: ClassVar[str] = "match_id"
    match_id: int
    version: int
    side: str
    both: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchDeclined(DomainEvent):
    """One side declined, with a reason; `missing` names the papers a buyer misses, by comma."""

    type: ClassVar[str] = "matchmaking.match.declined.v1"
    aggregate: ClassVar[str] = "match_id"
    match_id: int
    version: int
    side: str
    reason: str
    missing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchSuspended(DomainEvent):
    """A match stopped fitting; `refusals` names the gates by code, joined by commas."""

    type: ClassVar[str] = "matchmaking.match.suspended.v1"
    aggregate: ClassVar[str] = "match_id"
    match_id: int
    version: int
    refusals: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchEnded(DomainEvent):
    """The offer or the request behind a match left the market."""

    type: ClassVar[str] = "matchmaking.match.ended.v1"
    aggregate: ClassVar[str] = "match_id"
    match_id: int
    version: int
