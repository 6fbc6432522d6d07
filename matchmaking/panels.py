"""What waits for an answer, first thing on the role home."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Actor
from core.vault import registry as vault
from core.vault.enums import PacketCode
from core.vault.registry import PacketKind
from core.web import panels
from matchmaking import selectors

SHOWN: Final = 5


def waiting_context(actor: Actor) -> dict[str, Any]:
    """Return the best unanswered matches and how the others stand."""
    waiting = selectors.waiting_for(actor)
    return {
        "waiting": selectors.listed(actor).filter(pk__in=waiting.values("pk"))[:SHOWN],
        "counts": selectors.count_by_status(actor),
        "waiting_count": waiting.count(),
    }


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
            places=selectors.match_places,
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
