"""Whole đồng."""

from __future__ import annotations

MAX_PRICE_VND = 10_000_000_000


def format_vnd(amount_vnd: int, *, separator: str = ".") -> str:
    """Return the amount as people write it: ``95.000 ₫``."""
    return f"{amount_vnd:,}".replace(",", separator) + " ₫"
