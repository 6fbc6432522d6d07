"""What happened to a request, told from how it read after each change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from django.apps import apps
from django.utils.translation import gettext as _

from buyers.enums import RequestStatus
from buyers.models import DemandRequest

_TOLD: Final = (
    "words",
    "category_id",
    "quantity",
    "unit_id",
    "pack_size",
    "pack_unit_id",
    "period",
    "price_ceiling_vnd",
    "needed_from",
    "needed_to",
    "delivery_province_id",
    "banner_id",
    "minimum_stars",
    "required_papers",
    "preferred_papers",
    "market",
    "storage",
    "needs_invoice",
    "needs_barcode",
    "note",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened; `note` names the fields that changed."""

    at: dt.datetime
    text: str
    status: str
    note: str = ""


def history_of(request: DemandRequest) -> list[Entry]:
    """Return what happened to a request, newest first."""
    stored: Any = apps.get_model("buyers", "DemandRequestRevision")
    revisions = list(stored.objects.filter(pgh_obj_id=request.pk).order_by("pgh_id"))
    if not revisions:
        return []
    made = Entry(at=revisions[0].pgh_created_at, text=_("Draft made"), status="draft")
    steps = [_entry(before, after) for before, after in pairwise(revisions)]
    return [*reversed(steps), made]


def _entry(before: Any, after: Any) -> Entry:  # noqa: ANN401 -- a model made by pghistory
    at = after.pgh_created_at
    if after.status != before.status:
        return Entry(at=at, text=_said(before.status, after.status), status=after.status)
    labels = [_label(name) for name in _TOLD if getattr(before, name) != getattr(after, name)]
    if labels:
        return Entry(at=at, text=_("Changed"), status="reviewed", note=", ".join(labels))
    return Entry(at=at, text=_("Outlets or banner changed"), status="reviewed")


def _said(before: str, after: str) -> str:
    if after == RequestStatus.PUBLISHED and before != RequestStatus.DRAFT:
        return _("Reopened")
    sentences = {
        RequestStatus.PUBLISHED.value: _("Published"),
        RequestStatus.CLOSED.value: _("Closed"),
        RequestStatus.EXPIRED.value: _("Its days are over"),
    }
    return sentences.get(after, after)


def _label(name: str) -> str:
    field = DemandRequest._meta.get_field(name.removesuffix("_id"))  # Django's documented API
    return str(getattr(field, "verbose_name", name))
