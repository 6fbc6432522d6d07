"""The businesses that wait for an officer, first thing on the officer's home.

It stands here because accounts lie below the pages and may not know of panels.
"""

from __future__ import annotations

from typing import Any, Final

from core.accounts import selectors
from core.accounts.actors import Actor
from core.web import panels

SHOWN: Final = 5


def waiting_context(actor: Actor) -> dict[str, Any]:
    """Return the organisations that wait the longest, and how many wait."""
    provinces = None if actor.is_administrator else actor.province_ids
    waiting = selectors.organisations_waiting(province_ids=provinces)
    return {"organisations": waiting[:SHOWN], "count": waiting.count()}


def _approves(actor: Actor) -> bool:
    return actor.has_second_factor and (actor.is_officer or actor.is_administrator)


def register() -> None:
    """Offer the panel; called when the app is ready."""
    panels.register(
        panels.Panel(
            name="web.organisations",
            order=15,
            applies=_approves,
            template="accounts/_desk_panel.html",
            context=waiting_context,
        )
    )
