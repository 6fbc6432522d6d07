"""Reading the geography: units of a day, neighbours, pacts, ways by lorry."""

from __future__ import annotations

from core.places.selectors.units import (
    communes_of,
    label_of,
    labels_on,
    members_of,
    neighbours,
    pacts_in_force,
    provinces,
    search_units,
    successors_of,
    unit_at,
    units_on,
)
from core.places.selectors.ways import (
    Access,
    Trip,
    access_of,
    access_table,
    open_links,
    travel_matrix,
    trip_between,
)

__all__ = [
    "Access",
    "Trip",
    "access_of",
    "access_table",
    "communes_of",
    "label_of",
    "labels_on",
    "members_of",
    "neighbours",
    "open_links",
    "pacts_in_force",
    "provinces",
    "search_units",
    "successors_of",
    "travel_matrix",
    "trip_between",
    "unit_at",
    "units_on",
]
