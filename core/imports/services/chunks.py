"""Working an import off, a part at a time: each part is one duty and one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.imports import registry
from core.imports.enums import ImportState, RowOutcome, RowState
from core.imports.events import ImportAdvanced
from core.imports.models import Import, ImportRow
from core.imports.registry import Applied, Context, Kind, Planned
from core.imports.services.planning import plan_rows, row_of, sentences_of, store_plans
from core.imports.services.staging import stage
from core.imports.services.steps import finish, go_on, locked
from core.kernel.errors import DomainError, PermanentError

PLANNED_AT_ONCE: Final = 500
WRITTEN_AT_ONCE: Final = 60
SECONDS: Final = 1.5
"""How long a part may write: the lock it holds keeps a person who wants to stop it waiting."""
Work = Callable[[Import, Kind], bool]


@transaction.atomic
def advance(*, import_id: int, version: int) -> None:
    """Do the next part of an import's work; nothing when it has moved on since.

    Raises:
        PermanentError: This release does not know the kind.

    Emits:
        ImportAdvanced while rows wait, ImportFinished at the end.
    """
    found = Import.objects.select_related("created_by").filter(pk=import_id).first()
    if found is None or found.version != version:
        return
    kind = registry.kind_named(found.kind)
    if kind is None:
        raise PermanentError(f"No kind of list is called {found.kind}.")
    with override(found.created_by.language if found.created_by else "vi"):
        if found.state == ImportState.UPLOADED:
            stage(import_id, version=version, kind=kind)
        elif found.state in _WORK:
            _do_part(import_id, version=version, kind=kind)


def _do_part(import_id: int, *, version: int, kind: Kind) -> None:
    found = locked(import_id)
    if found.version != version:
        return
    work, end = _WORK[ImportState(found.state)]
    if work(found, kind):
        go_on(found, ImportAdvanced)
    else:
        finish(found, end)


def context_of(found: Import) -> Context:
    """Return for whom an import's rows are read and written."""
    source = " · ".join(part for part in (found.file_name, found.sheet) if part)
    return Context(
        organisation_id=found.organisation_id,
        province_id=found.province_id,
        user_id=found.created_by_id,
        as_of=found.as_of,
        import_id=found.pk,
        source=source,
    )


def _check(found: Import, kind: Kind) -> bool:
    """Say of the next rows what each would do; return whether rows are left."""
    rows = list(_waiting(found, RowState.STAGED)[:PLANNED_AT_ONCE])
    plans = plan_rows(rows, kind=kind, context=context_of(found))
    store_plans(rows, plans)
    for outcome in RowOutcome:
        count = sum(row.outcome == outcome for row in rows)
        name = f"{outcome.value}_count"
        setattr(found, name, getattr(found, name) + count)
    found.done_count += len(rows)
    return found.done_count < found.row_count


def _apply(found: Import, kind: Kind) -> bool:
    """Do the next rows; one that moved since the check is refused instead."""
    to_do = _waiting(found, RowState.PLANNED).filter(
        outcome__in=[RowOutcome.NEW, RowOutcome.CHANGED]
    )
    rows = list(to_do.select_for_update(no_key=True)[:WRITTEN_AT_ONCE])
    context = context_of(found)
    asked = [row_of(row) for row in rows]
    fresh = {plan.number: plan for plan in kind.plan(asked, context=context)} if rows else {}
    until = time.monotonic() + SECONDS
    for row in rows:
        _apply_row(found, row, kind=kind, plan=fresh[row.number], context=context)
        found.done_count += 1
        if time.monotonic() > until:
            break
    return found.done_count < found.row_count and bool(rows)


def _apply_row(
    found: Import, row: ImportRow, *, kind: Kind, plan: Planned, context: Context
) -> None:
    if (plan.outcome, plan.ref, plan.mark) != (row.outcome, row.ref, row.mark):
        moved = _("This changed since the list was checked. Upload the list again.")
        _refuse(found, row, plan.reasons or (moved,))
        return
    try:
        with transaction.atomic():
            applied = kind.apply(plan, context=context)
    except DomainError as error:
        _refuse(found, row, sentences_of(error))
        return
    row.state, row.ref, row.mark = RowState.APPLIED, applied.ref, applied.mark
    row.before = dict(applied.before)
    row.save(update_fields=["state", "ref", "mark", "before"])
    found.applied_count += 1


def _refuse(found: Import, row: ImportRow, reasons: tuple[str, ...]) -> None:
    name = f"{row.outcome}_count"
    setattr(found, name, getattr(found, name) - 1)
    found.refused_count += 1
    row.outcome, row.reasons = RowOutcome.REFUSED, list(reasons)
    row.save(update_fields=["outcome", "reasons"])


def _undo(found: Import, kind: Kind) -> bool:
    """Take the next rows back, the last first; one that moved since stays as it is."""
    rows = list(
        found.rows.filter(state=RowState.APPLIED)
        .select_for_update(no_key=True)
        .order_by("-number")[:WRITTEN_AT_ONCE]
    )
    context = context_of(found)
    until = time.monotonic() + SECONDS
    for row in rows:
        _undo_row(found, row, kind=kind, context=context)
        found.done_count += 1
        if time.monotonic() > until:
            break
    return found.done_count < found.row_count and bool(rows)


def _undo_row(found: Import, row: ImportRow, *, kind: Kind, context: Context) -> None:
    applied = Applied(ref=row.ref or 0, mark=row.mark, before=row.before or {})
    try:
        with transaction.atomic():
            kind.undo(applied, context=context)
    except DomainError as error:
        row.state, row.reasons = RowState.KEPT, list(sentences_of(error))
        found.kept_count += 1
    else:
        row.state = RowState.UNDONE
        found.undone_count += 1
    row.save(update_fields=["state", "reasons"])


def _waiting(found: Import, state: RowState) -> QuerySet[ImportRow]:
    return found.rows.filter(state=state).order_by("number")


_WORK: Final[dict[ImportState, tuple[Work, ImportState]]] = {
    ImportState.CHECKING: (_check, ImportState.CHECKED),
    ImportState.APPLYING: (_apply, ImportState.APPLIED),
    ImportState.UNDOING: (_undo, ImportState.UNDONE),
}
