"""From a revoked code to the suspended match, through the real relay and the real worker."""

from __future__ import annotations

import pytest

from tests.fault.conftest import SCALE, seconds_until
from tests.fault.pairs import make_pair

REVOKED_TO_SUSPENDED_S = 10
"""The bound on two shared cores; on quiet ones it takes well below a second."""

pytestmark = pytest.mark.slow


def test_a_revoked_code_suspends_its_match_within_seconds(crew):
    from core.kernel import clock
    from matchmaking import selectors
    from matchmaking.enums import MatchStatus
    from producers import services
    from tests.factories.accounts import OfficerFactory

    first, second = OfficerFactory.create_batch(2)
    took: list[float] = []

    def nothing_rests() -> bool:
        return selectors.matches_without_papers(day=clock.today()) == []

    for _ in range(2 * SCALE):
        code, match = make_pair()
        services.revoke_paper(
            paper_id=code.pk, reason="x", officer_id=first.pk, confirmed_by_id=second.pk
        )
        assert match.pk in selectors.matches_without_papers(day=clock.today())
        took.append(seconds_until(nothing_rests, at_most=REVOKED_TO_SUSPENDED_S))
        match.refresh_from_db()
        assert match.status == MatchStatus.SUSPENDED
    assert len(took) == 2 * SCALE
