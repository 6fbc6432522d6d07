"""Who acts, as every app asks for it; the doors themselves live below the web, in accounts."""

from __future__ import annotations

from core.accounts.doors import (
    SESSION_KEY,
    View,
    acting,
    actor_of,
    actor_required,
    buyer_required,
    member_required,
    officer_required,
    organiser_required,
    producer_required,
)

__all__ = [
    "SESSION_KEY",
    "View",
    "acting",
    "actor_of",
    "actor_required",
    "buyer_required",
    "member_required",
    "officer_required",
    "organiser_required",
    "producer_required",
]
