"""Rows of the deadline file: well-formed, and turned into the right days."""

from __future__ import annotations

import datetime as dt

import pytest

from fairs.enums import Confidence, DeadlineCode, FairKind
from fairs.models import Fair
from fairs.selectors.deadlines import days_of, rule_of, rules

FAIR = Fair(kind="ocop_fair", opens_on=dt.date(2027, 6, 10), closes_on=dt.date(2027, 6, 16))


def test_every_row_names_source_day_and_known_kinds():
    for rule in rules():
        assert rule.source
        assert rule.as_of <= dt.date(2026, 12, 31)
        assert rule.kinds <= set(FairKind.values)
        assert rule.law or rule.confidence == Confidence.JUDGEMENT
        assert rule.first_day is None or rule.first_day <= rule.last_day


def test_every_code_has_one_row_for_an_ocop_fair():
    found = [rule.code for rule in rules() if "ocop_fair" in rule.kinds]
    assert sorted(found) == sorted(DeadlineCode)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("register", dt.date(2026, 6, 10), dt.date(2027, 5, 11)),
        ("change", None, dt.date(2027, 5, 11)),
        ("line_up", None, dt.date(2027, 4, 11)),
        ("report", dt.date(2027, 6, 16), dt.date(2027, 7, 16)),
    ],
)
def test_days_are_counted_from_opening_or_closing(code, first, last):
    rule = rule_of(code, kind="ocop_fair")
    assert days_of(rule, FAIR) == (first, last)


def test_what_nobody_confirmed_is_marked():
    assert rule_of("register", kind="ocop_fair").confidence == Confidence.CONFIRMED
    assert rule_of("report", kind="ocop_fair").confidence == Confidence.UNVERIFIED


def test_a_dialogue_is_not_registered():
    assert rule_of("register", kind="customs_dialogue") is None
