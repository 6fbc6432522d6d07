"""Finding rows by words: exact accents first, typing errors forgiven."""

from __future__ import annotations

from core.search.expressions import Folded, FoldedWords
from core.search.filters import SearchFilter, SearchFilterSet
from core.search.finding import MOST_FOUND, Found, Hits, find, matching, rows_of
from core.search.limits import SearchTooSlowError

__all__ = [
    "MOST_FOUND",
    "Folded",
    "FoldedWords",
    "Found",
    "Hits",
    "SearchFilter",
    "SearchFilterSet",
    "SearchTooSlowError",
    "find",
    "matching",
    "rows_of",
]
