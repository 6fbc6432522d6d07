"""Facts about shared dossiers; which files, the share itself says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketShared(DomainEvent):
    """A holder lets a receiver fetch files of a dossier, or changed which ones or until when."""

    type: ClassVar[str] = "vault.packet.shared.v1"
    aggregate: ClassVar[str] = "share_id"
    share_id: int
    version: int
    organisation_id: int
    receiver_id: int
    packet: str
    until: dt.date
    has_new_files: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketFetched(DomainEvent):
    """A receiver fetched a shared dossier."""

    type: ClassVar[str] = "vault.packet.fetched.v1"
    aggregate: ClassVar[str] = "share_id"
    share_id: int
    version: int
    organisation_id: int
    receiver_id: int
    packet: str
    handover_id: int
    is_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketWithdrawn(DomainEvent):
    """A holder took its consent back."""

    type: ClassVar[str] = "vault.packet.withdrawn.v1"
    aggregate: ClassVar[str] = "share_id"
    share_id: int
    version: int
    organisation_id: int
    receiver_id: int
    packet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketShareEnded(DomainEvent):
    """The last day of a consent has passed."""

    type: ClassVar[str] = "vault.packet.share_ended.v1"
    aggregate: ClassVar[str] = "share_id"
    share_id: int
    version: int
    organisation_id: int
    receiver_id: int
    packet: str
