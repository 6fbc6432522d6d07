"""Kilometres and lorry hours, pure: ways over a road network, and trips from door to door."""

from __future__ import annotations

from core.places.distance.network import (
    Link,
    Point,
    Stretch,
    TravelMatrix,
    Vehicle,
    access_leg,
    great_circle_km,
    stretches_for,
    travel_matrix,
)
from core.places.distance.trips import (
    DriverRest,
    GateDay,
    Leg,
    TripPart,
    TripPlan,
    plan_trip,
)

__all__ = [
    "DriverRest",
    "GateDay",
    "Leg",
    "Link",
    "Point",
    "Stretch",
    "TravelMatrix",
    "TripPart",
    "TripPlan",
    "Vehicle",
    "access_leg",
    "great_circle_km",
    "plan_trip",
    "stretches_for",
    "travel_matrix",
]
