"""Who may do what with matches: pure predicates."""

from __future__ import annotations

from core.accounts.actors import Actor
from core.accounts.rules import can_decide
from matchmaking.enums import MatchStatus, Verdict
from matchmaking.models import Match
from matchmaking.selectors import side_of


def can_answer(actor: Actor, match: Match) -> bool:
    """Owners and editors of a side answer an open match that their side has not answered."""
    side = side_of(match, actor.organisation_id)
    if side is None or not can_decide(actor):
        return False
    return match.status == MatchStatus.PROPOSED and match.verdict_of(side) == Verdict.PENDING


def can_take_back(actor: Actor, match: Match) -> bool:
    """A side's own answer may be undone while the match is not agreed."""
    side = side_of(match, actor.organisation_id)
    if side is None or not can_decide(actor):
        return False
    said = match.verdict_of(side)
    if match.status == MatchStatus.PROPOSED:
        return said == Verdict.ACCEPTED
    return match.status == MatchStatus.DECLINED and said == Verdict.DECLINED
