"""Finding rows by words: exact accents first, typing errors forgiven."""

from __future__ import annotations

from core.search.expressions import Folded, FoldedWords
from core.search.filters import SearchFilter, SearchFilterSet
from core.search.finding import Found, Hits, find, matching
from core.search.limits import SearchTooSlowError

__all__ = [
    "Folded",
    "FoldedWords",
    "Found",
    "Hits",
    "SearchFilter",
    "SearchFilterSet",
    "SearchTooSlowError",
    "find",
    "matching",
]
