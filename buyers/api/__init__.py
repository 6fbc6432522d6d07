"""The API of the buyers app: demand requests and requirement profiles."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from buyers.api.profiles import ProfileViewSet
from buyers.api.requests import RequestViewSet


def register(router: SimpleRouter) -> None:
    """Add this app's routes."""
    router.register("requests", RequestViewSet, basename="request")
    router.register("requirement-profiles", ProfileViewSet, basename="requirement-profile")
