"""How links, gates and pacts stood before: every stored state, newest first."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import QuerySet


def link_revisions(link_id: int) -> QuerySet[Any]:
    """Return the states of a link."""
    return _revisions("RoadLinkRevision").filter(pgh_obj=link_id)


def gate_revisions(node_id: int) -> QuerySet[Any]:
    """Return the states of all schedules of a gate."""
    return _revisions("GateScheduleRevision").filter(node=node_id)


def pact_revisions(pact_id: int) -> QuerySet[Any]:
    """Return the states of a pact."""
    return _revisions("ProvincePactRevision").filter(pgh_obj=pact_id)


def _revisions(name: str) -> QuerySet[Any]:
    model: Any = apps.get_model("places", name)
    found: QuerySet[Any] = model.objects.select_related("pgh_context").order_by("-pgh_id")
    return found
