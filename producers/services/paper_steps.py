"""What every step of a paper's life shares: the lock, the fact, and proposals it overtakes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
from producers.models import Paper, PaperProposal
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
    return locked_all([paper_id])[0]


def locked_all(paper_ids: Collection[int]) -> list[Paper]:
    """Return many papers, locked until the transaction ends, in the order of their ids.

    Raises:
        Paper.DoesNotExist: One is missing.
    """
    held = Paper.objects.select_for_update(no_key=True).filter(pk__in=paper_ids)
    papers = list(held.order_by("pk"))
    if len(papers) != len(paper_ids):
        raise Paper.DoesNotExist
    return papers


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


def lapse_proposals(papers: Iterable[Paper]) -> None:
    """Close the waiting proposals of locked papers that their new state leaves no room for.

    To verify means to have read this version; to revoke does not depend on it.
    """
    by_id = {paper.pk: paper for paper in papers}
    waiting = PaperProposal.objects.filter(paper__in=by_id, state=ProposalState.WAITING)
    for proposal in waiting:
        paper, step = by_id[proposal.paper_id], ProposalStep(proposal.step)
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
