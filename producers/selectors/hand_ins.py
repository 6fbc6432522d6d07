"""How often a waiting paper was handed in and how long it lay at the desk, read from history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from core.kernel import clock, workdays
from producers.enums import PaperStatus
from producers.selectors.revisions import states_of_papers

_STATE: Final = ("pgh_obj_id", "status", "submitted_at", "decided_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIns:
    """The hand-ins of a paper since it last counted; days with its holder are not in the sum."""

    first_at: dt.datetime
    count: int
    working_days: int

    @property
    def is_again(self) -> bool:
        """Whether it was handed in before."""
        return self.count > 1


@dataclass(slots=True)
class _Stay:
    """One stay at the desk: from a hand-in to its answer or to the holder's next change."""

    began: dt.datetime
    ended: dt.datetime | None = None


def hand_ins_of(paper_ids: Iterable[int]) -> dict[int, HandIns]:
    """Return the hand-ins of papers, by paper; one query."""
    states = (
        states_of_papers()
        .filter(pgh_obj_id__in=list(paper_ids))
        .order_by("pgh_obj_id", "pgh_id")
        .values_list(*_STATE)
    )
    found = {}
    for paper_id, of_paper in groupby(states, key=itemgetter(0)):
        stays = _stays(of_paper)
        if stays:
            found[paper_id] = HandIns(
                first_at=stays[0].began,
                count=len(stays),
                working_days=sum(map(_working_days, stays)),
            )
    return found


def _stays(states: Iterable[tuple[Any, ...]]) -> list[_Stay]:
    stays: list[_Stay] = []
    has_counted = False
    for _paper_id, status, submitted_at, decided_at in states:
        if status != PaperStatus.SUBMITTED:
            has_counted = has_counted or status != PaperStatus.RETURNED
            if stays and stays[-1].ended is None:
                stays[-1].ended = decided_at
            continue
        if stays and stays[-1].began == submitted_at:  # a decision was taken back
            stays[-1].ended = None
        else:
            stays = [] if has_counted else _left(stays, at=submitted_at)
            stays.append(_Stay(submitted_at))
        has_counted = False
    return stays


def _left(stays: list[_Stay], *, at: dt.datetime) -> list[_Stay]:
    """Close the last stay of a paper that its holder changed while it waited."""
    if stays and stays[-1].ended is None:
        stays[-1].ended = at
    return stays


def _working_days(stay: _Stay) -> int:
    first, last = (_day(moment) for moment in (stay.began, stay.ended or clock.now()))
    return workdays.days_between(first, last)


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(clock.VIETNAM).date()
