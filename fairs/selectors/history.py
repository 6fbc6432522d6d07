"""What happened to a fair, told from how it read after each change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from django.apps import apps
from django.utils.translation import gettext as _

from fairs.enums import PHASE_LOOKS, FairPhase
from fairs.models import Fair

_TOLD: Final = (
    "kind",
    "name",
    "about",
    "province_id",
    "venue_name",
    "address",
    "commune_id",
    "opens_on",
    "closes_on",
    "applications_from",
    "applications_to",
    "booth_quota",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened; `note` gives a reason or names the fields that changed."""

    at: dt.datetime
    text: str
    status: str
    note: str = ""


def history_of(fair: Fair) -> list[Entry]:
    """Return what happened to a fair, newest first."""
    model: Any = apps.get_model("fairs", "FairRevision")  # pghistory makes it
    revisions = list(model.objects.filter(pgh_obj_id=fair.pk).order_by("pgh_id"))
    if not revisions:
        return []
    made = Entry(at=revisions[0].pgh_created_at, text=_("Plan made"), status="planned")
    steps = [_entry(before, after) for before, after in pairwise(revisions)]
    return [*reversed(steps), made]


def _entry(before: Any, after: Any) -> Entry:  # noqa: ANN401 -- rows of a model pghistory makes
    at = after.pgh_created_at
    if after.phase != before.phase:
        look = PHASE_LOOKS.get(after.phase, after.phase)
        label = str(FairPhase(after.phase).label)
        return Entry(at=at, text=label, status=look, note=after.phase_reason)
    labels = [_label(name) for name in _TOLD if getattr(before, name) != getattr(after, name)]
    if labels:
        return Entry(at=at, text=_("Changed"), status="reviewed", note=", ".join(labels))
    return Entry(at=at, text=_("Co-hosting provinces changed"), status="reviewed")


def _label(name: str) -> str:
    field = Fair._meta.get_field(name.removesuffix("_id"))  # Django's documented API
    return str(getattr(field, "verbose_name", name))
