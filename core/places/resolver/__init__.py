"""Reading addresses as people write them; pure, on the reference files."""

from __future__ import annotations

from core.places.resolver.files import load
from core.places.resolver.gazetteer import NEW_MAP_SINCE, Gazetteer
from core.places.resolver.resolution import Resolution, Understood
from core.places.resolver.resolver import Resolver
from core.places.resolver.tables import ADDED, Table, TableError, open_table

__all__ = [
    "ADDED",
    "NEW_MAP_SINCE",
    "Gazetteer",
    "Resolution",
    "Resolver",
    "Table",
    "TableError",
    "Understood",
    "load",
    "open_table",
]
