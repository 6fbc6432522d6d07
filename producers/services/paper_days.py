"""The day's work on papers: telling who must renew, and closing what ran out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from core.kernel import clock
from core.outbox import heartbeats, outbox
from producers import selectors
from producers.enums import PaperKind, PaperStatus
from producers.events import PaperExpired, PaperExpiring
from producers.models import Paper
from producers.services.paper_kinds import paper_kinds
from producers.services.paper_steps import announce, lapse_proposals

HEARTBEAT: Final = "papers"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayDone:
    """What one run of the day's work did."""

    expired: int
    expiring: int


@transaction.atomic
def follow_papers(*, day: dt.date, tell: bool = True) -> DayDone:
    """Close the papers whose last day is before `day` and tell which come near it.

    However many days were missed, one run makes all of it good, and a second run on the same
    day does nothing: a threshold is told once for each paper and version, the nearest one only.

    Args:
        day: A day in Việt Nam; on its own last day a paper still counts.
        tell: False for a first load, where thresholds of the past are passed over in silence.

    Emits:
        PaperExpired, PaperExpiring.
    """
    done = DayDone(expired=_expire(day), expiring=_remind(day, tell=tell))
    heartbeats.beat(HEARTBEAT)
    return done


def _expire(day: dt.date) -> int:
    past = Paper.objects.filter(status=PaperStatus.VERIFIED, valid_to__lt=day)
    papers = list(past.select_for_update(no_key=True).order_by("pk"))
    for paper in papers:
        paper.status, paper.version = PaperStatus.EXPIRED, paper.version + 1
        paper.save(update_fields=["status", "version"])
        lapse_proposals([paper])
        announce(PaperExpired, paper)
    return len(papers)


def _remind(day: dt.date, *, tell: bool) -> int:
    farthest = max(facts.notice_days[0] for facts in paper_kinds().values() if facts.notice_days)
    ending = selectors.papers_to_renew().filter(
        valid_to__range=(day, day + dt.timedelta(days=farthest))
    )
    return sum(_remind_of(paper, day=day, tell=tell) for paper in ending.order_by("pk"))


def _remind_of(paper: Paper, *, day: dt.date, tell: bool) -> bool:
    if paper.valid_to is None:
        return False
    left = (paper.valid_to - day).days
    reached = [days for days in paper_kinds()[PaperKind(paper.kind)].notice_days if left <= days]
    if not reached:
        return False
    event = PaperExpiring(
        paper_id=paper.pk,
        version=paper.version,
        organisation_id=paper.producer_id,
        kind=paper.kind,
        within_days=min(reached),
    )
    key = f"{event.type}:{paper.pk}:{paper.version}:{min(reached)}"
    if tell:
        return outbox.append_once(event, key=key)
    outbox.settle_once(event, key=key)
    return False


def day_to_follow(announced: dt.date) -> dt.date:
    """Return the day to work for when `announced` began: today, once days are made up late."""
    return max(announced, clock.today())
