"""Moving the names and types on units to the labels of a day."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Q

from core.kernel import clock
from core.kernel.text import fold
from core.places.models import AdminUnit, AdminUnitLabel


@transaction.atomic
def move_labels(*, day: dt.date) -> int:
    """Copy the labels in force on `day` to their units; return how many units changed."""
    differing = (
        AdminUnitLabel.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
        .exclude(unit__name=F("name"), unit__kind=F("kind"))
        .select_related("unit")
        .order_by("unit_id")
    )
    units = [_relabelled(label) for label in differing]
    AdminUnit.objects.bulk_update(units, ["name", "kind", "name_folded", "updated_at"])
    return len(units)


def _relabelled(label: AdminUnitLabel) -> AdminUnit:
    unit = label.unit
    unit.name, unit.kind, unit.name_folded = label.name, label.kind, fold(label.name)
    unit.updated_at = clock.now()
    return unit
