"""Who has a paper open right now: a courtesy between officers, kept in the cache alone."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.core.cache import cache

from core.accounts.models import User
from core.kernel import clock
from producers.selectors import desk

MINUTES: Final = 10


def note_look(paper_id: int, *, user_id: int) -> list[User]:
    """Note that somebody looks at a paper, and return who else did in the last minutes.

    Two who look in the same instant may miss each other; the version in the form then decides.
    """
    key, now = f"desk-look:{paper_id}", clock.now()
    known: dict[int, dt.datetime] = cache.get(key) or {}
    fresh = {who: at for who, at in known.items() if now - at < dt.timedelta(minutes=MINUTES)}
    cache.set(key, {**fresh, user_id: now}, timeout=MINUTES * 60)
    others = [who for who in fresh if who != user_id]
    return list(desk.officers_named(others)) if others else []


def forget_look(paper_id: int, *, user_id: int) -> None:
    """Note that somebody is done with a paper."""
    key = f"desk-look:{paper_id}"
    known: dict[int, dt.datetime] = cache.get(key) or {}
    if known.pop(user_id, None) is not None:
        cache.set(key, known, timeout=MINUTES * 60)
