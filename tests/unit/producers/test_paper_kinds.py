"""The file of facts about kinds of papers says something of every kind, and nothing impossible."""

from __future__ import annotations

import pytest

from producers.enums import PaperKind
from producers.services import paper_kinds


def test_every_kind_has_facts_and_the_award_is_told_180_days_ahead():
    facts = paper_kinds.paper_kinds()
    assert set(facts) == set(PaperKind)
    assert facts[PaperKind.OCOP_AWARD].notice_days == (180, 90, 30, 7)
    assert facts[PaperKind.VIETGAP].notice_days == (90, 30, 7)


@pytest.mark.parametrize(
    "written",
    [
        "[usual]\nnotice_days = [7, 30]",
        "[usual]\nnotice_days = [30, 30]",
        "[usual]\nnotice_days = [180, 30]",
        "[usual]\nnotice_days = [7]\n[diploma]\nnotice_days = [7]",
    ],
)
def test_impossible_thresholds_and_unknown_kinds_are_refused(written, tmp_path, monkeypatch):
    path = tmp_path / "kinds.toml"
    path.write_text(written)
    monkeypatch.setattr(paper_kinds, "_FILE", path)
    with pytest.raises(ValueError, match=r"Thresholds|unknown"):
        paper_kinds.paper_kinds.__wrapped__()
