"""The API of the vault: documents, dossiers, and what is shared of them."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from core.vault.api.documents import DocumentViewSet
from core.vault.api.dossiers import DossierViewSet
from core.vault.api.shares import ShareViewSet


def register(router: SimpleRouter) -> None:
    """Add this app's routes."""
    router.register("documents", DocumentViewSet, basename="document")
    router.register("dossiers", DossierViewSet, basename="dossier")
    router.register("shares", ShareViewSet, basename="share")
