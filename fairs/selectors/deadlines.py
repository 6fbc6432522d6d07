"""What the law asks of an organiser by which day, computed from the rows of a data file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.reference import read_rows, split_list
from fairs.enums import (
    BEFORE_RUNNING,
    Confidence,
    DeadlineAnchor,
    DeadlineCode,
    DeadlineState,
    FairPhase,
    KeptBy,
)
from fairs.models import DeadlineMark, Fair
from fairs.selectors.participations import counts_by_status

DATA: Final = Path(__file__).resolve().parents[1] / "data" / "deadlines.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: days are counted from the anchor day, negative before it; None is without start.

    `ask_working_days` and `answer_working_days` are the authority's own, where known.
    """

    code: DeadlineCode
    kinds: frozenset[str]
    anchor: DeadlineAnchor
    first_day: int | None
    last_day: int
    kept_by: KeptBy
    ask_working_days: int | None
    answer_working_days: int | None
    law: str
    source: str
    as_of: dt.date
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A rule applied to one fair, as it stands today; `first` None is without start."""

    rule: Rule
    first: dt.date | None
    last: dt.date
    state: DeadlineState
    mark: DeadlineMark | None
    days_left: int

    @property
    def can_be_marked(self) -> bool:
        """Whether the organiser says itself that it was kept."""
        return self.rule.kept_by == KeptBy.HAND

    @property
    def note(self) -> str:
        """How long the authority takes, where the rule says so."""
        if self.rule.ask_working_days:
            words = _(
                "The department asks for missing papers within %(ask)d working days and answers "
                "within %(answer)d."
            )
            days = {"ask": self.rule.ask_working_days, "answer": self.rule.answer_working_days}
            return words % days
        if self.rule.answer_working_days:
            words = _("The department answers within %(answer)d working days.")
            return words % {"answer": self.rule.answer_working_days}
        return ""


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rows of the data file, in its order.

    Source:
        fairs/data/deadlines.csv, each row with its law, source, day and confidence.
    """
    return tuple(_rule(row) for row in read_rows(DATA))


def rule_of(code: str, *, kind: str) -> Rule | None:
    """Return the rule a kind of fair falls under, or None."""
    return next((r for r in rules() if r.code == code and kind in r.kinds), None)


def checklist(fair: Fair) -> list[Deadline]:
    """Return the deadlines of a fair by their last day, in two queries at most."""
    marks = {mark.code: mark for mark in fair.deadline_marks.all()}
    found = [_applied(rule, fair, marks) for rule in rules() if fair.kind in rule.kinds]
    return sorted(found, key=lambda deadline: deadline.last)


def next_deadline(fair: Fair) -> Deadline | None:
    """Return the deadline that needs the organiser first: late or open; None for none."""
    pressing = {DeadlineState.LATE, DeadlineState.OPEN}
    return next((d for d in checklist(fair) if d.state in pressing), None)


def days_of(rule: Rule, fair: Fair) -> tuple[dt.date | None, dt.date]:
    """Return first and last day of a rule for a fair."""
    anchor = fair.opens_on if rule.anchor == DeadlineAnchor.OPENS else fair.closes_on
    first = None if rule.first_day is None else anchor + dt.timedelta(days=rule.first_day)
    return first, anchor + dt.timedelta(days=rule.last_day)


def _applied(rule: Rule, fair: Fair, marks: Mapping[str, DeadlineMark]) -> Deadline:
    first, last = days_of(rule, fair)
    mark = marks.get(rule.code)
    today = clock.today()
    return Deadline(
        rule=rule,
        first=first,
        last=last,
        mark=mark,
        state=_state(rule, fair, is_marked=mark is not None),
        days_left=(last - today).days,
    )


def _state(rule: Rule, fair: Fair, *, is_marked: bool) -> DeadlineState:
    first, last = days_of(rule, fair)
    today = clock.today()
    if rule.kept_by == KeptBy.NOBODY:
        return DeadlineState.INFO if today <= last else DeadlineState.PAST
    if is_marked or (rule.kept_by == KeptBy.SERVICE and _is_line_up_decided(fair)):
        return DeadlineState.DONE
    if fair.phase == FairPhase.CANCELLED:
        return DeadlineState.INFO
    if today > last:
        return DeadlineState.LATE
    return DeadlineState.EARLY if first is not None and today < first else DeadlineState.OPEN


def _is_line_up_decided(fair: Fair) -> bool:
    """Decided is what runs already, or is past its call with nobody left waiting."""
    if fair.phase not in {*BEFORE_RUNNING, FairPhase.CANCELLED}:
        return True
    if fair.phase != FairPhase.REVIEWING:
        return False
    return counts_by_status(fair.pk)["submitted"] == 0


def _rule(row: Mapping[str, str]) -> Rule:
    return Rule(
        code=DeadlineCode(row["code"]),
        kinds=frozenset(split_list(row["kinds"])),
        anchor=DeadlineAnchor(row["anchor"]),
        first_day=_whole(row["first_day"]),
        last_day=int(row["last_day"]),
        kept_by=KeptBy(row["kept_by"]),
        ask_working_days=_whole(row["ask_working_days"]),
        answer_working_days=_whole(row["answer_working_days"]),
        law=row["law"],
        source=row["source"],
        as_of=dt.date.fromisoformat(row["as_of"]),
        confidence=Confidence(row["confidence"]),
    )


def _whole(cell: str) -> int | None:
    return int(cell) if cell else None
