"""Ids in addresses, read without surprises."""

from __future__ import annotations

_LONGEST_ID = 18


def id_or_none(typed: str | None) -> int | None:
    """Return the id, or None for anything that cannot be one (`²`, 5,000 digits, words)."""
    if not typed or not typed.isascii() or not typed.isdigit() or len(typed) > _LONGEST_ID:
        return None
    return int(typed)
