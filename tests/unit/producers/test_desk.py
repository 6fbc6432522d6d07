"""What the desk promises and says, without a database."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.translation import override

from core.kernel.errors import InvalidInputError
from producers.enums import DeskReason, DeskStep, PaperKind
from producers.selectors import deadlines
from producers.selectors.deadlines import Deadline, DeskFacts, desk_facts
from producers.services import desk_reasons
from producers.services.desk_reasons import ADVICE, REASONS, words_for


def deadline(day: str, days: int) -> Deadline:
    return Deadline(first_day=dt.date.fromisoformat(day), days=days, is_law=False, source="thử")


def test_every_kind_has_a_deadline_with_its_source():
    for facts in desk_facts().values():
        assert facts.deadlines
        assert all(one.source and one.days > 0 for one in facts.deadlines)
    assert not any(one.is_law for facts in desk_facts().values() for one in facts.deadlines)


def test_a_paper_falls_under_the_deadline_of_its_day():
    facts = DeskFacts(
        sector="trade",
        is_unique=False,
        deadlines=(deadline("2026-01-01", 3), deadline("2026-07-01", 2)),
    )
    days = ["2025-05-05", "2026-06-30", "2026-07-01"]
    assert [facts.deadline_on(dt.date.fromisoformat(one)).days for one in days] == [3, 3, 2]


@pytest.mark.parametrize(
    "entry",
    [
        {"from": dt.date(2026, 1, 1), "days": 0, "basis": "house", "source": "x"},
        {"from": dt.date(2026, 1, 1), "days": 2, "basis": "habit", "source": "x"},
        {"from": dt.date(2026, 1, 1), "days": 2, "basis": "law", "source": ""},
    ],
)
def test_an_impossible_deadline_is_refused(entry):
    with pytest.raises(ValueError, match=r"(?i)deadline"):
        deadlines._facts({"sector": "trade", "is_unique": False, "working_days": [entry]})


def test_each_reason_but_another_has_advice():
    given = {one for reasons in REASONS.values() for one in reasons}
    assert given == set(DeskReason)
    assert set(ADVICE) == given - {DeskReason.OTHER}


def test_the_holder_reads_reason_words_and_advice_in_order():
    with override("en"):
        said = words_for(DeskStep.RETURN, why=DeskReason.UNREADABLE, words=" Trang 2 ")
    label, words, advice = said.split(". ", 2)
    assert words == "Trang 2"
    assert advice.endswith(".")
    assert label


def test_the_longest_words_fit_with_reason_and_advice():
    for step, reasons in REASONS.items():
        for why in reasons:
            said = words_for(step, why=why, words="x" * desk_reasons.MOST_WORDS)
            assert len(said) <= 500, why


@pytest.mark.parametrize(
    ("step", "why", "words"),
    [
        (DeskStep.RETURN, DeskReason.FORGED, "x"),
        (DeskStep.SUSPEND, DeskReason.UNREADABLE, ""),
        (DeskStep.RETURN, DeskReason.OTHER, "  "),
        (DeskStep.RETURN, DeskReason.MISMATCH, "x" * 301),
    ],
)
def test_a_reason_the_step_does_not_know_is_refused(step, why, words):
    with pytest.raises(InvalidInputError):
        words_for(step, why=why, words=words)


def test_every_kind_has_something_of_its_own_to_compare():
    from producers.models import Paper
    from producers.views.officers.checklist import checklist_of

    for kind in PaperKind:
        assert len(checklist_of(Paper(kind=kind))) > 3
