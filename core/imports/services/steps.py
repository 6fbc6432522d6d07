"""What a person says to an import: take it over, stop, undo."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.imports.enums import ImportState, RowState
from core.imports.events import (
    ImportAdvanced,
    ImportConfirmed,
    ImportFinished,
    ImportRecalled,
    ImportUploaded,
)
from core.imports.models import STOPPABLE, Import, ImportPiece
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError
from core.notifications import services as notifications
from core.outbox import outbox

Step = ImportUploaded | ImportConfirmed | ImportRecalled | ImportAdvanced
FINISHED: Final = "import_finished"
"""The message that an import has come to a rest."""
UNDOABLE: Final = frozenset({ImportState.APPLIED, ImportState.CANCELLED})


@transaction.atomic
def confirm_import(*, import_id: int) -> Import:
    """Have the checked rows taken over; asking twice changes nothing.

    Raises:
        IllegalTransitionError: It is not checked, or no row would change anything.

    Emits:
        ImportConfirmed.
    """
    found = locked(import_id)
    if found.state in {ImportState.APPLYING, ImportState.APPLIED}:
        return found
    if found.state != ImportState.CHECKED:
        raise IllegalTransitionError(_("Only a checked list can be taken over."))
    if not found.to_do_count:
        raise IllegalTransitionError(_("No row of this list would change anything."))
    found.state, found.done_count = ImportState.APPLYING, 0
    found.row_count, found.asked_at = found.to_do_count, clock.now()
    go_on(found, ImportConfirmed)
    return found


@transaction.atomic
def stop_import(*, import_id: int) -> Import:
    """Stop after the rows that are being worked on now; what was taken over stays.

    Raises:
        IllegalTransitionError: It has come to its end already.

    Emits:
        ImportFinished.
    """
    found = locked(import_id)
    if found.state == ImportState.CANCELLED:
        return found
    if found.state not in STOPPABLE:
        raise IllegalTransitionError(_("This list has come to its end already."))
    finish(found, ImportState.CANCELLED)
    return found


@transaction.atomic
def recall_import(*, import_id: int) -> Import:
    """Have what an import did undone; asking twice changes nothing.

    Raises:
        IllegalTransitionError: There is nothing to undo.

    Emits:
        ImportRecalled.
    """
    found = locked(import_id)
    if found.state in {ImportState.UNDOING, ImportState.UNDONE}:
        return found
    written = found.rows.filter(state=RowState.APPLIED).count()
    if found.state not in UNDOABLE or not written:
        raise IllegalTransitionError(_("There is nothing to undo."))
    found.state, found.done_count, found.row_count = ImportState.UNDOING, 0, written
    found.asked_at = clock.now()
    go_on(found, ImportRecalled)
    return found


def locked(import_id: int) -> Import:
    """Lock an import for a change of its state."""
    return Import.objects.select_for_update(no_key=True).get(pk=import_id)


def go_on(found: Import, event: type[Step]) -> None:
    """Save a locked import and announce that work waits; a person who asked has seen its end."""
    found.version += 1
    found.save()
    if event is not ImportAdvanced:
        notifications.mark_overtaken(key_prefix=f"{FINISHED}:{found.pk}:")
    outbox.append(
        event(
            import_id=found.pk,
            version=found.version,
            kind=found.kind,
            organisation_id=found.organisation_id,
        )
    )


def finish(found: Import, state: ImportState) -> None:
    """Bring a locked import to a rest; what still waits to be checked is dropped."""
    ImportPiece.objects.filter(of=found).delete()
    found.state, found.finished_at = state, clock.now()
    found.version += 1
    found.save()
    outbox.append(
        ImportFinished(
            import_id=found.pk,
            version=found.version,
            kind=found.kind,
            state=state.value,
            organisation_id=found.organisation_id,
        )
    )
