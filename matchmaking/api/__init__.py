"""The API of matchmaking: matches, previews of pairs, readiness, effects of requirements."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from matchmaking.api.effects import EffectViewSet
from matchmaking.api.matches import MatchViewSet
from matchmaking.api.previews import MatchPreviewViewSet
from matchmaking.api.readiness import ReadinessViewSet


def register(router: SimpleRouter) -> None:
    """Add this app's routes."""
    router.register("matches", MatchViewSet, basename="api-match")
    router.register("readiness", ReadinessViewSet, basename="api-readiness")
    router.register("requirement-effects", EffectViewSet, basename="api-requirement-effect")
    router.register("match-previews", MatchPreviewViewSet, basename="api-match-preview")
