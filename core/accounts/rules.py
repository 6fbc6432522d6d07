"""Who may act for whom: pure predicates of an actor and an object."""

from __future__ import annotations

import datetime as dt
from typing import Final

from core.accounts.actors import Actor
from core.accounts.enums import ApiScope, OrganisationStatus, Role
from core.accounts.models import Organisation
from core.kernel import clock

APPROVAL_WORKING_DAYS: Final = 2
SATURDAY: Final = 5


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


def can_read_on_desk(actor: Actor, organisation: Organisation) -> bool:
    """Officers read what was submitted in their province; an administrator reads everything."""
    if not actor.has_second_factor or organisation.status == OrganisationStatus.DRAFT:
        return False
    return actor.is_administrator or organisation.province_id in actor.province_ids


def approval_due_at(submitted_at: dt.datetime) -> dt.datetime:
    """Return when an answer is due: two working days later, weekends left out.

    Source:
        The service's own promise, docs/decisions/0010-verification-and-personal-data.md.
    """
    due, left = submitted_at, APPROVAL_WORKING_DAYS
    while left:
        due += dt.timedelta(days=1)
        left -= due.astimezone(clock.VIETNAM).weekday() < SATURDAY
    return due
