"""What looks odd about a paper: shown to holder and officer, never a reason to refuse it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from django.utils.translation import gettext as _

from core.kernel import clock
from producers.enums import PaperKind
from producers.models import Paper
from producers.services.paper_kinds import KindFacts, paper_kinds
from producers.services.paper_special import plus_months

TEST_MONTHS: Final = 12
"""Chains usually want a test report of the last twelve months (general knowledge)."""


def doubts_of(paper: Paper) -> list[str]:
    """Return what somebody should look at again, in words."""
    facts = paper_kinds()[PaperKind(paper.kind)]
    found = [
        _number(paper, facts),
        _length(paper, facts),
        _end(paper.valid_to, today=clock.today()),
        _test_age(paper.test_report_on, today=clock.today()),
    ]
    return [one for one in found if one]


def _number(paper: Paper, facts: KindFacts) -> str:
    if not facts.number_pattern or re.fullmatch(facts.number_pattern, paper.number.upper()):
        return ""
    words = _("The number looks unusual for this kind of paper; most are like %(example)s.")
    return words % {"example": facts.number_example}


def _length(paper: Paper, facts: KindFacts) -> str:
    if facts.usual_months is None or paper.valid_to is None:
        return ""
    if paper.valid_to <= plus_months(paper.valid_from, facts.usual_months):
        return ""
    words = _("Such papers usually last %(months)d months at most; this one lasts longer.")
    return words % {"months": facts.usual_months}


def _end(last: dt.date | None, *, today: dt.date) -> str:
    if last is None or today <= last:
        return ""
    return _("Its last day has passed: it counts on no day to come.")


def _test_age(day: dt.date | None, *, today: dt.date) -> str:
    if day is None or today <= plus_months(day, TEST_MONTHS):
        return ""
    return _("The test report is older than twelve months; many chains want a newer one.")
