"""Lists of buyers that can be imported and exported."""

from __future__ import annotations

from buyers.resources.requests import RequestList
from core.imports import registry

KINDS = (RequestList(),)


def register() -> None:
    """Make the kinds known; called once the apps are ready."""
    for kind in KINDS:
        registry.register(kind)
