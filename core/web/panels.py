"""Panels of the role home: each app registers what its people need to see first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.accounts.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One block of the role home.

    `order` sorts (0–99 "needs me now", 100–199 figures, 200– the rest). `template` is rendered
    with the mapping that `context` returns plus ``actor``; None leaves the panel out.
    """

    name: str
    order: int
    applies: Callable[[Actor], bool]
    template: str
    context: Callable[[Actor], dict[str, Any] | None]


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Add a panel; called in an app's ready(). The same name replaces the earlier one."""
    _panels[panel.name] = panel


def panels_for(actor: Actor) -> list[tuple[Panel, dict[str, Any]]]:
    """Return the panels of the actor with their contexts, in order."""
    shown: list[tuple[Panel, dict[str, Any]]] = []
    for panel in sorted(_panels.values(), key=lambda p: (p.order, p.name)):
        if not panel.applies(actor):
            continue
        context = panel.context(actor)
        if context is not None:
            shown.append((panel, {**context, "actor": actor}))
    return shown
