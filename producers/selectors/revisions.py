"""Stored states of offers and papers, as pghistory keeps them."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import QuerySet


def offer_revisions(offer_id: int) -> QuerySet[Any]:
    """Return the stored states of an offer, newest first."""
    return _states("SupplyOfferRevision").filter(pgh_obj_id=offer_id).order_by("-pgh_id")


def paper_revisions(paper_id: int) -> QuerySet[Any]:
    """Return the stored states of a paper, newest first."""
    return states_of_papers().filter(pgh_obj_id=paper_id).order_by("-pgh_id")


def states_of_papers() -> QuerySet[Any]:
    """Return the stored states of all papers, in no order."""
    return _states("PaperRevision")


def _states(name: str) -> QuerySet[Any]:
    return QuerySet(apps.get_model("producers", name))
