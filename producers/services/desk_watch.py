"""The day's look at the desk: which papers have waited longer than was promised."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from core.kernel import workdays
from core.outbox import outbox
from producers.events import PaperOverdue
from producers.selectors import desk


@transaction.atomic
def watch_desk(*, day: dt.date) -> int:
    """Announce each paper that became overdue, once; on free days nothing becomes overdue.

    A paper handed in anew is a new version and starts again. The outbox keeps its keys for 90
    days: what is still waiting then is announced again.

    Args:
        day: A day in Việt Nam that has begun.

    Emits:
        PaperOverdue.
    """
    if not workdays.is_working_day(day):
        return 0
    told = 0
    for paper in desk.overdue_papers(day=day):
        event = PaperOverdue(
            paper_id=paper.pk,
            version=paper.version,
            organisation_id=paper.producer_id,
            kind=paper.kind,
        )
        told += outbox.append_once(event, key=f"{event.type}:{paper.pk}:{paper.version}")
    return told
