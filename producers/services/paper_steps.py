"""What every step of a paper's life shares: the lock, the fact, and proposals it overtakes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from core.kernel import clock
from core.outbox import outbox
from producers.enums import PaperStatus, ProposalState, ProposalStep
from producers.events import (
    PaperExpired,
    PaperReopened,
    PaperReturned,
    PaperRevoked,
    PaperSubmitted,
    PaperSuspended,
    PaperVerified,
)
from producers.models import Paper
from producers.services.checking import FieldErrors

PaperFact = type[
    PaperSubmitted
    | PaperVerified
    | PaperReturned
    | PaperSuspended
    | PaperRevoked
    | PaperExpired
    | PaperReopened
]
ALLOWED_FROM: Final = {
    ProposalStep.VERIFY: frozenset({PaperStatus.SUBMITTED, PaperStatus.SUSPENDED}),
    ProposalStep.REVOKE: frozenset({PaperStatus.VERIFIED, PaperStatus.SUSPENDED}),
}
_REASON_LENGTH: Final = 500


def locked(paper_id: int) -> Paper:
    """Return the paper, locked until the transaction ends.

    Raises:
        Paper.DoesNotExist: No such paper.
    """
    return Paper.objects.select_for_update(no_key=True).get(pk=paper_id)


def announce(fact: PaperFact, paper: Paper) -> None:
    """Append what happened to a stored paper."""
    announce_all(fact, [paper])


def announce_all(fact: PaperFact, papers: Iterable[Paper]) -> None:
    """Append what happened to each of many stored papers."""
    outbox.append_all(
        fact(
            paper_id=paper.pk,
            version=paper.version,
            organisation_id=paper.producer_id,
            kind=paper.kind,
        )
        for paper in papers
    )


def lapse_proposals(paper: Paper) -> None:
    """Close the waiting proposal of a locked paper that its new state leaves no room for.

    To verify means to have read this version; to revoke does not depend on it.
    """
    for proposal in paper.proposals.filter(state=ProposalState.WAITING):
        step = ProposalStep(proposal.step)
        is_stale = step == ProposalStep.VERIFY and proposal.paper_version != paper.version
        if is_stale or paper.status not in ALLOWED_FROM[step]:
            proposal.state, proposal.decided_at = ProposalState.LAPSED, clock.now()
            proposal.save(update_fields=["state", "decided_at"])


def checked_reason(typed: str) -> str:
    """Return a reason as it will be stored.

    Raises:
        InvalidInputError: There is none, or it is too long.
    """
    errors = FieldErrors()
    reason = errors.line("reason", typed=typed, most=_REASON_LENGTH, required=True)
    errors.raise_any()
    return reason
