"""Reading imports: what an actor may see, and their rows."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from core.accounts.actors import Actor
from core.imports.enums import RowOutcome, RowState
from core.imports.models import BUSY, Import, ImportRow

MOST_WAITING = 5
"""How many files of one owner may wait or be worked on at once."""


def imports_visible_to(actor: Actor) -> QuerySet[Import]:
    """Return the imports of the actor's organisation and, for officers, of their provinces."""
    mine = Q(organisation=actor.organisation_id) if actor.organisation_id else Q(pk__in=[])
    if actor.province_ids and actor.has_second_factor:
        mine |= Q(province__in=actor.province_ids)
    found = Import.objects.filter(mine).select_related("created_by", "province", "organisation")
    return found.order_by("-pk")


def rows_of(import_id: int, *, outcome: str = "", state: str = "") -> QuerySet[ImportRow]:
    """Return an import's rows in the order of the file.

    Args:
        import_id: The import.
        outcome: Only rows that come to this.
        state: Only rows that are this far; planned, those that would change something.
    """
    rows = ImportRow.objects.filter(of=import_id).order_by("number")
    if outcome in RowOutcome.values:
        rows = rows.filter(outcome=outcome)
    if state in RowState.values:
        rows = rows.filter(state=state)
    if state == RowState.PLANNED:
        rows = rows.filter(outcome__in=[RowOutcome.NEW, RowOutcome.CHANGED])
    return rows


def origins_of(kinds: Collection[str], *, ref: int) -> QuerySet[ImportRow]:
    """Return the rows that wrote a record, the latest first: where it came from.

    Args:
        kinds: Codes of the kinds that write this sort of record.
        ref: The record's id.
    """
    rows = ImportRow.objects.filter(ref=ref, state=RowState.APPLIED, of__kind__in=kinds)
    return rows.select_related("of__created_by").order_by("-of", "-number")


def has_too_many_waiting(*, organisation_id: int | None, province_id: int | None) -> bool:
    """Tell whether the owner's earlier files have to be done first."""
    owned = Import.objects.filter(
        organisation=organisation_id, province=province_id, state__in=BUSY
    )
    return owned.count() >= MOST_WAITING
