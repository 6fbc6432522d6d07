"""Facts the producers app announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyOfferPublished(DomainEvent):
    """A producer made an offer visible to matching."""

    type: ClassVar[str] = "producers.supply_offer.published.v1"
    aggregate: ClassVar[str] = "offer_id"
    offer_id: int
    version: int
    organisation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyOfferChanged(DomainEvent):
    """A published offer was revised, or its product or producer changed under it."""

    type: ClassVar[str] = "producers.supply_offer.changed.v1"
    aggregate: ClassVar[str] = "offer_id"
    offer_id: int
    version: int
    organisation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyOfferWithdrawn(DomainEvent):
    """An offer left the market: withdrawn by its producer or past its window."""

    type: ClassVar[str] = "producers.supply_offer.withdrawn.v1"
    aggregate: ClassVar[str] = "offer_id"
    offer_id: int
    version: int
    organisation_id: int
    expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSubmitted(DomainEvent):
    """A producer handed in a paper for verification."""

    type: ClassVar[str] = "producers.paper.submitted.v1"
    aggregate: ClassVar[str] = "paper_id"
    paper_id: int
    version: int
    organisation_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperVerified(DomainEvent):
    """An officer checked a paper and found it good."""

    type: ClassVar[str] = "producers.paper.verified.v1"
    aggregate: ClassVar[str] = "paper_id"
    paper_id: int
    version: int
    organisation_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperReturned(DomainEvent):
    """An officer returned a paper with a reason."""

    type: ClassVar[str] = "producers.paper.returned.v1"
    aggregate: ClassVar[str] = "paper_id"
    paper_id: int
    version: int
    organisation_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSuspended(DomainEvent):
    """A verified paper counts no longer until further notice."""

    type: ClassVar[str] = "producers.paper.suspended.v1"
    aggregate: ClassVar[str] = "paper_id"
    paper_id: int
    version: int
    organisation_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRevoked(DomainEvent):
    """A verified paper counts no longer, for good."""

    type: ClassVar[str] = "producers.paper.revoked.v1"
    aggregate: ClassVar[str] = "paper_id"
    paper_id: int
    version: int
    organisation_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperProposed(DomainEvent):
    """An officer proposed to verify stars or to revoke a paper; a second one must confirm."""

    type: ClassVar[str] = "producers.paper.proposed.v1"
    aggregate: ClassVar[str] = "paper_id"
    paper_id: int
    version: int
    organisation_id: int
    kind: str
    proposal_id: int
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperExpiring(DomainEvent):
    """A verified paper came within one of its kind's thresholds of its last day."""

    type: ClassVar[str] = "producers.paper.expiring.v1"
    aggregate: ClassVar[str] = "paper_id"
    paper_id: int
    version: int
    organisation_id: int
    kind: str
    within_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperExpired(DomainEvent):
    """A verified paper's last day has passed."""

    type: ClassVar[str] = "producers.paper.expired.v1"
    aggregate: ClassVar[str] = "paper_id"
    paper_id: int
    version: int
    organisation_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRenewed(DomainEvent):
    """A paper was verified that takes over from an earlier one without a gap."""

    type: ClassVar[str] = "producers.paper.renewed.v1"
    aggregate: ClassVar[str] = "paper_id"
    paper_id: int
    version: int
    organisation_id: int
    kind: str
    renewed_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryImported(DomainEvent):
    """A dated list of a register was taken in, or is to be compared with the portal again."""

    type: ClassVar[str] = "producers.registry.imported.v1"
    aggregate: ClassVar[str] = "list_id"
    list_id: int
    version: int
    province_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryPartCompared(DomainEvent):
    """A part of a list was compared with the portal; `left` entries wait."""

    type: ClassVar[str] = "producers.registry.part_compared.v1"
    aggregate: ClassVar[str] = "list_id"
    list_id: int
    version: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperReopened(DomainEvent):
    """An officer took a decision back: the paper stands as it did before."""

    type: ClassVar[str] = "producers.paper.reopened.v1"
    aggregate: ClassVar[str] = "paper_id"
    paper_id: int
    version: int
    organisation_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOverdue(DomainEvent):
    """A paper has waited for an officer longer than was promised."""

    type: ClassVar[str] = "producers.paper.overdue.v1"
    aggregate: ClassVar[str] = "paper_id"
    paper_id: int
    version: int
    organisation_id: int
    kind: str
