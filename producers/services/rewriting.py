"""Storing many locked records anew in one statement."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Model, QuerySet


def update_locked(records: Sequence[Model]) -> None:
    """Store every column of records whose rows this transaction has locked.

    All of them are there, so each conflicts with itself and is updated, and none is inserted:
    triggers see updates. `bulk_update` spends longer on its SQL than the database on the rows.
    """
    if not records:
        return
    model = type(records[0])
    names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    QuerySet[Model](model).bulk_create(
        records, update_conflicts=True, unique_fields=["id"], update_fields=names
    )
