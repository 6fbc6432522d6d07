"""What waits for an answer, first thing on the role home."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Actor
from core.vault import registry as vault
from core.vault.enums import PacketCode
from core.vault.registry import PacketKind
from core.web import panels
from matchmaking import selectors, wording
from matchmaking.enums import ShownBy
from matchmaking.services.exposure import note_shown

SHOWN: Final = 5


def waiting_context(actor: Actor) -> dict[str, Any]:
    """Return the best unanswered matches and how the others stand."""
    waiting = selectors.waiting_for(actor)
    listed = selectors.listed(actor).filter(pk__in=waiting.values("pk"))
    shown = selectors.best_first(listed, placed=selectors.placed_for(actor))[:SHOWN]
    note_shown(shown, organisation_id=actor.organisation_id, channel=ShownBy.PORTAL)
    return {
        "waiting": shown,
        "counts": selectors.count_by_status(actor),
        "waiting_count": waiting.count(),
    }


def readiness_context(actor: Actor) -> dict[str, Any]:
    """Return what to close first, and at how many of the chains the products could stand."""
    found = selectors.own_readiness(actor)
    first = selectors.first_of(found)
    line = wording.headline(first) if first else None
    return {
        "first": first.item if first else None,
        "sentence": wording.headline_sentence(line) if line else "",
        "papers": line.papers if line else (),
        "ready_count": sum(len(one.ready) for one in found),
        "pair_count": sum(len(one.cells) for one in found),
    }


def _sells(actor: Actor) -> bool:
    return actor.organisation is not None and actor.organisation.is_producer


def _trades(actor: Actor) -> bool:
    organisation = actor.organisation
    return organisation is not None and (organisation.is_producer or organisation.is_buyer)


def register_dossiers() -> None:
    """Offer the dossiers of matches; called when the app is ready."""
    vault.register_packet(
        PacketKind(
            code=PacketCode.CHAIN,
            order=30,
            text=_("One for each match: what the chain asks for. It sees it only if you share it."),
            subjects=selectors.match_subjects,
            place=selectors.match_place,
            packet=selectors.match_packet,
            until=selectors.shared_until,
            handing=selectors.match_handing,
        )
    )


def register() -> None:
    """Offer the panels; called when the app is ready."""
    panels.register(
        panels.Panel(
            name="matchmaking.waiting",
            order=10,
            applies=_trades,
            template="matchmaking/_waiting_panel.html",
            context=waiting_context,
        )
    )
    panels.register(
        panels.Panel(
            name="matchmaking.readiness",
            order=32,
            applies=_sells,
            template="matchmaking/_readiness_panel.html",
            context=readiness_context,
        )
    )
