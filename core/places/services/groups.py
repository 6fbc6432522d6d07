"""Groupings of provinces as an administrator writes them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from core.places.models import AdminUnit, UnitGroup


@transaction.atomic
def save_group(*, group: UnitGroup, members: Iterable[AdminUnit]) -> UnitGroup:
    """Store a grouping and its provinces; from now on no file overwrites it."""
    group.by_hand = True
    group.save()
    group.members.set(members)
    return group
