"""When an answer from the officer is due."""

from __future__ import annotations

import datetime as dt

import pytest

from core.accounts.rules import approval_due_at


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        ("2026-11-23T09:00+07:00", "2026-11-25T09:00+07:00"),
        ("2026-11-26T09:00+07:00", "2026-11-30T09:00+07:00"),
        ("2026-11-27T09:00+07:00", "2026-12-01T09:00+07:00"),
        ("2026-11-28T09:00+07:00", "2026-12-01T09:00+07:00"),
        ("2026-11-22T18:00+00:00", "2026-11-24T18:00+00:00"),
    ],
)
def test_an_answer_is_due_after_two_working_days(sent, due):
    assert approval_due_at(dt.datetime.fromisoformat(sent)) == dt.datetime.fromisoformat(due)
