"""Who may act for whom: pure predicates of an actor and an object."""

from __future__ import annotations

from core.accounts.actors import Actor
from core.accounts.enums import ApiScope, Role
from core.accounts.models import Organisation


def can_view_organisation(actor: Actor, organisation: Organisation) -> bool:
    """Members, officers of its province and administrators see an organisation's own page."""
    return (
        actor.is_administrator
        or actor.organisation_id == organisation.pk
        or can_decide_on_organisation(actor, organisation)
    )


def can_edit_organisation(actor: Actor, organisation: Organisation) -> bool:
    """Owners and editors change what their organisation says of itself."""
    return actor.organisation_id == organisation.pk and can_write(actor)


def can_manage_members(actor: Actor, organisation: Organisation) -> bool:
    """Owners invite, change and remove members, and hold the API keys."""
    return actor.organisation_id == organisation.pk and actor.role == Role.OWNER


def can_decide_on_organisation(actor: Actor, organisation: Organisation) -> bool:
    """Officers decide on the organisations of their own province, with a second factor."""
    return organisation.province_id in actor.province_ids and actor.has_second_factor


def can_write(actor: Actor) -> bool:
    """Tell whether the actor may change its organisation's rows: a viewer may not."""
    if actor.scopes is not None:
        return ApiScope.WRITE in actor.scopes
    return actor.role in {Role.OWNER, Role.EDITOR}


def can_decide(actor: Actor) -> bool:
    """Tell whether the actor may accept or decline matches for its organisation."""
    if actor.scopes is not None:
        return ApiScope.DECIDE in actor.scopes
    return actor.role in {Role.OWNER, Role.EDITOR}
