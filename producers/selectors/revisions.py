"""Stored states of offers and papers, as pghistory keeps them."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet


def offer_revisions(offer_id: int) -> QuerySet[Any]:
    """Return the stored states of an offer, newest first."""
    return _revisions("SupplyOfferRevision", offer_id)


def paper_revisions(paper_id: int) -> QuerySet[Any]:
    """Return the stored states of a paper, newest first."""
    return _revisions("PaperRevision", paper_id)


def _revisions(name: str, pk: int) -> QuerySet[Any]:
    revision: type[Model] = apps.get_model("producers", name)
    return revision._default_manager.filter(pgh_obj_id=pk).order_by("-pgh_id")  # noqa: SLF001 -- the model is not known by name
