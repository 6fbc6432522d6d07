"""The day's look at the desk: which papers have waited longer than was promised."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction

from core.kernel import workdays
from core.outbox import outbox
from producers.events import PaperOverdue
from producers.selectors import desk

TOLD_AT_LATE_DAYS: Final = (1, 10, 30)
"""Working days late at which a paper is announced; after the last one the queue alone says it."""
_CATCH_UP_DAYS: Final = 40
"""A threshold is made good for so many working days: fewer than the outbox keeps its key for."""


@transaction.atomic
def watch_desk(*, day: dt.date) -> int:
    """Announce papers that became overdue, once at each threshold; never on free days.

    A paper handed in anew is a new version and starts again. However many days were missed, the
    nearest threshold is told, and no other.

    Args:
        day: A day in Việt Nam that has begun.

    Emits:
        PaperOverdue.
    """
    if not workdays.is_working_day(day):
        return 0
    told = 0
    for paper in desk.overdue_papers(day=day):
        reached = max(days for days in TOLD_AT_LATE_DAYS if days <= -paper.left_days)
        if -paper.left_days - reached >= _CATCH_UP_DAYS:
            continue
        event = PaperOverdue(
            paper_id=paper.pk,
            version=paper.version,
            organisation_id=paper.producer_id,
            kind=paper.kind,
        )
        key = f"{event.type}:{paper.pk}:{paper.version}:{reached}"
        told += outbox.append_once(event, key=key)
    return told
