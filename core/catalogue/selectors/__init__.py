"""Reading the catalogue: the tree, units of measure, feasts, and search by words."""

from __future__ import annotations

from core.catalogue.selectors.feasts import Feast, feasts_between, tet_of
from core.catalogue.selectors.kinds import SuggestedKind, suggested_kinds
from core.catalogue.selectors.measures import measure_for
from core.catalogue.selectors.search import search_categories
from core.catalogue.selectors.synonyms import (
    Proposals,
    approved_terms,
    kinds_of_name,
    known_vocabulary,
    proposals,
    read_name,
)
from core.catalogue.selectors.tree import (
    categories,
    category_by_code,
    former_sets,
    group_starts,
    is_in_season,
    leaves,
    path_of,
    sets_today,
    subtree,
    tree_version,
)
from core.catalogue.selectors.units import unit_by_text, units, units_by_text

__all__ = [
    "Feast",
    "Proposals",
    "SuggestedKind",
    "approved_terms",
    "categories",
    "category_by_code",
    "feasts_between",
    "former_sets",
    "group_starts",
    "is_in_season",
    "kinds_of_name",
    "known_vocabulary",
    "leaves",
    "measure_for",
    "path_of",
    "proposals",
    "read_name",
    "search_categories",
    "sets_today",
    "subtree",
    "suggested_kinds",
    "tet_of",
    "tree_version",
    "unit_by_text",
    "units",
    "units_by_text",
]
