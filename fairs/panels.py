"""What organisers and producers see of fairs on the role home."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Actor
from core.vault import registry as vault
from core.vault.enums import PacketCode
from core.vault.registry import PacketKind
from core.web import panels
from fairs import rules, selectors
from fairs.enums import BEFORE_RUNNING, FairPhase

SHOWN: Final = 4


def host_context(actor: Actor) -> dict[str, Any]:
    """Return the fairs under way, each with what waits and its next open deadline."""
    ongoing = selectors.own_fairs(actor).filter(phase__in=[*BEFORE_RUNNING, FairPhase.RUNNING])
    fairs = list(ongoing.prefetch_related("deadline_marks").order_by("opens_on", "pk")[:SHOWN])
    return {
        "rows": [(fair, selectors.next_deadline(fair)) for fair in fairs],
        "can_host": rules.can_host(actor),
    }


def calls_context(actor: Actor) -> dict[str, Any] | None:
    """Return the open calls the producer has not answered; None where there are none."""
    calls = list(selectors.calls_for(actor)[:SHOWN])
    return {"fairs": calls} if calls else None


def _organises(actor: Actor) -> bool:
    organisation = actor.organisation
    return organisation is not None and organisation.is_organiser and organisation.is_approved


def register_dossiers() -> None:
    """Offer the papers of applications; called when the app is ready."""
    vault.register_packet(
        PacketKind(
            code=PacketCode.FAIR,
            order=20,
            text=_("One for each application: choose what the organiser may fetch."),
            subjects=selectors.application_subjects,
            place=selectors.application_place,
            packet=selectors.application_packet,
            until=selectors.shared_until,
            handing=selectors.application_handing,
        )
    )


def register() -> None:
    """Offer the panels; called when the app is ready."""
    panels.register(
        panels.Panel(
            name="fairs.host",
            order=25,
            applies=_organises,
            template="fairs/_host_panel.html",
            context=host_context,
        )
    )
    panels.register(
        panels.Panel(
            name="fairs.calls",
            order=60,
            applies=rules.can_apply,
            template="fairs/_calls_panel.html",
            context=calls_context,
        )
    )
