"""Who may do what with fairs and applications: pure predicates of an actor and an object."""

from __future__ import annotations

from core.accounts.actors import Actor
from core.accounts.enums import Role
from core.accounts.rules import can_write
from fairs.enums import BEFORE_RUNNING, FairPhase
from fairs.models import Fair, Participation


def can_host(actor: Actor) -> bool:
    """Owners and editors of an approved organiser plan fairs."""
    organisation = actor.organisation
    if organisation is None or not organisation.is_organiser or not organisation.is_approved:
        return False
    return can_write(actor)


def can_edit(actor: Actor, fair: Fair) -> bool:
    """The organiser changes what its fair says until the fair is closed."""
    return is_host(actor, fair) and fair.phase in {*BEFORE_RUNNING, FairPhase.RUNNING}


def can_move(actor: Actor, fair: Fair) -> bool:
    """The organiser moves its fair on and keeps its checklist until the end."""
    ended = {FairPhase.REPORTED, FairPhase.CANCELLED}
    return is_host(actor, fair) and fair.phase not in ended


def can_cancel(actor: Actor, fair: Fair) -> bool:
    """Only an owner calls a fair off, and only before it runs."""
    return is_host(actor, fair) and actor.role == Role.OWNER and fair.phase in BEFORE_RUNNING


def is_host(actor: Actor, fair: Fair) -> bool:
    """Tell whether the actor works on this fair for its organiser."""
    return can_host(actor) and fair.organiser_id == actor.organisation_id


def can_decide(actor: Actor, participation: Participation) -> bool:
    """The organiser decides on applications, never on its own."""
    return (
        is_host(actor, participation.fair)
        and participation.organisation_id != actor.organisation_id
    )


def can_apply(actor: Actor) -> bool:
    """Owners and editors of an approved producer ask to take part."""
    organisation = actor.organisation
    if organisation is None or not organisation.is_producer or not organisation.is_approved:
        return False
    return can_write(actor)


def can_apply_to(actor: Actor, fair: Fair) -> bool:
    """Tell whether the actor may ask to take part in this fair: not in its own."""
    return can_apply(actor) and fair.organiser_id != actor.organisation_id


def can_read_dossier(actor: Actor, fair: Fair) -> bool:
    """Members of the organiser, officers of the hosting province and administrators read it."""
    if fair.organiser_id == actor.organisation_id and actor.organisation_id is not None:
        return True
    if not actor.has_second_factor:
        return False
    return actor.is_administrator or fair.province_id in actor.province_ids
