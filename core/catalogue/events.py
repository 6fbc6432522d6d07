"""Facts the catalogue announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymProposed(DomainEvent):
    """A person chose a kind that the reading of product names had not known for these words."""

    type: ClassVar[str] = "catalogue.synonym.proposed.v1"
    aggregate: ClassVar[str] = "proposal_id"
    proposal_id: int
    version: int
    category_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymApproved(DomainEvent):
    """An officer agreed: from now on the words mean that kind."""

    type: ClassVar[str] = "catalogue.synonym.approved.v1"
    aggregate: ClassVar[str] = "proposal_id"
    proposal_id: int
    version: int
    category_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymRejected(DomainEvent):
    """An officer disagreed: the words go on meaning what they meant."""

    type: ClassVar[str] = "catalogue.synonym.rejected.v1"
    aggregate: ClassVar[str] = "proposal_id"
    proposal_id: int
    version: int
    category_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymReopened(DomainEvent):
    """A decision was taken back; the words wait for an officer again."""

    type: ClassVar[str] = "catalogue.synonym.reopened.v1"
    aggregate: ClassVar[str] = "proposal_id"
    proposal_id: int
    version: int
    category_code: str
    previous: str
