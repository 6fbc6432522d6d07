"""The API of the matchmaking app: matches to read and decide, previews of any pair."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from matchmaking.api.matches import MatchViewSet
from matchmaking.api.previews import MatchPreviewViewSet


def register(router: SimpleRouter) -> None:
    """Add this app's routes."""
    router.register("matches", MatchViewSet, basename="api-match")
    router.register("match-previews", MatchPreviewViewSet, basename="api-match-preview")
