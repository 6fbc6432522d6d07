"""Whose facts or lists are others than before: what an event, a ranking, an expansion is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final, get_args

from buyers.events import DemandRequestChanged, DemandRequestClosed, DemandRequestPublished
from core.kernel.calendar import DayBegan
from core.kernel.events import DomainEvent
from core.places.events import LinkStatusChanged, NetworkReloaded, PactChanged
from matchmaking.events import RulesetPublished
from producers import selectors as producers
from producers.events import (
    PaperExpired,
    PaperReopened,
    PaperRevoked,
    PaperSubmitted,
    PaperSuspended,
    PaperVerified,
    SupplyOfferChanged,
    SupplyOfferPublished,
    SupplyOfferWithdrawn,
)

OfferEvent = SupplyOfferPublished | SupplyOfferChanged | SupplyOfferWithdrawn
RequestEvent = DemandRequestPublished | DemandRequestChanged | DemandRequestClosed
PaperEvent = (
    PaperSubmitted | PaperVerified | PaperSuspended | PaperRevoked | PaperExpired | PaperReopened
)
FactEvent = OfferEvent | RequestEvent | PaperEvent
GroundEvent = LinkStatusChanged | PactChanged | NetworkReloaded | DayBegan
RankedEvent = FactEvent | GroundEvent | RulesetPublished

FACT_EVENTS: Final[tuple[type[DomainEvent], ...]] = get_args(FactEvent)
RANKED_EVENTS: Final[tuple[type[DomainEvent], ...]] = get_args(RankedEvent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """Offers and requests by what happened to them.

    Of the changed ones every match is judged anew; of the relisted ones, whose list alone is
    another, only partners that have no match yet.
    """

    offers: frozenset[int] = frozenset()
    requests: frozenset[int] = frozenset()
    relisted_offers: frozenset[int] = frozenset()
    relisted_requests: frozenset[int] = frozenset()

    def __len__(self) -> int:
        """How many offers and requests these are."""
        return sum(len(getattr(self, one.name)) for one in fields(self))

    @classmethod
    def joined(cls, many: Iterable[Owners]) -> Owners:
        """All of several."""
        every = list(many)
        names = [one.name for one in fields(cls)]
        return cls(
            **{name: frozenset().union(*(getattr(one, name) for one in every)) for name in names}
        )

    def within(self, others: Owners) -> Owners:
        """Those whose facts changed, as far as they are among others' of the same sort."""
        return Owners(offers=self.offers & others.offers, requests=self.requests & others.requests)

    @property
    def relisted(self) -> Owners:
        """Those whose list alone is another."""
        return Owners(
            relisted_offers=self.relisted_offers, relisted_requests=self.relisted_requests
        )

    def relisted_without(self, others: Owners) -> Owners:
        """Those whose list alone is another, besides those whose facts changed among others."""
        return Owners(
            relisted_offers=self.relisted_offers - others.offers,
            relisted_requests=self.relisted_requests - others.requests,
        )

    def cut(self, size: int) -> Iterable[Owners]:
        """The same in portions of at most so many, each of one sort."""
        for one in fields(self):
            ids = sorted(getattr(self, one.name))
            for start in range(0, len(ids), size):
                yield Owners(**{one.name: frozenset(ids[start : start + size])})


def changed_by(event: DomainEvent) -> Owners:
    """Return whose facts an event tells of; nobody's for days, roads and pacts."""
    if isinstance(event, OfferEvent):
        return Owners(offers=frozenset([event.offer_id]))
    if isinstance(event, RequestEvent):
        return Owners(requests=frozenset([event.request_id]))
    if isinstance(event, PaperEvent):
        return Owners(offers=frozenset(_offers_resting_on(event)))
    return Owners()


def _offers_resting_on(event: PaperEvent) -> list[int]:
    """Offers a paper bears on; handed in for the first time, it has carried nothing yet."""
    if isinstance(event, PaperSubmitted) and event.version == 1:
        return []
    return producers.offers_resting_on_paper(event.paper_id)
