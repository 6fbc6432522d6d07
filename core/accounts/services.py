"""Changing people and organisations: one sentence, one transaction each."""

from __future__ import annotations

from core.accounts.actors import Actor


def actor_of_api_key(token: str) -> Actor | None:
    """Return the actor behind an API key; None where it is unknown or revoked."""
    raise NotImplementedError
