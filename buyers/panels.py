"""What a buyer sees first on the role home."""

from __future__ import annotations

from typing import Any, Final

from buyers import rules, selectors
from core.accounts.actors import Actor
from core.web import panels

SHOWN: Final = 5


def requests_context(actor: Actor) -> dict[str, Any]:
    """Return drafts, requests that end soon, and whether another can be posted."""
    return {
        "can_prepare": rules.can_prepare(actor),
        "drafts": selectors.with_words(selectors.drafts_of(actor))[:SHOWN],
        "ending": selectors.with_words(selectors.ending_soon(actor))[:SHOWN],
        "counts": selectors.counts_by_status(actor),
    }


def _buys(actor: Actor) -> bool:
    return actor.organisation is not None and actor.organisation.is_buyer


def register() -> None:
    """Offer the panels; called when the app is ready."""
    panels.register(
        panels.Panel(
            name="buyers.requests",
            order=40,
            applies=_buys,
            template="buyers/_requests_panel.html",
            context=requests_context,
        )
    )
