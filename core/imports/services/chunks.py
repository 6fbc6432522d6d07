"""Working an import off, a part at a time: each part is one duty and one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import override

from core.imports import registry
from core.imports.enums import ImportState, RowOutcome, RowState
from core.imports.events import ImportAdvanced
from core.imports.models import Import, ImportRow
from core.imports.registry import Context, Kind
from core.imports.services.planning import create_rows, plan_rows
from core.imports.services.staging import stage
from core.imports.services.steps import finish, go_on, locked
from core.imports.services.writing import apply_rows, undo_rows
from core.kernel.errors import PermanentError

WRITTEN_AT_ONCE: Final = 200
"""A batch is planned anew before it is written, so none is longer than a part can write."""
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
    """Say of the rows of the next piece what each would do; return whether rows are left."""
    piece = found.pieces.order_by("pk").first()
    if piece is None:
        return False
    rows = [ImportRow(of_id=found.pk, number=number, cells=cells) for number, cells in piece.rows]
    plans = plan_rows(rows, kind=kind, context=context_of(found))
    create_rows(rows, plans)
    piece.delete()
    for outcome in RowOutcome:
        count = sum(row.outcome == outcome for row in rows)
        name = f"{outcome.value}_count"
        setattr(found, name, getattr(found, name) + count)
    found.done_count += len(rows)
    return found.done_count < found.row_count


def _apply(found: Import, kind: Kind) -> bool:
    """Do the next rows; one that moved since the check is refused instead."""
    to_do = found.rows.filter(
        state=RowState.PLANNED, outcome__in=[RowOutcome.NEW, RowOutcome.CHANGED]
    ).order_by("number")
    work = partial(apply_rows, found, kind=kind, context=context_of(found))
    return _by_batches(found, to_do, work)


def _undo(found: Import, kind: Kind) -> bool:
    """Take the next rows back, the last first; one that moved since stays as it is."""
    applied = found.rows.filter(state=RowState.APPLIED).order_by("-number")
    work = partial(undo_rows, found, kind=kind, context=context_of(found))
    return _by_batches(found, applied, work)


def _by_batches(
    found: Import, to_do: QuerySet[ImportRow], work: Callable[[list[ImportRow]], None]
) -> bool:
    """Work rows off until the part's time is over; return whether rows are left."""
    until = time.monotonic() + SECONDS
    while rows := list(to_do.select_for_update(no_key=True)[:WRITTEN_AT_ONCE]):
        work(rows)
        found.done_count += len(rows)
        if time.monotonic() > until:
            break
    return found.done_count < found.row_count and bool(rows)


_WORK: Final[dict[ImportState, tuple[Work, ImportState]]] = {
    ImportState.CHECKING: (_check, ImportState.CHECKED),
    ImportState.APPLYING: (_apply, ImportState.APPLIED),
    ImportState.UNDOING: (_undo, ImportState.UNDONE),
}
