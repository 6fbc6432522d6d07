"""The API of the producers app."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from producers.api.papers import PaperViewSet
from producers.api.viewsets import OfferViewSet, ProductViewSet


def register(router: SimpleRouter) -> None:
    """Add this app's routes."""
    router.register("offers", OfferViewSet, basename="offer")
    router.register("products", ProductViewSet, basename="product")
    router.register("papers", PaperViewSet, basename="paper")
