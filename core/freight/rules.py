"""Who may change roads, gates and pacts: those who serve a province they touch."""

from __future__ import annotations

from core.accounts.actors import Actor
from core.places.models import ProvincePact, RoadLink, RoadNode


def can_change_link(actor: Actor, link: RoadLink) -> bool:
    """Administrators, and officers of a province at either end."""
    return serves_any(actor, link.start.province_id, link.end.province_id)


def can_change_gate(actor: Actor, gate: RoadNode) -> bool:
    """Administrators, and officers of the gate's province."""
    return serves_any(actor, gate.province_id)


def can_change_pact(actor: Actor, pact: ProvincePact) -> bool:
    """Administrators, and officers of either province."""
    return serves_any(actor, pact.a_id, pact.b_id)


def serves_any(actor: Actor, *province_ids: int) -> bool:
    """Tell whether the actor, with a second factor, serves one of the provinces or all."""
    if not actor.has_second_factor:
        return False
    return actor.is_administrator or bool(actor.province_ids & set(province_ids))
