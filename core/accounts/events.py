"""Facts the accounts app announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationSubmitted(DomainEvent):
    """An organisation asked its province's officer for approval."""

    type: ClassVar[str] = "accounts.organisation.submitted.v1"
    aggregate: ClassVar[str] = "organisation_id"
    organisation_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationApproved(DomainEvent):
    """An officer approved it; from now on it may be public."""

    type: ClassVar[str] = "accounts.organisation.approved.v1"
    aggregate: ClassVar[str] = "organisation_id"
    organisation_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationReturned(DomainEvent):
    """An officer returned it with a reason; nothing of it is public."""

    type: ClassVar[str] = "accounts.organisation.returned.v1"
    aggregate: ClassVar[str] = "organisation_id"
    organisation_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberInvited(DomainEvent):
    """Somebody was invited by e-mail to act for an organisation."""

    type: ClassVar[str] = "accounts.member.invited.v1"
    aggregate: ClassVar[str] = "invitation_id"
    invitation_id: int
    organisation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(DomainEvent):
    """A person withdrew a consent; what rested on it stops."""

    type: ClassVar[str] = "accounts.consent.withdrawn.v1"
    aggregate: ClassVar[str] = "user_id"
    user_id: int
    purpose: str
