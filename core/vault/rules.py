"""Who may do what with documents: pure predicates of an actor and an object."""

from __future__ import annotations

from core.accounts.actors import Actor
from core.accounts.rules import can_write
from core.vault.models import Document, PacketShare


def can_keep(actor: Actor) -> bool:
    """Owners and editors add documents for the organisation they act for."""
    return actor.organisation is not None and can_write(actor)


def can_change(actor: Actor, document: Document) -> bool:
    """Owners and editors change what belongs to the organisation they act for."""
    return document.organisation_id == actor.organisation_id and can_write(actor)


def can_withdraw(actor: Actor, share: PacketShare) -> bool:
    """Owners and editors take their organisation's consent back."""
    return share.organisation_id == actor.organisation_id and can_write(actor)


def can_fetch(actor: Actor, share: PacketShare) -> bool:
    """Owners and editors of the receiver fetch what is shared, while it is."""
    return share.is_open and share.receiver_id == actor.organisation_id and can_write(actor)
