"""Telling a person that a list has come to a rest, when they will have looked away."""

from __future__ import annotations

import datetime as dt
from typing import Final

from core.imports.enums import ImportState
from core.imports.models import Import
from core.imports.services.steps import FINISHED
from core.notifications import services as notifications

SHOWN_AFTER: Final = dt.timedelta(seconds=10)
"""Who waits less still looks at the page, which says it already."""
MAILED_AFTER: Final = dt.timedelta(seconds=60)


def tell_finished(*, import_id: int, version: int, asked_by_id: int | None) -> bool:
    """Tell who asked for a long step that it is done; return whether somebody was told.

    A stop is told to whom the list belongs, where it was somebody else who stopped it.

    Args:
        import_id: The import.
        version: At which it came to a rest; nothing is told when it has moved on since.
        asked_by_id: Who set off the step; None for an API key, which asks by itself.
    """
    found = Import.objects.filter(pk=import_id, version=version).first()
    if found is None or found.finished_at is None:
        return False
    took = found.finished_at - found.asked_at
    is_stopped = found.state == ImportState.CANCELLED
    user_id = found.created_by_id if is_stopped else asked_by_id
    if user_id is None or (is_stopped and user_id == asked_by_id):
        return False
    if took < SHOWN_AFTER and not is_stopped:
        return False
    return notifications.notify(
        kind=FINISHED,
        user_id=user_id,
        dedupe_key=f"{FINISHED}:{import_id}:{version}:{user_id}",
        ref={"import_id": import_id, "version": version},
        organisation_id=found.organisation_id,
        by_mail=took >= MAILED_AFTER,
    )
