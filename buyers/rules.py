"""Who may do what with requests and chains: pure predicates."""

from __future__ import annotations

from core.accounts.actors import Actor
from core.accounts.rules import can_write


def can_prepare(actor: Actor) -> bool:
    """Owners and editors of a buyer keep its chain and drafts, also before approval."""
    organisation = actor.organisation
    return organisation is not None and organisation.is_buyer and can_write(actor)


def can_publish(actor: Actor) -> bool:
    """Tell whether the actor may put requests on the market: its organisation is approved."""
    organisation = actor.organisation
    return can_prepare(actor) and organisation is not None and organisation.is_approved


def can_browse_requests(actor: Actor) -> bool:
    """Approved producers read the open requests of all buyers.

    So do officers and administrators, with a second factor.
    """
    if actor.has_second_factor and (actor.is_administrator or actor.is_officer):
        return True
    organisation = actor.organisation
    return organisation is not None and organisation.is_producer and organisation.is_approved
