"""Reading the catalogue: the tree, units of measure, feasts, and search by words."""

from __future__ import annotations

from core.catalogue.selectors.feasts import Feast, feasts_between, tet_of
from core.catalogue.selectors.measures import measure_for
from core.catalogue.selectors.search import search_categories
from core.catalogue.selectors.tree import (
    categories,
    category_by_code,
    is_in_season,
    leaves,
    path_of,
    subtree,
)
from core.catalogue.selectors.units import unit_by_text, units, units_by_text

__all__ = [
    "Feast",
    "categories",
    "category_by_code",
    "feasts_between",
    "is_in_season",
    "leaves",
    "measure_for",
    "path_of",
    "search_categories",
    "subtree",
    "tet_of",
    "unit_by_text",
    "units",
    "units_by_text",
]
